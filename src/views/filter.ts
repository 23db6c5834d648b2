import { type Labels, parseSelector, selects } from './parts/label-selector.ts';
import { tamePattern } from './parts/tame-pattern.ts';

/** Characters of a row that are searched; beyond that a row is a document, not a row. */
export const searched = 1000;

/** Start and end of a found piece, in UTF-16 units. */
export type Range = readonly [number, number];

/** What was typed after `/`, ready to be asked about rows. */
export interface Matcher {
  /** False lets every row through. */
  readonly active: boolean;
  /** What the person should know about the filter itself; '' mostly. */
  readonly note: string;
  matches(text: string, labels: Labels): boolean;
  /** Where a text has what was looked for, ascending and apart from each other; none for inverse and label filters. */
  ranges(text: string): readonly Range[];
}

const noRanges: readonly Range[] = [];

const all: Matcher = { active: false, note: '', matches: () => true, ranges: () => noRanges };

const literalRanges = (text: string, needle: string): readonly Range[] => {
  const found: Range[] = [];
  for (let i = text.indexOf(needle); i >= 0; i = text.indexOf(needle, i + needle.length)) {
    found.push([i, i + needle.length]);
  }
  return found;
};

const literalMatcher = (needle: string, note: string): Matcher => {
  const sensitive = /\p{Lu}/u.test(needle);
  const fold = (text: string) => (sensitive ? text : text.toLowerCase());
  const wanted = fold(needle);
  return {
    active: true,
    note,
    matches: (text) => fold(text.slice(0, searched)).includes(wanted),
    ranges: (text) => {
      const folded = fold(text);
      // A few letters change their length with their case: then nothing is marked rather than the wrong thing.
      return folded.length === text.length ? literalRanges(folded, wanted) : noRanges;
    },
  };
};

const patternMatcher = (typed: string): Matcher => {
  const tamed = tamePattern(typed);
  if (tamed.kind === 'literal')
    return literalMatcher(typed, `searched as plain text: ${tamed.why}`);
  const { pattern } = tamed;
  const every = new RegExp(pattern.source, `${pattern.flags}g`);
  return {
    active: true,
    note: '',
    matches: (text) => pattern.test(text.length > searched ? text.slice(0, searched) : text),
    ranges: (text) => {
      const found: Range[] = [];
      for (const m of text.slice(0, searched).matchAll(every)) {
        if (m[0] !== '') found.push([m.index, m.index + m[0].length]);
      }
      return found;
    },
  };
};

/** Where the letters are found one after the other, or null when one is missing. */
const fuzzyRanges = (text: string, letters: string): readonly Range[] | null => {
  const folded = text.slice(0, searched).toLowerCase();
  const found: [number, number][] = [];
  let from = 0;
  for (const letter of letters) {
    const i = folded.indexOf(letter, from);
    if (i < 0) return null;
    from = i + letter.length;
    const last = found.at(-1);
    if (last !== undefined && last[1] === i) last[1] = from;
    else found.push([i, from]);
  }
  return found;
};

const fuzzyMatcher = (typed: string): Matcher => {
  const letters = typed.toLowerCase().replaceAll(' ', '');
  if (letters === '') return all;
  return {
    active: true,
    note: '',
    matches: (text) => fuzzyRanges(text, letters) !== null,
    ranges: (text) => fuzzyRanges(text, letters) ?? noRanges,
  };
};

const labelMatcher = (typed: string): Matcher => {
  const selector = parseSelector(typed);
  if (selector.kind === 'invalid') return { ...all, note: `label selector: ${selector.why}` };
  const { requirements } = selector;
  return { ...all, active: true, matches: (_, labels) => selects(requirements, labels) };
};

const read = (typed: string): Matcher => {
  const text = typed.trim();
  if (text === '' || text === '!') return all;
  if (/^-[lf]$/.test(text)) return all;
  if (text.startsWith('-l ')) return labelMatcher(text.slice(3).trim());
  if (text.startsWith('-f ')) return fuzzyMatcher(text.slice(3).trim());
  if (!text.startsWith('!')) return patternMatcher(text);
  const inner = patternMatcher(text.slice(1));
  return {
    ...inner,
    matches: (row, labels) => !inner.matches(row, labels),
    ranges: () => noRanges,
  };
};

let last: { readonly typed: string; readonly matcher: Matcher } = { typed: '', matcher: all };

/**
 * Reads a filter: a pattern (case matters when a capital is typed), `!pattern` for what does not match,
 * `-l app=x,tier!=y` for labels, `-f letters` for letters in this order with anything between.
 * What is no valid pattern is searched as plain text, and a note says so.
 */
export const matcherOf = (typed: string): Matcher => {
  if (last.typed !== typed) last = { typed, matcher: read(typed) };
  return last.matcher;
};
