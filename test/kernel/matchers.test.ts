import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matcher } from '../../src/kernel/alert-fact.ts';
import { failureText } from '../../src/kernel/failure.ts';
import { matchersText, matches, parseMatchers } from '../../src/kernel/matchers.ts';

type Recorded = readonly [text: string, labels: Record<string, string> | null, says: string];
const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/alertmanager/amtool-matchers.json'), 'utf8'),
) as { cases: readonly Recorded[] };

/** Texts that only the syntax since 0.27 can read, and the amtool that was asked is older. */
const newer = new Set(['1a=b', 'a-b=c', '"a"=b', '"a"="b"', '🙂=b']);

const say = (text: string, labels: Record<string, string>): string => {
  const read = parseMatchers(text);
  if (!read.ok) return 'error';
  return matches(read.value, labels) ? 'yes' : 'no';
};

const read = (text: string): readonly Matcher[] => {
  const result = parseMatchers(text);
  if (!result.ok) throw new Error(failureText(result.failure));
  return result.value;
};

const equal = (name: string, value: string): Matcher => ({
  name,
  value,
  isRegex: false,
  isEqual: true,
});

describe('matchers', () => {
  it('given what amtool was asked, when we are asked, then we say the same', () => {
    expect(cases.length).toBeGreaterThan(400);
    const told = cases
      .filter(([text]) => !newer.has(text))
      .map(([text, labels, says]) => ({ text, labels, says, we: say(text, labels ?? {}) }));
    expect(told.filter(({ says, we }) => says !== we)).toEqual([]);
  });

  it.each([
    ['1a=b', '1a', 'b'],
    ['a-b=c', 'a-b', 'c'],
    ['"a b"="c d"', 'a b', 'c d'],
    ['🙂=b', '🙂', 'b'],
    ['{"a"="\\u00e4\\t\\x41\\101"}', 'a', 'ä\tAA'],
    ['{"foo"="\\xf0\\x9f\\x99\\x82"}', 'foo', '🙂'],
    ['{"foo"="\\U0001f642"}', 'foo', '🙂'],
  ])('given %s, when it is read, then by the newer syntax', (text, name, value) => {
    expect(read(text)).toEqual([equal(name, value)]);
  });

  it('given a text that both syntaxes read differently, when it is read, then the classic one counts', () => {
    expect(read('a="b\\t"')).toEqual([equal('a', 'b\\t')]);
  });

  it.each([
    ['severity', 'column 9', 'expected =, !=, =~ or !~, found the end', 'severity="…"'],
    ['a=b,,c=d', 'column 5', 'expected the name of a label, found ","', 'severity="critical"'],
    ['a="b', 'column 3', 'the closing " is missing', 'double quotes'],
    ['{a="b" c="d"}', 'column 8', 'expected a comma, found "c"', 'double quotes'],
    ['🙂🙂="x" y', 'column 8', 'expected a comma, found "y"', 'double quotes'],
    ['a="b",x=~"(c"', 'column 11', 'the pattern of x: ( is not closed', 'Go regular expressions'],
    ['{"a"="\\xf0\\x9f"}', 'column 6', 'an escape in the quotes is not known', 'behind a \\'],
  ])(
    'given %s, when it is read, then the failure names the place and a way out',
    (text, on, why, hint) => {
      const result = parseMatchers(text);
      if (result.ok) throw new Error('it was read');
      expect(result.failure).toMatchObject({ kind: 'misconfigured', on, message: why });
      expect(result.failure.hint).toContain(hint);
    },
  );

  it('given names that every object has, when labels are matched, then they are no labels', () => {
    expect(matches(read('constructor=""'), {})).toBe(true);
    expect(matches(read('__proto__!=""'), {})).toBe(false);
    const hostile = JSON.parse('{"__proto__": "x"}') as Record<string, string>;
    expect(matches(read('__proto__="x"'), hostile)).toBe(true);
  });

  it('given a pattern that cannot be read, when it comes with a silence, then it matches nothing', () => {
    const pattern = { name: 'a', value: '(', isRegex: true };
    expect(matches([{ ...pattern, isEqual: true }], { a: '(' })).toBe(false);
    expect(matches([{ ...pattern, isEqual: false }], { a: 'b' })).toBe(false);
  });

  it('given too much, when it is read, then it is refused', () => {
    expect(parseMatchers(`a="${'b'.repeat(30_000)}"`).ok).toBe(false);
    expect(parseMatchers('a=b,'.repeat(201)).ok).toBe(false);
  });

  it('given any matchers, when they are written and read, then they are the same', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', '\n', '~', '=', 'n', 'a') }),
    );
    const matcher = fc.record({
      name: text.filter((t) => t !== ''),
      value: text,
      isRegex: fc.constant(false),
      isEqual: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(matcher, { maxLength: 5 }), (matchers) => {
        expect(read(matchersText(matchers))).toEqual(matchers);
      }),
    );
  });

  it('given any text, when it is read, then it is matchers or a failure with a column', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('"', '\\', ',', '{', '}', ' ', '~', '=', '!', 'a', '('),
        }),
        (text) => {
          const result = parseMatchers(text);
          if (!result.ok) expect(result.failure.on).toMatch(/^column [1-9]\d*$/);
        },
      ),
    );
  });
});
