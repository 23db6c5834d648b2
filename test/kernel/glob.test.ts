import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches } from '../../src/kernel/glob.ts';

describe('globMatches', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'prod-eu', false],
    ['*prod*', 'live-PROD-eu', true],
    ['prod-*', 'prod-', true],
    ['a*a', 'a', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxcyyb', false],
    ['*', '', true],
    ['arn:aws:*/x', 'arn:aws:eks:eu:1:cluster/x', true],
    ['a.c', 'abc', false],
  ])('given %s and %s, then %s', (pattern, name, expected) => {
    expect(globMatches(pattern, name)).toBe(expected);
  });

  it('agrees with the regular expression it stands for', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(words, names, (pattern, name) => {
        const meant = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(globMatches(pattern, name)).toBe(meant.test(name));
      }),
    );
  });
});
