import { atEnd, charAt, skipSpaces, skipWhile } from './cursor.ts';
import { type DraftGroup, nestingKept } from './draft.ts';
import { labelLine } from './label-text.ts';
import type { Reading } from './read-nodes.ts';
import { type RawLabel, squares, takeLabel, takeQuoted } from './scan-label.ts';

/** Characters that end a title written without quotes, or mean that one was intended. */
const stop = /^[\n;[\](){}|"<>]$/;
/** What Mermaid takes in a title without quotes. */
const common = /^(?:[\w\s!#$%&'*+.`?\\/:-]|[\p{L}\p{N}])*$/u;

/** The id, or a title that is one, up to a bracket or the end of the line. Null is reported. */
const takeName = ({ c, report }: Reading): RawLabel | null => {
  const at = c.at;
  if (charAt(c) === '"') return takeQuoted(c, report);
  skipWhile(c, (char) => !stop.test(char));
  const text = c.text.slice(at, c.at).replace(/\s%%.*$/, '');
  if (text.trim() === '') {
    return report.error(at, 'A subgraph without a name', 'write `subgraph id [Title]`');
  }
  if (/--|==|-\.|~~~/.test(text)) {
    return report.error(at, 'An arrow in the title of a subgraph', 'put the title in quotes');
  }
  if (!common.test(text)) report.warning(at, 'Mermaid itself wants this title in quotes');
  return { text, markdown: false, at };
};

/** Reads on behind `subgraph`: `id`, `Some title`, `id [Title]`. False is reported. */
export const readSubgraph = (reading: Reading, at: number): boolean => {
  const { c, draft, report } = reading;
  skipSpaces(c);
  const name = takeName(reading);
  if (name === null) return false;
  if (draft.open.length === nestingKept) {
    report.error(at, `More than ${nestingKept} subgraphs inside each other`);
    return false;
  }
  skipSpaces(c);
  const titled = charAt(c) === '[';
  const title = titled ? takeLabel(c, report, squares) : name;
  if (title === null) return false;
  skipSpaces(c);
  const end = charAt(c);
  if (!atEnd(c) && end !== '\n' && end !== ';' && !c.text.startsWith('%%', c.at)) {
    report.error(
      c.at,
      'Something stands behind the title of a subgraph',
      'put the title in quotes',
    );
    return false;
  }
  const id = name.text.trim();
  const group: DraftGroup = {
    id: !titled && /\s/.test(id) ? '' : id,
    title: labelLine(title),
    at,
    direction: null,
    members: new Set(),
  };
  draft.open.push(group);
  return true;
};
