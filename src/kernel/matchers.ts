import type { Labels, Matcher } from './alert-fact.ts';
import { failed, failure, ok, type Result } from './failure.ts';
import { escapeGo } from './go-string.ts';
import { readMatchersClassic } from './matchers-classic.ts';
import { type MatcherProblem, readMatchersUtf8 } from './matchers-utf8.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** Nobody types more on purpose; characters. */
const textMost = 20_000;
const matchersMost = 200;

const same = (a: readonly Matcher[], b: readonly Matcher[]): boolean =>
  matchersText(a) === matchersText(b);

const wrong = ({ column, why, hint }: MatcherProblem): Result<readonly Matcher[]> =>
  failed(
    failure('misconfigured', 'read matchers', why, {
      on: `column ${column}`,
      ...(hint === '' ? {} : { hint }),
    }),
  );

/** Where a pattern stands in a text, for the message; the first place when it is escaped there. */
const columnOf = (text: string, value: string): number => {
  const at = text.indexOf(value);
  return at < 0 ? 1 : [...text.slice(0, at)].length + 1;
};

/**
 * Matchers as Alertmanager reads them: in braces or without, by its newer syntax, and by the classic one where only
 * that can read a text or where both read different things. Empty text and `{}` are no matchers.
 * @returns a failure `misconfigured` with `on: 'column 12'` and a hint.
 */
export const parseMatchers = (text: string): Result<readonly Matcher[]> => {
  if (text.length > textMost)
    return wrong({ column: textMost, why: `longer than ${textMost} characters`, hint: '' });
  const newer = readMatchersUtf8(text);
  const classic = readMatchersClassic(text);
  if (newer.kind === 'wrong' && classic.kind === 'wrong') return wrong(newer);
  const matchers =
    classic.kind === 'read' && !(newer.kind === 'read' && same(newer.matchers, classic.matchers))
      ? classic.matchers
      : newer.kind === 'read'
        ? newer.matchers
        : [];
  if (matchers.length > matchersMost)
    return wrong({ column: 1, why: `more than ${matchersMost} matchers`, hint: '' });
  for (const m of matchers) {
    const compiled = m.isRegex ? compilePattern(m.value) : null;
    if (compiled?.ok === false)
      return wrong({
        column: columnOf(text, m.value),
        why: `the pattern of ${m.name}: ${compiled.failure.message}`,
        hint: 'patterns are Go regular expressions and match whole values',
      });
  }
  return ok(matchers);
};

/** By matcher: those of silences stay the same objects from one answer to the next. Null: not a pattern. */
const compiled = new WeakMap<Matcher, Pattern | null>();

const patternOf = (m: Matcher): Pattern | null => {
  const had = compiled.get(m);
  if (had !== undefined) return had;
  const made = compilePattern(m.value);
  const pattern = made.ok ? made.value : null;
  compiled.set(m, pattern);
  return pattern;
};

/** The value of a label; '' when there is none. Names like `constructor` are no labels unless they are. */
export const labelOf = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';

/**
 * Whether labels fulfil all matchers; a label that is missing is ''. A pattern that cannot be read matches nothing,
 * in the negative too: of such a silence it is not known what it hides.
 */
export const matches = (matchers: readonly Matcher[], labels: Labels): boolean =>
  matchers.every((m) => {
    const value = labelOf(labels, m.name);
    if (!m.isRegex) return (value === m.value) === m.isEqual;
    const pattern = patternOf(m);
    return pattern?.(value) === m.isEqual;
  });

/** Names that both syntaxes read without quotes. */
const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const matcherText = ({ name, value, isRegex, isEqual }: Matcher): string =>
  `${plainName.test(name) ? name : `"${escapeGo(name)}"`}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}"${escapeGo(value)}"`;

/** `{alertname="X", severity=~"crit.*"}`; what `parseMatchers` reads back as it was. */
export const matchersText = (matchers: readonly Matcher[]): string =>
  `{${matchers.map(matcherText).join(', ')}}`;
