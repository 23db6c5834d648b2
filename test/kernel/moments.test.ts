import { describe, expect, it } from 'vitest';
import { probeId } from '../../src/kernel/fact.ts';
import {
  type Moment,
  MomentCollector,
  momentsKept,
  nextMoment,
  previousMoment,
} from '../../src/kernel/moments.ts';
import type { Change, Tone } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';

const change = (rev: number, tone: Tone, key = 'a', probe = 'pods', at = rev * 1000): Change => ({
  rev: revision(rev),
  at: epochMs(at),
  probe: probeId(probe),
  key,
  tone,
  text: `${tone} ${key}`,
});
const collected = (...changes: Change[]): readonly Moment[] => {
  const collector = new MomentCollector();
  collector.add(changes);
  return collector.moments;
};
const revs = (moments: readonly Moment[]) => moments.map((m) => m.rev as number);

describe('moments', () => {
  it('given changes, then good, bad and warnings count, and marks, and remarks do not', () => {
    const marks = change(5, 'info', '', '');
    const all = [change(1, 'bad'), change(2, 'info'), change(3, 'warn'), change(4, 'good'), marks];
    expect(revs(collected(...all))).toEqual([1, 3, 4, 5]);
  });

  it('given the same again and again within half a minute each, then it is one moment', () => {
    const flapping = [1, 20, 40, 65, 96].map((s) => change(s, 'bad'));
    expect(revs(collected(...flapping, change(97, 'bad', 'b'), change(98, 'good')))).toEqual([
      1, 96, 97, 98,
    ]);
  });

  it('given marks close together, then each is kept', () => {
    expect(revs(collected(change(1, 'info', '', ''), change(2, 'info', '', '')))).toEqual([1, 2]);
  });

  it('given too many, then the less telling go first and those that are left stay in order', () => {
    const collector = new MomentCollector();
    for (let i = 1; i <= momentsKept * 5; i += 1) {
      const tone = i % 10 === 0 ? 'bad' : i % 2 === 0 ? 'good' : 'warn';
      collector.add([change(i, tone, `k${i}`)]);
    }
    collector.add([change(9_999_999, 'info', '', '')]);
    const { moments } = collector;
    expect(moments.length).toBeLessThanOrEqual(momentsKept);
    expect(moments.length).toBeGreaterThan(momentsKept / 4);
    expect(moments.filter((m) => m.tone === 'bad').length).toBe(momentsKept / 2);
    expect(revs(moments)).toEqual(revs(moments).toSorted((a, b) => a - b));
    expect(moments.at(-1)?.tone).toBe('info');
  });

  it('given a position, then next and previous are those after and before it', () => {
    const moments = collected(change(3, 'bad'), change(7, 'good'), change(9, 'warn'));
    expect(nextMoment(moments, revision(3))?.rev).toBe(7);
    expect(nextMoment(moments, revision(9))).toBe(null);
    expect(previousMoment(moments, revision(7))?.rev).toBe(3);
    expect(previousMoment(moments, revision(3))).toBe(null);
  });
});
