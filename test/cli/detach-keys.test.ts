import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DetachKeys } from '../../src/cli/detach-keys.ts';

const p = 0x10;
const q = 0x11;

/** What went through in all, and whether the person has left. */
const typed = (bytes: readonly number[], cuts: readonly number[]) => {
  const keys = new DetachKeys();
  const passed: number[] = [];
  const edges = [
    0,
    ...cuts.filter((c) => c < bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ];
  for (const [i, from] of edges.slice(0, -1).entries()) {
    const { passed: now, left } = keys.take(Uint8Array.from(bytes.slice(from, edges[i + 1])));
    passed.push(...now);
    if (left) return { passed, left };
  }
  return { passed, left: false };
};

describe('keys that leave a session', () => {
  it('given any typing, cut anywhere, then all before the two keys goes through, and nothing behind them', () => {
    const byte = fc.oneof(fc.constantFrom(p, q, 13, 97), fc.nat(255));
    const cuts = fc.array(fc.nat(40), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), cuts, (bytes, at) => {
        const end = bytes.findIndex((b, i) => b === p && bytes[i + 1] === q);
        const is = typed(bytes, at);
        expect(is.left).toBe(end >= 0);
        // One that may be the first of the two waits for the next key.
        const all = bytes.at(-1) === p ? bytes.slice(0, -1) : bytes;
        expect(is.passed).toEqual(end >= 0 ? bytes.slice(0, end) : all);
      }),
    );
  });

  it('given the first of them twice, then one of them is a key like all others', () => {
    expect(typed([p, p, q], [])).toEqual({ passed: [p], left: true });
    expect(typed([p, 97], [1])).toEqual({ passed: [p, 97], left: false });
  });
});
