import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcherOf } from '../../src/views/filter.ts';

const row = 'payments payment-gateway-7d9f 0/1 CrashLoopBackOff worker-1 ';
const labels = { app: 'gateway', tier: 'web' };
const finds = (typed: string, text = row): boolean => matcherOf(typed).matches(text, labels);

describe('filter', () => {
  it.each([
    ['crash', true],
    ['Crash', true],
    ['CRASH', false],
    ['crashloopbackoff', true],
    ['pay.*crash', true],
    ['^payments', true],
    ['worker-[23]', false],
    ['gateway|checkout', true],
    ['!crash', false],
    ['!checkout', true],
    ['', true],
    ['!', true],
    ['-f pgw', true],
    ['-f xyz', false],
    ['-f', true],
    ['-l app=gateway', true],
    ['-l app=gateway,tier notin (db)', true],
    ['-l !app', false],
  ])('given "%s", when a crashing row is asked about, then the answer is %s', (typed, expected) => {
    expect(finds(typed)).toBe(expected);
  });

  it('given no valid pattern, when it is read, then it is searched as plain text and says so', () => {
    const matcher = matcherOf('gateway(');
    expect(matcher.note).toContain('plain text');
    expect(matcher.matches('gateway(1)', {})).toBe(true);
    expect(matcher.matches('gateway', {})).toBe(false);
  });

  it('given an unfinished label selector, when it is read, then nothing is hidden and a note tells why', () => {
    const matcher = matcherOf('-l app in (');
    expect(matcher.active).toBe(false);
    expect(matcher.note).toContain('label selector');
  });

  it.each([
    '(a+)+$',
    '(a|aa)+b',
    '([a-z]+)*!',
    '(.*)*x',
    '(a{1,30}){1,30}b',
    '(?=a)b',
    '(a)\\1',
    'a*b*',
    'a*bb*cc*d',
    '.+.+~',
    '(x.*)(.*y)',
    '(a|b.*){2}',
    'x'.repeat(201),
  ])('given a pattern whose time may explode, %s, when it is read, then it is not run', (typed) => {
    expect(matcherOf(typed).note).toContain('plain text');
  });

  it.each([
    'pay.*crash',
    '.*crash.*',
    '(web|api)-[0-9]+',
    'x{2,5}',
    '^web.*[a-z]{5}$',
    '(?:a|b)?c.*',
    '[(*+]x',
    '\\(a\\)+',
  ])('given an ordinary pattern, %s, when it is read, then it is run as one', (typed) => {
    expect(matcherOf(typed).note).toBe('');
  });

  it('given an inverse filter that is no pattern, when rows are asked, then the plain text is excluded', () => {
    expect(matcherOf('![').matches('a[b', {})).toBe(false);
    expect(matcherOf('![').matches('ab', {})).toBe(true);
  });

  it('given a pattern, when ranges are asked, then they are where it is found', () => {
    expect(matcherOf('a.').ranges('xabyac')).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(matcherOf('-f pgw').ranges('payment-gw')).toEqual([
      [0, 1],
      [8, 10],
    ]);
    expect(matcherOf('!a').ranges('abc')).toEqual([]);
  });

  it('given any text and any filter, when it is read and asked, then ranges are inside, ascending and apart', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 80 }), (typed, text) => {
        const matcher = matcherOf(typed);
        expect(typeof matcher.matches(text, {})).toBe('boolean');
        let from = 0;
        for (const [start, end] of matcher.ranges(text)) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          from = end;
        }
      }),
    );
  });

  it('given plain words, when rows are asked, then the answer is that of a search without case', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
    fc.assert(
      fc.property(word, word, word, (typed, before, after) => {
        const text = `${before}${typed.toUpperCase()}${after}`;
        if (/^-[lf]/.test(typed)) return;
        expect(matcherOf(typed).matches(text, {})).toBe(true);
      }),
    );
  });
});
