import { compilePattern, type Pattern } from '../../kernel/pattern.ts';

/** Everything that could mean something in a pattern stands for itself. */
const literal = (char: string): string => (/[\w\s]/.test(char) ? char : `\\${char}`);

const any = '(?s:.*)';
const one = '(?s:.)';

type Read = { readonly pattern: string; readonly next: number };

/** What stands between brackets: `a-z` alone, or letters; `!` before it means all others. Null: it cannot be read. */
const readClass = (chars: readonly string[], open: number): Read | null => {
  let at = open + 1;
  const not = chars[at] === '!' ? '^' : '';
  if (not !== '') at += 1;
  const low = chars[at];
  if (low === undefined) return null;
  if (chars[at + 1] === '-') {
    const high = chars[at + 2];
    if (high === undefined || chars[at + 3] !== ']') return null;
    if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) return null;
    return { pattern: `[${not}${literal(low)}-${literal(high)}]`, next: at + 4 };
  }
  let letters = '';
  for (; at < chars.length && chars[at] !== ']'; at += 1) {
    if (chars[at] === '\\') at += 1;
    letters += literal(chars[at] ?? '');
  }
  if (at >= chars.length || letters === '') return null;
  return { pattern: `[${not}${letters}]`, next: at + 1 };
};

/** As a regular expression; null when it cannot be read. */
const patternOf = (glob: string): string | null => {
  const chars = [...glob];
  let depth = 0;
  let pattern = '';
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*') pattern += any;
    else if (char === '?') pattern += one;
    else if (char === '\\') {
      at += 1;
      pattern += literal(chars[at] ?? '');
    } else if (char === '{') {
      depth += 1;
      pattern += '(?:';
    } else if (char === '}' && depth > 0) {
      depth -= 1;
      pattern += ')';
    } else if (char === ',' && depth > 0) pattern += '|';
    else if (char === '[') {
      const read = readClass(chars, at);
      if (read === null) return null;
      pattern += read.pattern;
      at = read.next - 1;
    } else pattern += literal(char);
  }
  // What is left open ends with the text.
  return pattern + ')'.repeat(depth);
};

const known = new Map<string, Pattern>();
const knownMost = 1000;
const nothing: Pattern = () => false;

/**
 * Whether a whole text matches a glob of Argo CD: `*` and `?` stand for anything, `/` and `.` too; `{a,b}` for either;
 * `[a-z]`, `[abc]`, `[!abc]` for one letter. A `!` at the beginning is a letter. One that cannot be read matches nothing.
 */
export const argoGlobMatches = (glob: string, text: string): boolean => {
  if (glob === '*') return true;
  let matches = known.get(glob);
  if (matches === undefined) {
    const pattern = patternOf(glob);
    const compiled = pattern === null ? null : compilePattern(pattern);
    matches = compiled?.ok === true ? compiled.value : nothing;
    if (known.size >= knownMost) known.clear();
    known.set(glob, matches);
  }
  return matches(text);
};
