import type { ChartEdge } from '../chart.ts';
import { type Cursor, charAt, skipSpaces } from './cursor.ts';

export type Stroke = ChartEdge['stroke'];
export type End = ChartEdge['head'];

/** A piece of an arrow: all of it (`-->`), or what opens one with its label inside (`--`). */
export interface LinkToken {
  readonly kind: 'whole' | 'opening';
  readonly stroke: Stroke;
  /** As written; an end that the other side does not match is Mermaid's to ignore. */
  readonly tail: End;
  readonly head: End;
  readonly length: number;
}

const ends: Readonly<Record<string, End>> = { '<': 'arrow', '>': 'arrow', x: 'cross', o: 'circle' };

const runAt = (c: Cursor, at: number, char: string): number => {
  let end = at;
  while (c.text[end] === char) end += 1;
  c.steps += end - at + 1;
  return end - at;
};

const headAt = (c: Cursor, at: number): End => {
  const char = c.text[at] ?? '';
  return char === '<' ? 'none' : (ends[char] ?? 'none');
};

interface Body {
  readonly kind: LinkToken['kind'];
  readonly stroke: Stroke;
  readonly head: End;
  readonly length: number;
}

/** Two or more dashes or equals signs; two alone, without a head, open a label. */
const barAt = (c: Cursor, at: number, char: '-' | '='): Body | null => {
  const run = runAt(c, at, char);
  if (run < 2) return null;
  const stroke = char === '-' ? 'solid' : 'thick';
  const head = headAt(c, at + run);
  if (head !== 'none') return { kind: 'whole', stroke, head, length: run + 1 };
  return { kind: run > 2 ? 'whole' : 'opening', stroke, head, length: run };
};

/** `-.-`, `-..->`, and without the first dash; `-.` alone opens a label. */
const dotsAt = (c: Cursor, at: number): Body | null => {
  const dash = c.text[at] === '-' ? 1 : 0;
  const dots = runAt(c, at + dash, '.');
  if (dots === 0) return null;
  const bare = dash + dots + 1;
  if (c.text[at + dash + dots] === '-') {
    const head = headAt(c, at + bare);
    return { kind: 'whole', stroke: 'dotted', head, length: head === 'none' ? bare : bare + 1 };
  }
  return dash === 1 ? { kind: 'opening', stroke: 'dotted', head: 'none', length: 2 } : null;
};

const bodyAt = (c: Cursor, at: number): Body | null => {
  switch (c.text[at]) {
    case '-':
      return barAt(c, at, '-') ?? dotsAt(c, at);
    case '=':
      return barAt(c, at, '=');
    case '.':
      return dotsAt(c, at);
    case '~': {
      const run = runAt(c, at, '~');
      return run < 3 ? null : { kind: 'whole', stroke: 'invisible', head: 'none', length: run };
    }
    default:
      return null;
  }
};

/** The arrow that stands exactly at an offset, or null; nothing is taken. */
export const linkAt = (c: Cursor, at: number): LinkToken | null => {
  const tail = c.text[at] === '>' ? undefined : ends[c.text[at] ?? ''];
  const body = bodyAt(c, tail === undefined ? at : at + 1);
  if (body === null || (tail !== undefined && body.stroke === 'invisible')) return null;
  return tail === undefined
    ? { ...body, tail: 'none' }
    : { ...body, tail, length: body.length + 1 };
};

/** What stands between an opening and its closing arrow. */
export interface LinkLabel {
  readonly text: string;
  readonly from: number;
  readonly closing: LinkToken;
  /** Mermaid would refuse it, though it is clear what is meant. */
  readonly foreign: boolean;
}

/** The closing arrow whose dashes, dots or equals signs start at an offset of the label. */
const closingAt = (c: Cursor, at: number, stroke: Stroke): LinkToken | 'broken' | null => {
  const char = c.text[at];
  if (stroke === 'dotted') {
    if (char !== '.' && !(char === '-' && c.text[at + 1] === '.')) return null;
    const token = dotsAt(c, at);
    return token?.kind === 'whole' ? { ...token, tail: 'none' } : null;
  }
  if (char !== (stroke === 'solid' ? '-' : '=') || c.text[at + 1] !== char) return null;
  const token = barAt(c, at, char);
  return token?.kind === 'whole' ? { ...token, tail: 'none' } : 'broken';
};

/** A tail just before the closing arrow: `<` always, `x` and `o` only where they end no word. */
const tailBefore = (c: Cursor, from: number, at: number, head: End): End => {
  const char = at > from ? (c.text[at - 1] ?? '') : '';
  if (char === '<') return 'arrow';
  if (char !== 'x' && char !== 'o') return 'none';
  const alone = at - 1 === from || /\s/.test(c.text[at - 2] ?? '');
  return alone && ends[char] === head ? head : 'none';
};

/**
 * Reads an unquoted label up to its closing arrow on the same line, both taken. Mermaid lets such a
 * label go over line ends; here that is an error, as a forgotten arrow would swallow the next line.
 */
export const takeLinkLabel = (c: Cursor, stroke: Stroke): LinkLabel | null => {
  skipSpaces(c);
  const from = c.at;
  let foreign = false;
  for (; charAt(c) !== '' && charAt(c) !== '\n' && charAt(c) !== '"'; c.at += 1) {
    const found = closingAt(c, c.at, stroke);
    if (found === 'broken') return null;
    if (found !== null) {
      const tail = tailBefore(c, from, c.at, found.head);
      const text = c.text.slice(from, tail === 'none' ? c.at : c.at - 1);
      c.at += found.length;
      return text.trim() === '' ? null : { text, from, closing: { ...found, tail }, foreign };
    }
    if (charAt(c) === (stroke === 'dotted' ? '.' : stroke === 'thick' ? '=' : '')) foreign = true;
  }
  return null;
};
