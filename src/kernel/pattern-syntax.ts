import {
  type Accepts,
  between,
  either,
  folded,
  foldedLetter,
  not,
  perlSets,
  posixSets,
  unicodeSet,
} from './pattern-set.ts';

export type Place = 'start' | 'end' | 'line start' | 'line end' | 'word border' | 'no word border';

/** What a pattern is made of. `most` may be Infinity. */
export type PatternNode =
  /** `letter` is the character itself where it accepts only that, '' elsewhere. */
  | { readonly kind: 'char'; readonly accepts: Accepts; readonly letter: string }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'row'; readonly of: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly of: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly of: PatternNode;
      readonly least: number;
      readonly most: number;
    };

export type PatternSyntax =
  | { readonly kind: 'read'; readonly node: PatternNode }
  | { readonly kind: 'wrong'; readonly why: string };

interface Flags {
  readonly fold: boolean;
  readonly dotAll: boolean;
  readonly lines: boolean;
}

/** As Go has it. */
const repeatMost = 1000;

/** Thrown by the reader below and caught in it: half a dozen levels deep, a value would be handed through each. */
class Wrong extends Error {}

const wrong = (why: string): never => {
  throw new Wrong(why);
};

const letterEscapes: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const hexadecimal = /^[0-9a-fA-F]+$/;

/** Reads the syntax of Go's regular expressions (RE2): no references back, no looking around. */
export const readPattern = (text: string): PatternSyntax => {
  const chars = [...text];
  let at = 0;
  const peek = (ahead = 0): string => chars[at + ahead] ?? '';
  const accept = (c: string): boolean => {
    if (peek() !== c) return false;
    at += 1;
    return true;
  };

  const letter = (c: string, flags: Flags): PatternNode => {
    const code = c.codePointAt(0) ?? 0;
    if (flags.fold && c.toLowerCase() !== c.toUpperCase())
      return { kind: 'char', accepts: foldedLetter(code), letter: '' };
    return { kind: 'char', accepts: (other) => other === code, letter: c };
  };

  const upTo = (end: string, what: string): string => {
    const from = at;
    while (at < chars.length && peek() !== end) at += 1;
    if (at >= chars.length) wrong(`${what} is not closed`);
    at += 1;
    return chars.slice(from, at - 1).join('');
  };

  const hexEscape = (): number => {
    let digits = '';
    if (accept('{')) digits = upTo('}', '\\x{');
    else {
      digits = chars.slice(at, at + 2).join('');
      at += 2;
    }
    const code = hexadecimal.test(digits) ? Number.parseInt(digits, 16) : -1;
    return code < 0 || code > 0x10ffff ? wrong('bad \\x escape') : code;
  };

  /** The character behind a backslash that has been read; undefined when it stands for something else. */
  const escapedCode = (): number | undefined => {
    const c = peek();
    if (c === '') wrong('a backslash at the end');
    if (/[0-7]/.test(c)) {
      if (c !== '0' && !/[0-7]/.test(peek(1))) wrong('references back are not supported');
      let digits = '';
      while (digits.length < 3 && /[0-7]/.test(peek())) digits += chars[at++];
      return Number.parseInt(digits, 8);
    }
    if (c === 'x') {
      at += 1;
      return hexEscape();
    }
    const known = letterEscapes[c];
    if (known !== undefined || /^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/.test(c)) {
      at += 1;
      return known ?? c.codePointAt(0);
    }
    return undefined;
  };

  /** `\d`, `\pL`, `\p{^Greek}` behind a backslash. */
  const escapedSet = (): Accepts | undefined => {
    const c = peek();
    const perl = perlSets.get(c);
    if (perl !== undefined) {
      at += 1;
      return perl;
    }
    if (c !== 'p' && c !== 'P') return undefined;
    at += 1;
    const name = accept('{') ? upTo('}', '\\p{') : (chars[at++] ?? '');
    const inverse = name.startsWith('^');
    const found = unicodeSet(inverse ? name.slice(1) : name);
    if (found === undefined) return wrong(`there is no set of characters ${name}`);
    return (c === 'P') !== inverse ? not(found) : found;
  };

  const posix = (): Accepts | undefined => {
    if (peek() !== '[' || peek(1) !== ':') return undefined;
    const end = chars.indexOf(']', at);
    if (end < at + 3 || chars[end - 1] !== ':') return undefined;
    const name = chars.slice(at + 2, end - 1).join('');
    const found = posixSets.get(name.replace('^', ''));
    if (found === undefined) return wrong(`there is no set of characters [:${name}:]`);
    at = end + 1;
    return name.startsWith('^') ? not(found) : found;
  };

  const memberOfSet = (): number => {
    if (!accept('\\')) return chars[at++]?.codePointAt(0) ?? wrong('[ is not closed');
    return escapedCode() ?? wrong(`\\${peek()} is not known`);
  };

  const set = (flags: Flags): PatternNode => {
    const inverse = accept('^');
    const sets: Accepts[] = [];
    for (let first = true; first || peek() !== ']'; first = false) {
      if (at >= chars.length) wrong('[ is not closed');
      const named = posix();
      if (named !== undefined) {
        sets.push(named);
        continue;
      }
      if (peek() === '\\') {
        at += 1;
        const known = escapedSet();
        if (known !== undefined) {
          sets.push(known);
          continue;
        }
        at -= 1;
      }
      const from = memberOfSet();
      if (peek() !== '-' || peek(1) === ']' || peek(1) === '') {
        sets.push(between(from, from));
        continue;
      }
      at += 1;
      const to = memberOfSet();
      if (to < from) wrong('a range in [ ] runs backwards');
      sets.push(between(from, to));
    }
    at += 1;
    const all = flags.fold ? folded(either(sets)) : either(sets);
    return { kind: 'char', accepts: inverse ? not(all) : all, letter: '' };
  };

  const escaped = (flags: Flags): PatternNode => {
    const c = peek();
    const place = ({ A: 'start', z: 'end', b: 'word border', B: 'no word border' } as const)[c];
    if (place !== undefined) {
      at += 1;
      return { kind: 'place', place };
    }
    const known = escapedSet();
    if (known !== undefined)
      return { kind: 'char', accepts: flags.fold ? folded(known) : known, letter: '' };
    const code = escapedCode() ?? wrong(`\\${c} is not known`);
    return letter(String.fromCodePoint(code), flags);
  };

  /** `(?i)` sets flags for what follows in the same group; `(?i:x)` for x only. Null: no group opened. */
  const groupFlags = (flags: Flags): { readonly flags: Flags; readonly opened: boolean } => {
    if (/^\?(P?<[A-Za-z_]\w*>)/.test(chars.slice(at, at + 100).join(''))) {
      upTo('>', 'a name');
      return { flags, opened: true };
    }
    if (!accept('?')) return { flags, opened: true };
    const next = { ...flags };
    let on = true;
    for (;;) {
      const c = chars[at++] ?? wrong('( is not closed');
      if (c === 'i') next.fold = on;
      else if (c === 's') next.dotAll = on;
      else if (c === 'm') next.lines = on;
      else if (c === '-' && on) on = false;
      else if (c === ':' || c === ')') return { flags: next, opened: c === ':' };
      // Which of several ways matches is of no interest here.
      else if (c !== 'U') wrong('looking around is not supported');
    }
  };

  /** `{2}`, `{2,}`, `{2,5}` at the cursor; braces that are none of it are letters. */
  const counts = (): { least: number; most: number } | undefined => {
    const c = peek();
    if (c === '*' || c === '+' || c === '?') {
      at += 1;
      return { least: c === '+' ? 1 : 0, most: c === '?' ? 1 : Number.POSITIVE_INFINITY };
    }
    const found = /^\{(\d+)(,(\d*))?\}/.exec(chars.slice(at, at + 16).join(''));
    if (found === null) return undefined;
    const [all, least = '0', comma, most = ''] = found;
    at += all.length;
    const to = comma === undefined ? Number(least) : most === '' ? -1 : Number(most);
    if (Number(least) > repeatMost || to > repeatMost) wrong(`at most ${repeatMost} repetitions`);
    if (to >= 0 && to < Number(least)) wrong('a repetition runs backwards');
    return { least: Number(least), most: to < 0 ? Number.POSITIVE_INFINITY : to };
  };

  const repeated = (of: PatternNode): PatternNode => {
    const n = counts();
    if (n === undefined) return of;
    accept('?');
    if (counts() !== undefined) wrong('a repetition of a repetition needs brackets');
    return { kind: 'repeat', of, ...n };
  };

  const atom = (flags: Flags): PatternNode => {
    if (counts() !== undefined) wrong('there is nothing to repeat');
    const c = chars[at++] ?? '';
    if (c === '\\') return escaped(flags);
    if (c === '[') return set(flags);
    if (c === '.')
      return { kind: 'char', accepts: flags.dotAll ? () => true : (o) => o !== 10, letter: '' };
    if (c === '^') return { kind: 'place', place: flags.lines ? 'line start' : 'start' };
    if (c === '$') return { kind: 'place', place: flags.lines ? 'line end' : 'end' };
    return letter(c, flags);
  };

  /** `\Q…\E`: letters as they are. What repeats behind it repeats the last of them. */
  const quoted = (flags: Flags): readonly PatternNode[] => {
    at += 2;
    const from = at;
    while (at < chars.length && !(peek() === '\\' && peek(1) === 'E')) at += 1;
    // Alertmanager puts a bracket behind the pattern, which would then be quoted too.
    if (at >= chars.length) wrong('\\Q is not closed');
    const letters = chars.slice(from, at).map((c) => letter(c, flags));
    at += 2;
    const last = letters.pop();
    return last === undefined ? [] : [...letters, repeated(last)];
  };

  const alternatives = (outer: Flags): PatternNode => {
    let flags = outer;
    const ways: PatternNode[] = [];
    let row: PatternNode[] = [];
    while (at < chars.length && peek() !== ')') {
      if (accept('|')) {
        ways.push({ kind: 'row', of: row });
        row = [];
      } else if (accept('(')) {
        const group = groupFlags(flags);
        if (!group.opened) {
          flags = group.flags;
          continue;
        }
        const inside = alternatives(group.flags);
        if (!accept(')')) wrong('( is not closed');
        row.push(repeated(inside));
      } else if (peek() === '\\' && peek(1) === 'Q') row.push(...quoted(flags));
      else row.push(repeated(atom(flags)));
    }
    ways.push({ kind: 'row', of: row });
    return ways.length === 1 && ways[0] !== undefined ? ways[0] : { kind: 'either', of: ways };
  };

  try {
    const node = alternatives({ fold: false, dotAll: false, lines: false });
    return at < chars.length ? { kind: 'wrong', why: ') without (' } : { kind: 'read', node };
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'wrong', why: error.message };
    throw error;
  }
};
