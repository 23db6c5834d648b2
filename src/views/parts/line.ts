import stringWidth from 'string-width';
import { plainText } from '../../kernel/text.ts';

/**
 * What a piece of text means, not how it looks. The theme decides the colour, and every style has a sign or a word
 * beside it: a state is never told by colour alone.
 */
export type Style =
  | 'plain'
  | 'bad'
  | 'warn'
  | 'good'
  /** Where you are: cursor, current item, active filter. */
  | 'here'
  /** Old, closed, or of little weight. */
  | 'dim'
  /** Titles and column heads. */
  | 'title'
  /** A key that may be pressed. */
  | 'key'
  /** A badge that must be seen, e.g. production. */
  | 'badge'
  /** Found by a filter or a search. */
  | 'match'
  /** Tells apart what comes from several places; the name stands beside it. */
  | 'lane1'
  | 'lane2'
  | 'lane3'
  | 'lane4'
  | 'lane5';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of the screen, before theme and width. Its text never holds a control character. */
export type Line = readonly Span[];

/**
 * Characters that each take one column whatever stands beside them: ASCII, and what this program paints with. Anything
 * else has to be looked at grapheme by grapheme, which takes a hundred times as long.
 */
const narrow =
  /^[\x20-\x7e\u2009\u2013\u2016\u2026\u2190-\u2193\u2387\u23ce\u2500-\u259f\u25b2\u25c6\u25cb\u25cc\u25cf\u276f\u2713\u2717]*$/;

/** Columns that the text takes on a terminal. */
export const widthOf = (text: string): number =>
  narrow.test(text) ? text.length : stringWidth(text);

/** A span; the text is made harmless here, so that no view can forget it. */
export const span = (text: string, style: Style = 'plain'): Span => ({
  text: plainText(text),
  style,
});

export const line = (...parts: readonly (string | Span | Line)[]): Line =>
  parts.flatMap((part) =>
    typeof part === 'string' ? [span(part)] : 'text' in part ? [part] : part,
  );

export const blank: Line = [];

export const lineWidth = (l: Line): number => l.reduce((sum, s) => sum + widthOf(s.text), 0);

/** The line's text without styles, e.g. for tests and copies. */
export const lineText = (l: Line): string => l.map((s) => s.text).join('');

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The longest start of the text that fits, without splitting a grapheme. */
const head = (text: string, columns: number): string => {
  if (narrow.test(text)) return text.slice(0, columns);
  let out = '';
  let used = 0;
  for (const { segment } of segments.segment(text)) {
    const w = widthOf(segment);
    if (used + w > columns) break;
    out += segment;
    used += w;
  }
  return out;
};

/** Cuts at the end to the given columns; what was cut is told by an ellipsis. */
export const cut = (text: string, columns: number, ellipsis = '…'): string => {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  return columns <= widthOf(ellipsis)
    ? head(text, columns)
    : head(text, columns - widthOf(ellipsis)) + ellipsis;
};

/** Exactly `columns` wide: cut or padded. */
export const fit = (text: string, columns: number, align: 'left' | 'right' = 'left'): string => {
  const t = cut(text, columns);
  const pad = ' '.repeat(Math.max(0, columns - widthOf(t)));
  return align === 'left' ? t + pad : pad + t;
};

/** Cuts a line to the given columns, keeping styles. */
export const cutLine = (l: Line, columns: number): Line => {
  if (lineWidth(l) <= columns) return l;
  const out: Span[] = [];
  let left = columns;
  for (let i = 0; i < l.length && left > 0; i += 1) {
    const s = l[i] as Span;
    const rest = l.slice(i + 1).reduce((sum, r) => sum + widthOf(r.text), 0);
    const w = widthOf(s.text);
    const text =
      w < left || (w === left && rest === 0)
        ? s.text
        : cut(s.text, left, w > left || rest > 0 ? '…' : '');
    const ellipsed = text === s.text && w === left && rest > 0 ? `${head(text, left - 1)}…` : text;
    out.push({ text: ellipsed, style: s.style });
    left -= widthOf(ellipsed);
  }
  return out;
};

/** Left part, room, right part: the right part stays, the left is cut when both do not fit. */
export const spread = (left: Line, right: Line, columns: number): Line => {
  const r = cutLine(right, columns);
  const room = columns - lineWidth(r);
  const l = cutLine(left, Math.max(0, room - 1));
  const gap = columns - lineWidth(l) - lineWidth(r);
  return [...l, span(' '.repeat(Math.max(0, gap))), ...r];
};
