/** Which characters an atom of a pattern accepts, by code point. */
export type Accepts = (code: number) => boolean;

const range =
  (...pairs: readonly (readonly [number, number])[]): Accepts =>
  (code) =>
    pairs.some(([from, to]) => code >= from && code <= to);

const span = (text: string): readonly [number, number] => [
  text.codePointAt(0) ?? 0,
  text.codePointAt(text.length - 1) ?? 0,
];

const spans = (...texts: readonly string[]): Accepts => range(...texts.map(span));

export const either =
  (sets: readonly Accepts[]): Accepts =>
  (code) =>
    sets.some((accepts) => accepts(code));
export const not =
  (accepts: Accepts): Accepts =>
  (code) =>
    !accepts(code);
export const between = (from: number, to: number): Accepts => range([from, to]);

const oneOf = (text: string): Accepts => {
  const codes = new Set([...text].map((c) => c.codePointAt(0)));
  return (code) => codes.has(code);
};

const digit = spans('09');
const word = spans('09', 'az', 'AZ', '__');
export const isWord = (code: number): boolean => word(code);

/** `\d` and its like: only ASCII, as Go has it. */
export const perlSets: ReadonlyMap<string, Accepts> = new Map([
  ['d', digit],
  ['D', not(digit)],
  ['s', oneOf('\t\n\f\r ')],
  ['S', not(oneOf('\t\n\f\r '))],
  ['w', word],
  ['W', not(word)],
]);

/** `[:alpha:]` and its like. */
export const posixSets: ReadonlyMap<string, Accepts> = new Map([
  ['alnum', spans('09', 'AZ', 'az')],
  ['alpha', spans('AZ', 'az')],
  ['ascii', range([0, 0x7f])],
  ['blank', oneOf('\t ')],
  ['cntrl', range([0, 0x1f], [0x7f, 0x7f])],
  ['digit', digit],
  ['graph', spans('!~')],
  ['lower', spans('az')],
  ['print', spans(' ~')],
  ['punct', spans('!/', ':@', '[`', '{~')],
  ['space', oneOf('\t\n\v\f\r ')],
  ['upper', spans('AZ')],
  ['word', word],
  ['xdigit', spans('09', 'AF', 'af')],
]);

/** `\p{Greek}`, `\pL`; undefined when there is no such set. */
export const unicodeSet = (name: string): Accepts | undefined => {
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  if (name === 'Any') return () => true;
  for (const property of [`gc=${name}`, `sc=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u');
      return (code) => pattern.test(String.fromCodePoint(code));
    } catch {
      // Not of this sort; perhaps of the next.
    }
  }
  return undefined;
};

const single = (text: string, instead: number): number => {
  const code = text.codePointAt(0) ?? instead;
  return String.fromCodePoint(code).length === text.length ? code : instead;
};

/** All code points that are the same letter when case does not matter. */
const folds = (code: number): readonly number[] => {
  const text = String.fromCodePoint(code);
  const upper = single(text.toUpperCase(), code);
  const lower = single(text.toLowerCase(), code);
  return [
    code,
    upper,
    lower,
    single(String.fromCodePoint(upper).toLowerCase(), upper),
    single(String.fromCodePoint(lower).toUpperCase(), lower),
  ];
};

/** The same set where case does not matter. */
export const folded =
  (accepts: Accepts): Accepts =>
  (code) =>
    folds(code).some(accepts);

/** One letter where case does not matter. */
export const foldedLetter = (code: number): Accepts => {
  const mine = new Set(folds(code));
  return (other) => folds(other).some((c) => mine.has(c));
};
