import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { type Freshness, freshnessAt, never, refresh, worst } from '../../src/kernel/freshness.ts';
import { epochMs, milliseconds, seconds } from '../../src/kernel/units.ts';

const why = failure('timeout', 'watch pods', 'no answer');
const signals = {
  observed: { kind: 'observed', scope: '', data: 1 },
  synced: { kind: 'synced', scope: '' },
  heard: { kind: 'heard', scope: '' },
  gap: { kind: 'gap', scope: '', why: 'relist' },
  failed: { kind: 'failed', scope: '', failure: why },
} satisfies Record<string, Signal>;
type Name = keyof typeof signals;

/** A scope after these signals, one second apart, the first at 1000. */
const following = (...names: Name[]): Freshness =>
  names.reduce<Freshness>((f, n, i) => refresh(f, signals[n], epochMs((i + 1) * 1000)), never);

describe('refresh', () => {
  it.each<[Name[], Freshness]>([
    [[], never],
    [['observed', 'heard', 'gap'], never],
    [['synced'], { kind: 'fresh', heard: epochMs(1000) }],
    [['synced', 'observed'], { kind: 'fresh', heard: epochMs(2000) }],
    [['synced', 'heard'], { kind: 'fresh', heard: epochMs(2000) }],
    [
      ['synced', 'gap', 'observed'],
      { kind: 'stale', since: epochMs(2000), why: 'relist', heard: epochMs(1000) },
    ],
    [['synced', 'gap', 'synced'], { kind: 'fresh', heard: epochMs(3000) }],
    [['failed'], { kind: 'failing', since: epochMs(1000), failure: why, heard: null }],
    [
      ['synced', 'failed', 'gap', 'failed'],
      { kind: 'failing', since: epochMs(2000), failure: why, heard: epochMs(1000) },
    ],
    [
      ['synced', 'failed', 'heard'],
      { kind: 'failing', since: epochMs(2000), failure: why, heard: epochMs(1000) },
    ],
    [['failed', 'synced'], { kind: 'fresh', heard: epochMs(2000) }],
  ])('given %j, then it is as expected', (names, expected) => {
    expect(following(...names)).toEqual(expected);
  });

  it('given any signals, then only `synced` makes a scope fresh that was not', () => {
    const names = fc.array(fc.constantFrom(...(Object.keys(signals) as Name[])), { maxLength: 20 });
    fc.assert(
      fc.property(names, (all) => {
        let was: Freshness = never;
        for (const [i, name] of all.entries()) {
          const now = refresh(was, signals[name], epochMs(i));
          if (now.kind === 'fresh' && was.kind !== 'fresh') expect(name).toBe('synced');
          if (name === 'failed') expect(now.kind).toBe('failing');
          was = now;
        }
      }),
    );
  });
});

describe('freshness seen later', () => {
  const fresh: Freshness = { kind: 'fresh', heard: epochMs(1000) };

  it('given silence up to the patience, then it is fresh; above it, stale since it was heard', () => {
    expect(freshnessAt(fresh, epochMs(31_000), seconds(30))).toBe(fresh);
    expect(freshnessAt(fresh, epochMs(31_001), seconds(30))).toEqual({
      kind: 'stale',
      since: 1000,
      why: 'nothing heard',
      heard: 1000,
    });
  });

  it('given a clock that was set back, then it is fresh rather than from the future', () => {
    expect(freshnessAt(fresh, epochMs(0), milliseconds(1))).toBe(fresh);
  });

  it('given several, then the least trustworthy counts, and none at all is never', () => {
    expect(worst([]).kind).toBe('never');
    expect(worst([fresh, following('synced', 'gap')]).kind).toBe('stale');
    expect(worst([following('failed'), following('synced', 'gap'), fresh]).kind).toBe('failing');
    expect(worst([following('failed'), never]).kind).toBe('never');
  });
});
