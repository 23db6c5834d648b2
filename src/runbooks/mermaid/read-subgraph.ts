import { charAt, skipSpaces, skipWhile } from './cursor.ts';
import { type DraftGroup, idKept, nestingKept } from './draft.ts';
import { labelKept, labelLine } from './label-text.ts';
import type { Reading } from './read-nodes.ts';
import { type RawLabel, squares, takeLabel, takeQuoted } from './scan-label.ts';
import { visibleText } from './visible-text.ts';

/** Characters that end a title written without quotes, or mean that one was intended. */
const stop = /^[\n;[\](){}|"<>]$/;
/** What Mermaid takes in a title without quotes. */
const common = /^(?:[\w\s!#$%&'*+.`?\\/:-]|[\p{L}\p{N}])*$/u;

/** The id, or a title that is one, up to a bracket or the end of the line. Null is reported. */
const takeName = ({ c, report }: Reading): RawLabel | null => {
  const at = c.at;
  if (charAt(c) === '"') return takeQuoted(c, report);
  skipWhile(c, (char) => !stop.test(char));
  const comment = c.text.slice(at, c.at).search(/\s%%/);
  if (comment !== -1) c.at = at + comment;
  const text = c.text.slice(at, c.at);
  if (text.trim() === '') {
    return report.error(at, 'A subgraph without a name', 'write `subgraph id [Title]`');
  }
  if (/--|==|-\.|~~~/.test(text)) {
    return report.error(at, 'An arrow in the title of a subgraph', 'put the title in quotes');
  }
  if (!common.test(text)) report.warning(at, 'Mermaid itself wants this title in quotes');
  return { text, markdown: false, at };
};

/** Title and id behind `subgraph`. Null is reported. */
const readHead = (reading: Reading): Pick<DraftGroup, 'id' | 'title'> | null => {
  const { c, report } = reading;
  skipSpaces(c);
  const name = takeName(reading);
  if (name === null) return null;
  const id = name.text.trim();
  skipSpaces(c);
  const titled = charAt(c) === '[';
  const title = titled ? takeLabel(c, report, squares) : name;
  if (title === null) return null;
  skipSpaces(c);
  if (!/^(?:\n|;|%%|$)/.test(c.text.slice(c.at, c.at + 2))) {
    return report.error(
      c.at,
      'Something stands behind the title of a subgraph',
      'put the title in quotes',
    );
  }
  if (titled && visibleText(id) !== id) {
    return report.error(name.at, 'The id of a subgraph holds a character that nobody sees');
  }
  if (titled && id.length > idKept) {
    return report.error(name.at, `An id of more than ${idKept} characters`);
  }
  const line = labelLine(title);
  if (line.length > labelKept) {
    return report.error(title.at, `A title of more than ${labelKept} characters`);
  }
  return {
    id: !titled && (/\s/.test(id) || visibleText(id) !== id) ? '' : id,
    title: line,
  };
};

/** Reads on behind `subgraph`: `id`, `Some title`, `id [Title]`. False is reported. */
export const readSubgraph = ({ c, draft, report }: Reading, at: number): boolean => {
  if (draft.open.length === nestingKept) {
    report.error(at, `More than ${nestingKept} subgraphs inside each other`);
    return false;
  }
  const head = readHead({ c, draft, report });
  // A wrong one is opened too: its `end` is there all the same.
  const group = head ?? { id: '', title: '' };
  draft.open.push({ ...group, at, direction: null, members: new Set() });
  return head !== null;
};
