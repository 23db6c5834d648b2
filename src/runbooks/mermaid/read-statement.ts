import type { Direction } from '../chart.ts';
import {
  atEnd,
  type Cursor,
  charAt,
  isSpace,
  looksAt,
  skipBlank,
  skipLine,
  skipSpaces,
  skipWhile,
  take,
  takeUntil,
  wordAt,
} from './cursor.ts';
import { endGroup } from './draft.ts';
import { notAnEnd, type Reading, readChain } from './read-nodes.ts';
import { readSubgraph } from './read-subgraph.ts';
import { linkAt } from './scan-link.ts';

const directions: Readonly<Record<string, Direction>> = {
  TB: 'TB',
  TD: 'TB',
  BT: 'BT',
  LR: 'LR',
  RL: 'RL',
};

const signs: Readonly<Record<string, Direction>> = { '>': 'LR', '<': 'RL', '^': 'BT', v: 'TB' };

/** The direction that stands here; null, and nothing taken, when there is none. */
export const takeDirection = (c: Cursor): Direction | null => {
  const word = wordAt(c);
  const named = directions[word];
  if (named !== undefined) {
    c.at += 2;
    return named;
  }
  const sign = word === '' || word === 'v' ? signs[charAt(c)] : undefined;
  if (sign !== undefined) c.at += 1;
  return sign ?? null;
};

/** Over what only changes looks, to the end of its statement. False is reported. */
const skipStyle = ({ c, report }: Reading, at: number): boolean => {
  for (;;) {
    const from = c.at;
    skipWhile(c, (char) => char !== '\n' && char !== ';');
    if (/-->|---|==>|-\.->/.test(c.text.slice(from, c.at))) {
      c.at = at;
      report.error(at, `\`${wordAt(c)}\` is a word of the language`, 'give the node another id');
      return false;
    }
    // `fill:#f96;stroke:#333` goes on, though Mermaid reads a second statement there.
    const more = /^;\s*[a-z-]+\s*:(?!::)/.test(c.text.slice(c.at, c.at + 40));
    if (!more) return true;
    report.warning(c.at, 'Mermaid itself wants a comma between two styles');
    c.at += 1;
  }
};

/** Over `click A "url" "tip" _blank` and its like; quotes and brackets may hold `;`. False is reported. */
const skipClick = ({ c, report }: Reading, at: number): boolean => {
  while (!atEnd(c) && charAt(c) !== '\n' && charAt(c) !== ';') {
    if (linkAt(c, c.at)?.kind === 'whole') {
      report.error(at, '`click` is a word of the language', 'give the node another id');
      return false;
    }
    const open = charAt(c);
    const from = c.at;
    c.at += 1;
    if (
      (open === '"' && takeUntil(c, '"') === null) ||
      (open === '(' && takeUntil(c, ')') === null)
    ) {
      report.error(from, `\`${open}\` is opened and not closed`);
      return false;
    }
    if (open !== '"' && open !== '(') skipWhile(c, (char) => !/^[\s;"(]$/.test(char));
    skipSpaces(c);
  }
  return true;
};

/** Over `accTitle: …`, `accDescr: …` and `accDescr { … }`. Null when it is a node after all. */
const skipAccessible = ({ c, report }: Reading, word: string): boolean | null => {
  const at = c.at;
  c.at += word.length;
  skipSpaces(c);
  if (take(c, ':')) {
    skipLine(c);
    return true;
  }
  if (word === 'accDescr' && take(c, '{')) {
    if (takeUntil(c, '}') !== null) return true;
    report.error(at, '`accDescr {` is opened and not closed', 'add `}`');
    return false;
  }
  c.at = at;
  return null;
};

const readDirection = ({ c, draft, report }: Reading, at: number): boolean => {
  skipSpaces(c);
  const direction = takeDirection(c);
  if (direction === null) {
    report.error(c.at, 'A direction is TB, TD, BT, LR or RL');
    return false;
  }
  const group = draft.open.at(-1);
  if (group === undefined) report.warning(at, 'A direction outside a subgraph changes nothing');
  else group.direction = direction;
  return true;
};

/** What is behind a statement: nothing, `;`, a comment, or something that is reported. */
const readEnd = (reading: Reading): boolean => {
  const { c, report } = reading;
  skipSpaces(c);
  if (atEnd(c) || charAt(c) === '\n' || charAt(c) === ';') return true;
  if (looksAt(c, '%%')) {
    report.warning(c.at, 'Mermaid itself takes a comment only on a line of its own');
    skipLine(c);
    return true;
  }
  notAnEnd(reading);
  return false;
};

/** True when the word is followed by a blank or the end: only then it is the keyword. */
const isApart = (c: Cursor, word: string): boolean => {
  const next = c.text[c.at + word.length] ?? '\n';
  return next === '\n' || next === ';' || isSpace(next);
};

/** `end` needs nothing behind it: a statement may follow at once. */
const readGroupEnd = ({ c, draft, report }: Reading, at: number): boolean => {
  if (endGroup(draft, report)) return true;
  c.at = at;
  report.error(at, '`end` ends no subgraph', 'write End for a node of that name');
  return false;
};

/** Reads one statement where it begins. False is reported. */
const readOne = (reading: Reading): boolean => {
  const { c } = reading;
  const at = c.at;
  const word = wordAt(c);
  if (word === 'accTitle' || word === 'accDescr') {
    const skipped = skipAccessible(reading, word);
    if (skipped !== null) return skipped;
  }
  if (!isApart(c, word)) return readChain(reading) && readEnd(reading);
  switch (word) {
    case 'style':
    case 'linkStyle':
    case 'classDef':
    case 'class':
      return skipStyle(reading, at);
    case 'click':
      c.at += word.length;
      skipSpaces(c);
      return skipClick(reading, at);
    case 'subgraph':
      c.at += word.length;
      return readSubgraph(reading, at) && readEnd(reading);
    case 'end':
      c.at += word.length;
      return readGroupEnd(reading, at);
    case 'direction':
      c.at += word.length;
      return readDirection(reading, at) && readEnd(reading);
    default:
      return readChain(reading) && readEnd(reading);
  }
};

/** Reads statements to the end of the text. Behind a wrong one it goes on with the next line. */
export const readStatements = (reading: Reading): void => {
  const { c, draft, report } = reading;
  for (;;) {
    skipBlank(c);
    if (take(c, ';')) continue;
    if (atEnd(c) || report.full) break;
    if (looksAt(c, '%%')) skipLine(c);
    else if (!readOne(reading)) skipLine(c);
  }
  for (const { at, id } of draft.open) {
    report.error(at, `The subgraph ${id} is not ended`, 'write `end` on a line of its own');
  }
};
