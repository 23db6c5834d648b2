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

  it('given the same for pods of one workload, then it is one moment; each alert is one by its name', () => {
    const crash = (rev: number, pod: string) => change(rev, 'bad', `web/shop-6c9f7d4b8-${pod}`);
    const alert = (rev: number, name: string) => ({
      ...change(rev, 'bad', `${name}${rev}`, 'alerts'),
      text: `${name} fires: web/shop-6c9f7d4b8-zz7v${rev}`,
    });
    const all = [crash(1, 'zz7vd'), crash(2, '4crcm'), alert(4, 'A'), alert(5, 'A'), alert(6, 'B')];
    expect(revs(collected(...all))).toEqual([1, 4, 6]);
  });

  it('given warning events, then they are no moments', () => {
    expect(collected(change(1, 'warn', 'a/b', 'events'))).toEqual([]);
  });

  it('given marks among moments, then one goes from mark to mark as well', () => {
    const mark = (rev: number) => change(rev, 'info', '', '');
    const moments = collected(change(1, 'bad'), mark(2), change(3, 'good', 'b'), mark(4));
    expect(moments.map((m) => m.kind)).toEqual(['change', 'mark', 'change', 'mark']);
    expect(nextMoment(moments, revision(2))?.rev).toBe(3);
    expect(nextMoment(moments, revision(2), 'mark')?.rev).toBe(4);
    expect(previousMoment(moments, revision(4), 'mark')?.rev).toBe(2);
    expect(previousMoment(moments, revision(2), 'mark')).toBe(null);
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
