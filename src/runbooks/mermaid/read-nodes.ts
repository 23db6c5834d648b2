import { atEnd, type Cursor, looksAt, skipSpaces, take, wordAt } from './cursor.ts';
import { type Draft, type DraftNode, edgesKept, mention } from './draft.ts';
import { labelKept, labelLines } from './label-text.ts';
import { readMetadata } from './metadata.ts';
import { type Link, readLink } from './read-link.ts';
import { type Report, shown } from './report.ts';
import { isReserved, takeId } from './scan-id.ts';
import { bracketsAt, squares, takeLabel, takeProperties } from './scan-label.ts';
import { linkAt } from './scan-link.ts';

/** What a reader of statements works on. */
export interface Reading {
  readonly c: Cursor;
  readonly draft: Draft;
  readonly report: Report;
}

const noNode = ({ c, report }: Reading): null => {
  const here = c.text.slice(c.at, c.at + 2);
  if (atEnd(c) || /^[\n;]/.test(here)) {
    return report.error(c.at, 'A node is missing behind the arrow', 'name the node it leads to');
  }
  if (linkAt(c, c.at) !== null) {
    return report.error(c.at, 'An arrow stands where a node is expected', 'name a node before it');
  }
  if (here === '->') return report.error(c.at, 'An arrow has two dashes', 'write `-->`');
  return report.error(
    c.at,
    `A node cannot begin with ${shown(String.fromCodePoint(c.text.codePointAt(c.at) ?? 32))}`,
    'ids are letters, digits and _ . - ; other text goes into a label: A["text"]',
  );
};

const setLabel = (
  { report }: Reading,
  node: DraftNode,
  lines: readonly string[],
  at: number,
): boolean => {
  if (lines.reduce((sum, line) => sum + line.length, 0) > labelKept) {
    report.error(at, `A label of more than ${labelKept} characters`);
    return false;
  }
  if (node.label !== null && node.label.join('\n') !== lines.join('\n')) {
    report.warning(at, `${node.id} has two labels; the last one is shown`);
  }
  node.label = lines;
  return true;
};

/** `[label]` and its like behind an id, if there is one. False is reported. */
const readBrackets = (reading: Reading, node: DraftNode): boolean => {
  const { c, report } = reading;
  const brackets = takeProperties(c) ? { ...squares, open: '' } : bracketsAt(c);
  if (brackets === null) return true;
  const label = takeLabel(c, report, brackets);
  if (label === null) return false;
  node.shape = brackets.shape;
  node.real = true;
  return setLabel(reading, node, labelLines(label), label.at);
};

/** `A`, `A[label]`, with `:::class` behind it. Null is reported. */
const readVertex = (reading: Reading): DraftNode | null => {
  const { c, draft, report } = reading;
  const at = c.at;
  const word = wordAt(c);
  const id = takeId(c);
  if (id === '' || id === '&') {
    c.at = at;
    return noNode(reading);
  }
  if (isReserved(word)) {
    c.at = at;
    return report.error(
      at,
      `\`${word}\` is a word of the language`,
      `name the node ${word}_ or so`,
    );
  }
  const node = mention(draft, report, id, at);
  if (node === null || !readBrackets(reading, node)) return null;
  while (take(c, ':::')) {
    if (takeId(c) === '') return report.error(c.at, 'The name of a class is missing behind `:::`');
  }
  return node;
};

const withMetadata = (reading: Reading, node: DraftNode): boolean => {
  const { c, report } = reading;
  const at = c.at;
  if (!looksAt(c, '@{')) {
    node.real = true;
    return true;
  }
  const metadata = readMetadata(c, report);
  if (metadata === null) return false;
  if (metadata.shape !== null) node.shape = metadata.shape;
  return metadata.label === null || setLabel(reading, node, metadata.label, at);
};

/** `A`, or `A & B & C`. Null is reported. */
const readNodes = (reading: Reading): readonly DraftNode[] | null => {
  const { c, draft, report } = reading;
  const nodes: DraftNode[] = [];
  for (;;) {
    const node = readVertex(reading);
    if (node === null || !withMetadata(reading, node)) return null;
    if (node.real && draft.edgeIds.has(node.id)) {
      return report.error(
        node.at,
        `${node.id} is the name of an arrow`,
        'give the node another id',
      );
    }
    nodes.push(node);
    draft.open.at(-1)?.members.add(node.id);
    const behind = c.at;
    const spaces = skipSpaces(c);
    if (spaces === 0 || !/^&\s/.test(c.text.slice(c.at, c.at + 2))) {
      c.at = behind;
      return nodes;
    }
    c.at += 1;
    skipSpaces(c);
  }
};

const connect = (
  { draft, report }: Reading,
  from: readonly DraftNode[],
  to: readonly DraftNode[],
  link: Link,
): boolean => {
  if (draft.edges.length + from.length * to.length > edgesKept) {
    report.error(link.at, `More than ${edgesKept} arrows`, 'split it into several runbooks');
    return false;
  }
  const { at, label, stroke, head, tail } = link;
  // The name of an arrow, which may have metadata of its own, leads nowhere itself.
  const arrow = [...from, ...to].find(({ id }) => draft.edgeIds.has(id));
  if (arrow !== undefined) {
    report.error(arrow.at, `${arrow.id} is the name of an arrow`, 'give the node another id');
    return false;
  }
  for (const a of from) {
    for (const b of to) {
      a.real = true;
      b.real = true;
      draft.edges.push({ from: a.id, to: b.id, label, stroke, head, tail, at });
    }
  }
  if (link.id !== '') {
    draft.edgeIds.set(link.id, at);
    if (draft.nodes.get(link.id)?.real === true) {
      report.error(at, `${link.id} is the name of a node`, 'give the arrow another one');
      return false;
    }
  }
  return (
    label.length <= labelKept || report.error(at, 'The label of an arrow is too long') !== null
  );
};

/** Nodes and the arrows between them: `A & B --> C --> D`. False is reported. */
export const readChain = (reading: Reading): boolean => {
  const { c, report } = reading;
  let from = readNodes(reading);
  while (from !== null) {
    const link = readLink(c, report);
    if (link === 'none') return true;
    if (link === null) return false;
    const to = readNodes(reading);
    if (to === null || !connect(reading, from, to, link)) return false;
    from = to;
  }
  return false;
};

/** What to say about what stands where a statement should have ended. */
export const notAnEnd = ({ c, report }: Reading): void => {
  const char = String.fromCodePoint(c.text.codePointAt(c.at) ?? 32);
  if (/^[[({]$/.test(char)) {
    report.error(c.at, `A space stands before ${shown(char)}, or two labels`, 'write A[label]');
  } else if (looksAt(c, '->')) {
    report.error(c.at, 'An arrow has two dashes', 'write `-->`');
  } else if (looksAt(c, '|')) {
    report.error(c.at, 'A label of an arrow stands behind the arrow', 'write A -->|label| B');
  } else if (looksAt(c, '"')) {
    report.error(c.at, 'A quote stands outside of a label', 'write ["text"]');
  } else {
    const word = wordAt(c);
    const what = word === '' ? shown(char) : `\`${word.slice(0, 40)}\``;
    report.error(c.at, `Did not expect ${what} here`, 'end a statement with a line end or `;`');
  }
};
