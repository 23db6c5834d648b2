/** Longest pattern that is tried; nobody types a longer one on purpose. */
const longest = 200;
/** Repetitions without an upper bound in one pattern: the time of a failing match grows with the power of their number. */
const unboundedKept = 2;
/** A bounded repetition above this is as good as unbounded. */
const large = 20;

export type Tamed =
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  /** `why` tells the person, the text is then searched for as it is. */
  | { readonly kind: 'literal'; readonly why: string };

interface Group {
  readonly start: number;
  /** Holds a repetition or alternatives, so that repeating it may take exponential time. */
  risky: boolean;
  /** Holds a repetition without an upper bound. */
  endless: boolean;
}

const literal = (why: string): Tamed => ({ kind: 'literal', why });

/** `{2,5}` at `from`, or null. */
const countsAt = (text: string, from: number): { end: number; most: number } | null => {
  const found = /^\{(\d+)(,(\d*))?\}/.exec(text.slice(from, from + 16));
  if (found === null) return null;
  const [all, least = '0', comma, most] = found;
  const upper = comma === undefined ? Number(least) : most === '' ? Infinity : Number(most);
  return { end: from + all.length, most: upper };
};

const sideBySide = 'repetitions side by side are not supported';

/** Why a pattern might take too long, or null when it cannot. */
const danger = (text: string): string | null => {
  const stack: Group[] = [{ start: 0, risky: false, endless: false }];
  let closed: Group | null = null;
  let unbounded = 0;
  /** Where the last endless repetition ended, and where the atom before `i` began. */
  let endlessTo = -1;
  let atom = 0;
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    const here = stack.at(-1) as Group;
    const wasClosed = closed;
    closed = null;
    const counts = c === '{' ? countsAt(text, i) : null;
    if (c === '*' || c === '+' || counts !== null) {
      const most = counts?.most ?? Infinity;
      if (wasClosed?.risky === true && most > 1) return 'repeated groups are kept simple here';
      i = counts?.end ?? i + 1;
      for (const group of stack) group.risky = true;
      if (most <= large) continue;
      if (atom === endlessTo) return sideBySide;
      unbounded += 1;
      if (text[i] === '?') i += 1;
      endlessTo = i;
      for (const group of stack) group.endless = true;
      continue;
    }
    if (c === ')') {
      closed = stack.length > 1 ? (stack.pop() as Group) : here;
      atom = closed.start;
      i += 1;
      if (!closed.endless) continue;
      endlessTo = i;
      continue;
    }
    if (c !== '?') atom = i;
    if (c === '\\') {
      if (/[1-9k]/.test(text[i + 1] ?? '')) return 'references back are not supported';
      i += 2;
    } else if (c === '[') {
      i += 1;
      if (text[i] === '^') i += 1;
      while (i < text.length && text[i] !== ']') i += text[i] === '\\' ? 2 : 1;
      i += 1;
    } else if (c === '(') {
      if (/^\(\?<?[=!]/.test(text.slice(i, i + 4))) return 'looking around is not supported';
      stack.push({ start: i, risky: false, endless: false });
      const inside = i + (text.startsWith('(?:', i) ? 3 : 1);
      // A bracket between two repetitions does not keep them apart.
      if (i === endlessTo) endlessTo = inside;
      i = inside;
    } else {
      if (c === '|') for (const group of stack) group.risky = true;
      i += 1;
    }
  }
  return unbounded > unboundedKept ? `at most ${unboundedKept} of * and + are supported` : null;
};

/**
 * The pattern as a regular expression, if it is one and cannot take long; case matters only where a capital is typed.
 * JavaScript's engine goes back and forth, so patterns whose time may explode are refused before they run:
 * of what is left the worst takes the cube of a text's length, and texts of rows are short.
 */
export const tamePattern = (text: string, flags = ''): Tamed => {
  if (text.length > longest) return literal(`longer than ${longest} characters`);
  // Leading and trailing `.*` find nothing more and cost most.
  const core = text.replace(/^(?:\.\*\??)+(?=.)/, '').replace(/(?<=[^\\])(?:\.\*\??)+$/, '');
  const why = danger(core);
  if (why !== null) return literal(why);
  const capitals = /\p{Lu}/u.test(core.replace(/\\./g, ''));
  try {
    return { kind: 'pattern', pattern: new RegExp(core, `${flags}${capitals ? '' : 'i'}`) };
  } catch {
    return literal('no valid pattern');
  }
};
