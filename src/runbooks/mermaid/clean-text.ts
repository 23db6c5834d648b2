/** The text that the grammar sees, and where each of its characters stood in what was given. */
export interface CleanText {
  readonly text: string;
  /** Line from 0 and column from 1, in UTF-16 units, of an offset into `text`. */
  place(offset: number): { readonly line: number; readonly col: number };
  /** Offsets into `text` where something was opened and never closed. */
  readonly unclosed: readonly number[];
}

interface Kept {
  readonly clean: number;
  readonly given: number;
}

const isBlank = (char: string | undefined): boolean => char !== undefined && /\s/.test(char);

/** Where a front matter block ends: behind the line of its closing fence. 0 when there is none. */
const behindFrontMatter = (text: string): number => {
  const opening = /^[^\S\n]*---[^\S\n]*\n/.exec(text)?.[0];
  if (opening === undefined) return 0;
  const indent = opening.slice(0, opening.indexOf('-'));
  for (let start = opening.length; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    if (text.startsWith(`${indent}---`, start) && text.slice(start, end).trim() === '---') {
      return Math.min(end + 1, text.length);
    }
    start = end + 1;
  }
  return 0;
};

/** Inside HTML tags double quotes become single ones: they would end the label the tag stands in. */
const quietTags = (text: string): string =>
  text.replace(/<\w[^<>]*>/g, (tag) =>
    tag.includes('="') ? tag.replace(/="([^"]*)"/g, "='$1'") : tag,
  );

const indexBelow = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/**
 * Takes out what is not grammar: carriage returns, front matter, `%%{ … }%%` directives and comment
 * lines, each whole, as Mermaid does before it parses. Comments go even inside a label of several lines.
 */
export const cleanText = (given: string): CleanText => {
  const text = given.replace(/\r\n?/g, '\n');
  const pieces: string[] = [];
  const kept: Kept[] = [];
  const unclosed: number[] = [];
  let length = 0;
  let from = behindFrontMatter(text);
  const keep = (to: number): void => {
    if (to <= from) return;
    kept.push({ clean: length, given: from });
    pieces.push(text.slice(from, to));
    length += to - from;
  };
  let lineIsBlank = true;
  let lineStart = from;
  for (let at = from; at < text.length; ) {
    const char = text[at];
    if (char === '\n') {
      at += 1;
      lineStart = at;
      lineIsBlank = true;
    } else if (char === '%' && text.startsWith('%%{', at)) {
      const end = text.indexOf('}%%', at + 3);
      keep(at);
      if (end === -1) unclosed.push(length);
      from = end === -1 ? text.length : end + 3;
      at = from;
    } else if (char === '%' && lineIsBlank && text[at + 1] === '%') {
      const end = text.indexOf('\n', at);
      keep(Math.max(lineStart, from));
      from = end === -1 ? text.length : end + 1;
      at = from;
      lineStart = at;
    } else {
      if (!isBlank(char)) lineIsBlank = false;
      at += 1;
    }
  }
  keep(text.length);
  const cleanStarts = kept.map(({ clean }) => clean);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return {
    text: quietTags(pieces.join('')),
    unclosed,
    place: (offset) => {
      const piece = kept[indexBelow(cleanStarts, offset)] ?? { clean: 0, given: 0 };
      const there = Math.min(piece.given + offset - piece.clean, text.length);
      const line = indexBelow(lineStarts, there);
      return { line, col: there - (lineStarts[line] ?? 0) + 1 };
    },
  };
};
