import type { Matcher } from '../filter.ts';
import { cut, type Line, type Span, type Style, span, widthOf } from './line.ts';
import { type Column, type Layout, type RowContext, signWidth, type Table } from './table.ts';
import type { Row } from './table-rows.ts';
import { sign, toneStyle } from './tone.ts';

/** Adds text to a line, joining it to the piece before where the style is the same. */
const append = (spans: Span[], text: string, style: Style): void => {
  if (text === '') return;
  const last = spans.at(-1);
  if (last?.style === style) spans[spans.length - 1] = { text: last.text + text, style };
  else spans.push({ text, style });
};

const pad = (columns: number): string => ' '.repeat(Math.max(0, columns));

/** Appends a cell's text with what the filter found in it marked. */
const appendMarked = (spans: Span[], text: string, style: Style, matcher: Matcher): void => {
  let from = 0;
  for (const [start, end] of matcher.active ? matcher.ranges(text) : []) {
    append(spans, text.slice(from, start), style);
    append(spans, text.slice(start, end), 'match');
    from = end;
  }
  append(spans, text.slice(from), style);
};

/** Titles of the columns; the one that is sorted by carries an arrow. */
export const headLine = <O>(
  { cells, gap }: Layout<O>,
  sort: { readonly column: Column<O>; readonly descending: boolean },
  arrows: { readonly up: string; readonly down: string },
): Line => {
  let out = pad(signWidth);
  cells.forEach(({ column, width }, i) => {
    const down = sort.descending !== (column.largestFirst === true);
    const arrow = column !== sort.column ? '' : down ? arrows.down : arrows.up;
    const title = cut(column.title, width - widthOf(arrow)) + arrow;
    const blank = pad(width - widthOf(title));
    const last = i === cells.length - 1;
    out += column.align === 'right' ? blank + title : last ? title : title + blank;
    if (!last) out += pad(gap);
  });
  return [span(out, 'title')];
};

/** A row as wide as the layout: the sign of its state, then its cells in the colour of its state. */
export const rowLine = <O>(
  table: Table<O>,
  row: Row<O>,
  { cells, gap }: Layout<O>,
  matcher: Matcher,
  context: RowContext,
): Line => {
  const mark = sign(row.tone, context.glyphs);
  const base: Style = row.tone === 'good' || row.tone === 'info' ? 'plain' : toneStyle(row.tone);
  const spans: Span[] = [span(' '), mark];
  append(spans, ' ', 'plain');
  cells.forEach(({ column, width }, i) => {
    const full =
      column.volatile === true
        ? span(column.value(row.object, context)).text
        : (row.texts[table.columns.indexOf(column)] ?? '');
    const text = cut(full, width, context.glyphs.ellipsis);
    const style = column.tone?.(row.object, context) ?? base;
    const blank = pad(width - widthOf(text));
    if (column.align === 'right') append(spans, blank, base);
    if (column.volatile === true) append(spans, text, style);
    else appendMarked(spans, text, style, matcher);
    if (i === cells.length - 1) return;
    append(spans, (column.align === 'right' ? '' : blank) + pad(gap), base);
  });
  return spans;
};
