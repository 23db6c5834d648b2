import { cut, type Line, line, type Style, span, widthOf } from './line.ts';

/** Text broken at spaces into lines of at most `columns`; a word longer than that is broken anywhere. */
export const wrap = (text: string, columns: number, maxLines = 200): readonly string[] => {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (current !== '' && widthOf(current) + 1 + widthOf(rest) <= width) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== '') lines.push(current);
    while (widthOf(rest) > width) {
      const part = cut(rest, width, '');
      if (part === '') break;
      lines.push(part);
      rest = rest.slice(part.length);
      if (lines.length >= maxLines) break;
    }
    current = rest;
    if (lines.length >= maxLines) break;
  }
  if (current !== '' || lines.length === 0) lines.push(current);
  return lines.length > maxLines ? [...lines.slice(0, maxLines - 1), '…'] : lines;
};

/** Less of what stands at the right says nothing. */
const leastRight = 8;

/** A rule with a title in it, and optionally something at its right end; where there is little room, its beginning. */
export const rule = (title: string, columns: number, glyph: string, right = ''): Line => {
  const head = title === '' ? '' : `${glyph}${glyph} ${title} `;
  const room = columns - widthOf(head) - 4;
  const shown = room < Math.min(leastRight, widthOf(right)) ? '' : cut(right, room);
  const tail = shown === '' ? '' : ` ${shown} ${glyph}${glyph}`;
  const fill = Math.max(0, columns - widthOf(head) - widthOf(tail));
  return line(span(cut(head, columns), 'dim'), span(glyph.repeat(fill), 'dim'), span(tail, 'dim'));
};

export const indent = (text: string, by: number, style: Style = 'plain'): Line =>
  line(' '.repeat(by), span(text, style));
