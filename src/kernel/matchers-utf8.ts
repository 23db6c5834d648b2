import type { Matcher } from './alert-fact.ts';
import { unescapeGo } from './go-string.ts';

/** What is wrong, and where: `column` counts characters from 1. */
export interface MatcherProblem {
  readonly column: number;
  readonly why: string;
  /** What to type instead; '' when there is nothing to say. */
  readonly hint: string;
}

export type MatchersRead =
  | { readonly kind: 'read'; readonly matchers: readonly Matcher[] }
  | ({ readonly kind: 'wrong' } & MatcherProblem);

interface Token {
  readonly kind: '{' | '}' | ',' | 'operator' | 'text' | 'end' | 'wrong';
  /** Unescaped; of `wrong` the reason. */
  readonly value: string;
  readonly column: number;
  readonly shown: string;
}

/** What Go calls space; JavaScript's own idea of it differs in two characters. */
const spaces = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const space = new RegExp(spaces);
const atEdges = new RegExp(`^${spaces}+|${spaces}+$`, 'g');
export const trimSpace = (text: string): string => text.replace(atEdges, '');
const reserved = /[{}!=~,\\"'`]/;
const isPlain = (c: string): boolean => !space.test(c) && !reserved.test(c);

const quotedToken = (chars: readonly string[], at: number): { token: Token; to: number } => {
  const column = at + 1;
  let to = at + 1;
  while (to < chars.length && chars[to] !== '"') to += chars[to] === '\\' ? 2 : 1;
  const shown = chars.slice(at, to + 1).join('');
  const say = (value: string) => ({ token: { kind: 'wrong' as const, value, column, shown }, to });
  if (to >= chars.length) return say('the closing " is missing');
  const value = unescapeGo(shown.slice(1, -1));
  if (value === null) return say('an escape in the quotes is not known');
  return { token: { kind: 'text', value, column, shown }, to: to + 1 };
};

const tokenAt = (chars: readonly string[], from: number): { token: Token; to: number } => {
  let at = from;
  while (at < chars.length && space.test(chars[at] ?? '')) at += 1;
  const c = chars[at];
  const column = at + 1;
  if (c === undefined) return { token: { kind: 'end', value: '', column, shown: '' }, to: at };
  if (c === '{' || c === '}' || c === ',')
    return { token: { kind: c, value: c, column, shown: c }, to: at + 1 };
  const two = `${c}${chars[at + 1] ?? ''}`;
  if (two === '=~' || two === '!=' || two === '!~')
    return { token: { kind: 'operator', value: two, column, shown: two }, to: at + 2 };
  if (c === '=') return { token: { kind: 'operator', value: c, column, shown: c }, to: at + 1 };
  if (c === '"') return quotedToken(chars, at);
  if (!isPlain(c)) {
    const value = c === '!' ? '! needs = or ~ behind it' : `${c} must stand in double quotes`;
    return { token: { kind: 'wrong', value, column, shown: c }, to: at + 1 };
  }
  let to = at;
  while (to < chars.length && isPlain(chars[to] ?? '')) to += 1;
  const value = chars.slice(at, to).join('');
  return { token: { kind: 'text', value, column, shown: value }, to };
};

/** A matcher of one of the four operators. */
export const matcherOf = (name: string, operator: string, value: string): Matcher => ({
  name,
  value,
  isRegex: operator.endsWith('~'),
  isEqual: operator.startsWith('='),
});

/** The syntax since Alertmanager 0.27: any text may be quoted, and what is not quoted has none of {}!=~,\"'` in it. */
export const readMatchersUtf8 = (text: string): MatchersRead => {
  const chars = [...text];
  const matchers: Matcher[] = [];
  let at = 0;
  const peek = (): Token => tokenAt(chars, at).token;
  const next = (): Token => {
    const { token, to } = tokenAt(chars, at);
    at = to;
    return token;
  };
  const wrong = (t: Token, expected: string, hint = ''): MatchersRead => {
    if (t.kind === 'wrong') {
      const quote = 'values with such characters stand in double quotes, \\ and " behind a \\';
      return { kind: 'wrong', column: t.column, why: t.value, hint: quote };
    }
    const found = t.kind === 'end' ? 'the end' : `"${t.shown}"`;
    return { kind: 'wrong', column: t.column, why: `expected ${expected}, found ${found}`, hint };
  };
  const finish = (braced: boolean): MatchersRead => {
    const t = next();
    if (braced && t.kind !== '}') return wrong(t, '}', 'close the brace');
    if (!braced && t.kind === '}') return wrong(t, 'no }', 'it has no opening brace');
    const last = braced ? next() : t;
    return last.kind === 'end' ? { kind: 'read', matchers } : wrong(last, 'the end');
  };
  const braced = peek().kind === '{';
  if (braced) next();
  if (peek().kind === (braced ? '}' : 'end')) return finish(braced);
  for (;;) {
    const name = next();
    if (name.kind !== 'text') return wrong(name, 'the name of a label', 'severity="critical"');
    const operator = next();
    if (operator.kind !== 'operator')
      return wrong(operator, '=, !=, =~ or !~', `${name.shown}="…"`);
    const value = next();
    if (value.kind !== 'text')
      return wrong(value, 'a value', `for no value: ${name.shown}${operator.shown}""`);
    matchers.push(matcherOf(name.value, operator.value, value.value));
    const then = peek();
    if (then.kind !== ',') {
      if (then.kind === '}' || then.kind === 'end') return finish(braced);
      return wrong(then, 'a comma', 'values with spaces stand in double quotes');
    }
    next();
    const more = peek().kind;
    if (more === '}' || more === 'end') return finish(braced);
  }
};
