import type { Matcher } from '../filter.ts';
import { type Line, type Span, type Style, span, widthOf } from './line.ts';
import { wrapExact } from './wrap-exact.ts';

/** A piece of a source line with what it means. */
type Piece = readonly [text: string, style: Style];

const keyForm = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|[^\s"'#:][^:]*?):(?= |$)(.*)$/;
const itemForm = /^(\s*(?:- )+)(.*)$/;
const number = /^[-+]?\d[\d_.]*(?:e[-+]?\d+)?$/i;

const valuePieces = (text: string): readonly Piece[] => {
  const value = text.trim();
  if (value === '') return [[text, 'plain']];
  if (value.startsWith('#') || value === 'null' || /^[|>][-+]?$/.test(value))
    return [[text, 'dim']];
  if (value.startsWith('"[redacted')) return [[text, 'warn']];
  if (number.test(value) || value === 'true' || value === 'false') return [[text, 'good']];
  return [[text, 'plain']];
};

const piecesOf = (text: string): readonly Piece[] => {
  if (text.trimStart().startsWith('#')) return [[text, 'dim']];
  const keyed = keyForm.exec(text);
  if (keyed !== null) {
    const [, before = '', key = '', value = ''] = keyed;
    return [[before, 'dim'], [key, 'here'], [':', 'dim'], ...valuePieces(value)];
  }
  const item = itemForm.exec(text);
  return item === null
    ? valuePieces(text)
    : [[item[1] ?? '', 'dim'], ...valuePieces(item[2] ?? '')];
};

const indentOf = (text: string): number => text.length - text.trimStart().length;

/** Which lines are the text of a block scalar, where a colon means nothing. */
const blockLines = (lines: readonly string[]): readonly boolean[] => {
  let block: number | null = null;
  return lines.map((text) => {
    if (block !== null && (text.trim() === '' || indentOf(text) > block)) return true;
    block = null;
    // The dash before a key counts as its indentation; a block that is itself an item goes in from the dash.
    if (/: [|>][-+]?$/.test(text)) block = /^\s*(?:- )*/.exec(text)?.[0].length ?? 0;
    else if (/^\s*(?:- )*[|>][-+]?$/.test(text)) block = text.lastIndexOf('- ');
    return false;
  });
};

/** A line of YAML in colours. */
export const yamlPieces = (lines: readonly string[]): readonly (readonly Piece[])[] => {
  const blocks = blockLines(lines);
  return lines.map((text, i) => (blocks[i] === true ? [[text, 'plain']] : piecesOf(text)));
};

const restyle = (pieces: readonly Piece[], text: string, matcher: Matcher): readonly Piece[] => {
  const ranges = matcher.active ? matcher.ranges(text) : [];
  if (ranges.length === 0) return pieces;
  const out: Piece[] = [];
  let at = 0;
  for (const [piece, style] of pieces) {
    const end = at + piece.length;
    let from = at;
    for (const [start, stop] of ranges) {
      const a = Math.max(start, from);
      const b = Math.min(stop, end);
      if (a >= b) continue;
      if (a > from) out.push([text.slice(from, a), style]);
      out.push([text.slice(a, b), 'match']);
      from = b;
    }
    if (from < end) out.push([text.slice(from, end), style]);
    at = end;
  }
  return out;
};

/** Breaks coloured pieces into lines of the screen; what goes on below stands further in. */
const broken = (pieces: readonly Piece[], columns: number): readonly Line[] => {
  const text = pieces.map(([t]) => t).join('');
  if (widthOf(text) <= columns) return [pieces.map(([t, style]) => span(t, style))];
  const hang = Math.min(indentOf(text) + 4, Math.floor(columns / 2));
  const rows: Span[][] = [[]];
  let left = columns;
  for (const [t, style] of pieces) {
    for (const part of wrapExact(t, left, columns - hang)) {
      if (part.start) {
        rows.push([span(' '.repeat(hang))]);
        left = columns - hang;
      }
      rows.at(-1)?.push(span(part.text, style));
      left -= widthOf(part.text);
    }
  }
  return rows;
};

/** One line of the source as lines of the screen, with what the filter found in it marked. */
export const paintYaml = (
  pieces: readonly Piece[],
  columns: number,
  matcher: Matcher,
): readonly Line[] => broken(restyle(pieces, pieces.map(([t]) => t).join(''), matcher), columns);
