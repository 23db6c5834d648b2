/** Rows of one line at most: a megabyte in one line would be a book. */
export const wrappedMost = 100;

/** Characters that take one column each; others are taken for two, which is never too little. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the first of them, not what they do
const single = /^[\u0000-\u10ff]*$/;

/** Whether some of its characters take more than one column, or may. */
export const isWideText = (text: string): boolean => !single.test(text);

const isWide = (unit: number): boolean => unit >= 0x1100;

/** Where the rows of a text begin, in UTF-16 units. */
const startsOf = (text: string, columns: number): readonly number[] => {
  const starts = [0];
  let used = 0;
  for (let i = 0; i < text.length && starts.length <= wrappedMost; ) {
    const unit = text.charCodeAt(i);
    const pair = unit >= 0xd800 && unit <= 0xdbff ? 2 : 1;
    const width = isWide(unit) ? 2 : 1;
    if (used + width > columns) {
      starts.push(i);
      used = 0;
    }
    used += width;
    i += pair;
  }
  return starts;
};

/** Rows that a text takes; at least one. Time does not grow with the length of a text that is not wide. */
export const wrappedRows = (text: string, columns: number, wide: boolean): number => {
  if (text.length <= columns >> 1) return 1;
  if (text.length > columns * wrappedMost) return wrappedMost;
  if (!wide) return Math.max(1, Math.ceil(text.length / columns));
  return Math.min(wrappedMost, startsOf(text, columns).length);
};

/** One row of a text; the last one that is painted says how much is behind it. */
export const wrappedRow = (text: string, row: number, columns: number): string => {
  const plain = single.test(text);
  const starts = plain ? null : startsOf(text, columns);
  const from = starts === null ? row * columns : (starts[row] ?? text.length);
  const end = starts === null ? from + columns : (starts[row + 1] ?? text.length);
  if (row < wrappedMost - 1 || end >= text.length) return text.slice(from, end);
  const more = ` ${text.length - from} characters more`;
  return `${text.slice(from, Math.max(from, end - more.length))}${more}`;
};
