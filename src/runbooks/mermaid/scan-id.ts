import { type Cursor, skipWhile } from './cursor.ts';
import { linkAt } from './scan-link.ts';

/** Words that begin a statement and therefore name no node; a boundary must follow. */
const reserved: ReadonlySet<string> = new Set([
  'graph',
  'flowchart',
  'subgraph',
  'end',
  'style',
  'linkStyle',
  'classDef',
  'class',
]);

export const isReserved = (word: string): boolean => reserved.has(word);

const digit = /^[0-9]$/;
const single = /^[:,*#&]$/;
const ascii = /^[A-Za-z0-9!#$%&'*+.`?\\_/]$/;
/** Letters, marks and digits of any script; Mermaid knows the letters of the basic plane only. */
const letter = /^[\p{L}\p{M}\p{N}]$/u;
/** Fillers count as letters and look like nothing. */
const unseen = /^\p{Default_Ignorable_Code_Point}$/u;

const codePoint = (c: Cursor): string => {
  const code = c.text.codePointAt(c.at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

/** A dash belongs to an id unless it could begin an arrow. */
const dashFits = (c: Cursor, at: number): boolean =>
  c.text[at] === '-' && !/^[->.]$/.test(c.text[at + 1] ?? '\n');

/**
 * Takes the id that stands here; '' when there is none. An arrow may begin only where one run of
 * characters ends: `box--x` has the id `box`, `1x--x2` has the id `1`.
 */
export const takeId = (c: Cursor): string => {
  const from = c.at;
  while (c.at < c.text.length) {
    const char = codePoint(c);
    if (c.text.startsWith(':::', c.at) || linkAt(c, c.at) !== null) break;
    if (digit.test(char)) skipWhile(c, (next) => digit.test(next));
    else if (single.test(char)) c.at += 1;
    else if (ascii.test(char) || dashFits(c, c.at)) {
      while (ascii.test(c.text[c.at] ?? '') || dashFits(c, c.at)) c.at += 1;
    } else if (letter.test(char) && !unseen.test(char)) c.at += char.length;
    else break;
  }
  c.steps += c.at - from + 1;
  return c.text.slice(from, c.at);
};
