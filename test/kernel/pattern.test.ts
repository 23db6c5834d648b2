import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../src/kernel/pattern.ts';

const test = (source: string, text: string): boolean => {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  return compiled.value(text);
};

/** Patterns that mean the same in Go and in JavaScript. */
const pattern = fc.letrec<{ node: string; atom: string; row: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c') },
    fc.constantFrom('.', '[ab]', '[^a]', '[b-c]', '\\w', '\\D', '\\b', '^', '$'),
    tie('node').map((n) => `(?:${n})`),
  ),
  row: fc
    .array(
      fc
        .tuple(
          tie('atom'),
          fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,1}', '*?'),
        )
        // JavaScript repeats no places.
        .map(([atom, times]) => (/^(\\b|\^|\$)$/.test(atom) ? atom : atom + times)),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  node: fc.array(tie('row'), { minLength: 1, maxLength: 3 }).map((ways) => ways.join('|')),
})).node;

describe('patterns', () => {
  it('given any pattern and text, when they are matched, then as a backtracking engine would', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 6 })),
        (source, texts) => {
          const theirs = new RegExp(`^(?:${source})$`);
          for (const text of texts) expect(test(source, text)).toBe(theirs.test(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['(a+)+b', '(a|aa)+', '(.*a){20}', '(a*)*c', '.*.*.*.*x', '(?:a?){200}a{200}'])(
    'given %s, which takes others for ever, when a long text is matched, then it ends',
    (source) => {
      expect(test(source, `${'a'.repeat(4000)}!`)).toBe(false);
    },
  );

  it.each([
    ['(a{1000}){1000}', 'repeats too much'],
    ['a'.repeat(2001), 'longer than 2000 characters'],
    ['a{1001}', 'at most 1000 repetitions'],
    ['\\1', 'references back are not supported'],
    ['(?=a)', 'looking around is not supported'],
    ['(?!a)', 'looking around is not supported'],
    ['[a', '[ is not closed'],
    ['a)', ') without ('],
    ['\\', 'a backslash at the end'],
  ])('given %s, when it is read, then it is refused in words', (source, why) => {
    const compiled = compilePattern(source);
    expect(compiled.ok ? '' : compiled.failure.message).toBe(why);
  });

  it('given brackets in brackets without end, when they are read, then nothing breaks', () => {
    expect(test(`${'('.repeat(900)}a${')'.repeat(900)}`, 'a')).toBe(true);
  });

  it('given any text, when it is read as a pattern, then it compiles or is refused', () => {
    const unit = fc.constantFrom(...'ab()[]{}|*+?^$.\\-:1,<PQEpxi'.split(''));
    fc.assert(
      fc.property(fc.string({ unit }), (source) => {
        const compiled = compilePattern(source);
        if (compiled.ok) expect(typeof compiled.value('ab')).toBe('boolean');
        else expect(compiled.failure.message).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
