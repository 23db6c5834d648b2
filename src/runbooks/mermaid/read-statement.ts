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
  take,
  wordAt,
} from './cursor.ts';
import { endGroup } from './draft.ts';
import { notAnEnd, type Reading, readChain } from './read-nodes.ts';
import { readSubgraph } from './read-subgraph.ts';
import { linkAt } from './scan-link.ts';
import { skipAccessible, skipClick, skipStyle } from './skip-statement.ts';

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

const readDirection = (reading: Reading, at: number): boolean => {
  const { c, draft, report } = reading;
  c.at = at + 'direction'.length;
  skipSpaces(c);
  if (linkAt(c, c.at) !== null) {
    c.at = at;
    return readChain(reading);
  }
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
export const readEnd = (reading: Reading): boolean => {
  const { c, report } = reading;
  const apart = skipSpaces(c) > 0 || isSpace(c.text[c.at - 1] ?? ' ');
  if (atEnd(c) || charAt(c) === '\n' || charAt(c) === ';') return true;
  if (apart && looksAt(c, '%%')) {
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
      return skipStyle(reading, at, word);
    case 'click':
      return skipClick(reading, at);
    case 'subgraph':
      c.at += word.length;
      return readSubgraph(reading, at) && readEnd(reading);
    case 'end':
      c.at += word.length;
      return readGroupEnd(reading, at);
    case 'direction':
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
  for (const { id, at } of draft.styled) {
    if (draft.nodes.has(id) || draft.groups.has(id)) continue;
    report.warning(at, `A style for ${id}, which is no node; Mermaid draws one`);
  }
};
