import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepSame, sameData, sameList } from '../../src/kernel/same-data.ts';

const thing = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), says: fc.array(fc.nat(2)) });
const things = fc.uniqueArray(thing, { selector: ({ key }) => key });
const keyOf = ({ key }: { readonly key: string }) => key;

describe('data that says the same', () => {
  it('given any data, when it is copied, then both say the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameData(value, structuredClone(value))).toBe(true);
      }),
    );
  });

  it('given any two values, when they are compared, then they are the same where their texts are', () => {
    const small = fc.jsonValue({ maxDepth: 2 });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const isSame =
          JSON.stringify(a) === JSON.stringify(b) && Object.is(a, -0) === Object.is(b, -0);
        if (isSame) expect(sameData(a, b)).toBe(true);
        else if (sameData(a, b)) expect(a).toEqual(b);
      }),
    );
  });

  it('given a list and an object with the same names, then they do not say the same', () => {
    expect(sameData([1], { 0: 1 })).toBe(false);
    expect(sameData({ a: undefined }, {})).toBe(false);
    expect(sameData(null, {})).toBe(false);
  });

  it('given any two lists, when what is the same is kept, then it says what the new one says', () => {
    fc.assert(
      fc.property(things, things, (before, now) => {
        const kept = keepSame(before, now, keyOf);
        expect(kept).toEqual(now);
        for (const one of kept) {
          const had = before.find((b) => b.key === one.key);
          if (had !== undefined && sameData(had, one)) expect(one).toBe(had);
        }
      }),
    );
  });

  it('given a list of which every thing says the same, when it is kept, then it is the list before', () => {
    fc.assert(
      fc.property(things, (before) => {
        expect(keepSame(before, structuredClone(before), keyOf)).toBe(before);
      }),
    );
  });

  it('given lists, then they are the same where each place holds the same thing', () => {
    const [a, b] = [{}, {}];
    expect(sameList([a, b], [a, b])).toBe(true);
    expect(sameList([a, b], [b, a])).toBe(false);
    expect(sameList([a], [a, b])).toBe(false);
  });
});
