import { cut, widthOf } from './line.ts';

export interface Part {
  readonly text: string;
  /** Begins a new line. */
  readonly start: boolean;
}

/**
 * Text cut into parts that fit, without leaving anything out: `first` columns are left on the present line, then
 * every line has `columns`. Breaks after a space or a comma near the end of a line, else anywhere.
 */
export const wrapExact = (text: string, first: number, columns: number): readonly Part[] => {
  const parts: Part[] = [];
  let rest = text;
  let room = first;
  let start = false;
  while (rest !== '') {
    if (widthOf(rest) <= room) {
      parts.push({ text: rest, start });
      return parts;
    }
    const most = room <= 0 ? '' : cut(rest, room, '');
    const near = Math.max(most.lastIndexOf(' '), most.lastIndexOf(','));
    // Not too early, or lines of long words would be half empty.
    const part = near > most.length * 0.6 ? most.slice(0, near + 1) : most;
    if (part !== '') parts.push({ text: part, start });
    // A line too narrow for even one character: rather too wide than endless.
    else if (start) {
      parts.push({ text: rest, start });
      return parts;
    }
    rest = rest.slice(part.length);
    room = Math.max(1, columns);
    start = true;
  }
  return parts;
};
