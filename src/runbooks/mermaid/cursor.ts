/** A place in a text. `steps` counts the characters looked at, so that a test can bound the work. */
export interface Cursor {
  readonly text: string;
  at: number;
  steps: number;
}

export const cursorOn = (text: string): Cursor => ({ text, at: 0, steps: 0 });

export const charAt = (c: Cursor, ahead = 0): string => {
  c.steps += 1;
  return c.text[c.at + ahead] ?? '';
};

export const looksAt = (c: Cursor, what: string): boolean => {
  c.steps += 1;
  return c.text.startsWith(what, c.at);
};

export const atEnd = (c: Cursor): boolean => c.at >= c.text.length;

/** Takes `what` when it stands here. */
export const take = (c: Cursor, what: string): boolean => {
  if (!looksAt(c, what)) return false;
  c.at += what.length;
  return true;
};

/** Goes over characters as long as they fit; how many. */
export const skipWhile = (c: Cursor, fits: (char: string) => boolean): number => {
  const from = c.at;
  while (c.at < c.text.length && fits(c.text[c.at] ?? '')) c.at += 1;
  c.steps += c.at - from + 1;
  return c.at - from;
};

const blank = /^\s$/;
export const isSpace = (char: string): boolean => char !== '\n' && blank.test(char);

/** Over spaces, staying on the line. */
export const skipSpaces = (c: Cursor): number => skipWhile(c, isSpace);

/** Over spaces and line ends. */
export const skipBlank = (c: Cursor): number => skipWhile(c, (char) => blank.test(char));

/** Up to the end of the line, not over it. */
export const skipLine = (c: Cursor): void => {
  skipWhile(c, (char) => char !== '\n');
};

/** The word of ASCII letters, digits and underscores that stands here; it is not taken. */
export const wordAt = (c: Cursor): string => {
  let end = c.at;
  while (/^\w$/.test(c.text[end] ?? '')) end += 1;
  c.steps += end - c.at + 1;
  return c.text.slice(c.at, end);
};

/** Text from here up to the next `what`, both taken; null, and nothing taken, when it never comes. */
export const takeUntil = (c: Cursor, what: string): string | null => {
  const end = c.text.indexOf(what, c.at);
  c.steps += (end === -1 ? c.text.length : end) - c.at + 1;
  if (end === -1) return null;
  const text = c.text.slice(c.at, end);
  c.at = end + what.length;
  return text;
};
