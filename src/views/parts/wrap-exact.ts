import { cut, widthOf } from './line.ts';

export interface Part {
  readonly text: string;
  /** Begins a new line. */
  readonly start: boolean;
}

/** Looked at in one step; long enough for a line whose characters are several units each. */
const unitsPerColumn = 4;

/**
 * Text cut into parts that fit, without leaving anything out: `first` columns are left on the present line, then
 * every line has `columns`. Breaks after a space or a comma near the end of a line, else anywhere.
 * Time grows with the length of the text, which may be an annotation of a quarter of a megabyte.
 */
export const wrapExact = (text: string, first: number, columns: number): readonly Part[] => {
  const parts: Part[] = [];
  const width = Math.max(1, columns);
  let at = 0;
  let room = first;
  let start = false;
  while (at < text.length) {
    const near = text.slice(at, at + Math.max(1, room) * unitsPerColumn + 32);
    const whole = at + near.length >= text.length;
    if (whole && widthOf(near) <= room) {
      parts.push({ text: near, start });
      return parts;
    }
    let part = room <= 0 ? '' : cut(near, room, '');
    const gap = Math.max(part.lastIndexOf(' '), part.lastIndexOf(','));
    // Not too early, or lines of long words would be half empty.
    if (gap > part.length * 0.6) part = part.slice(0, gap + 1);
    // A line too narrow for even one character: rather too wide than endless.
    if (part === '' && start) part = near;
    if (part !== '') parts.push({ text: part, start });
    at += part.length;
    room = width;
    start = true;
  }
  return parts;
};
