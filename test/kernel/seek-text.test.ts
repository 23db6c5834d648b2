import { describe, expect, it } from 'vitest';
import { parseSeek } from '../../src/kernel/seek-text.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';

const at = (text: string) => epochMs(Date.parse(text));
const night = {
  base: revision(100),
  last: revision(2000),
  startAt: at('2026-11-23T21:36:10Z'),
  endAt: at('2026-11-24T00:05:00Z'),
};
const cursor = { now: at('2026-11-23T22:00:00Z') };
const go = (text: string, timeline = night, player = cursor) => parseSeek(text, player, timeline);
const time = (text: string) => ({ kind: 'time', at: at(text) });

describe('where to go', () => {
  it.each([
    ['r1200', { kind: 'revision', rev: 1200 }],
    ['#1200', { kind: 'revision', rev: 1200 }],
    [' R100 ', { kind: 'revision', rev: 100 }],
    ['21:43', time('2026-11-23T21:43:00Z')],
    ['21:43:05', time('2026-11-23T21:43:05Z')],
    ['21:43:05.250', time('2026-11-23T21:43:05.250Z')],
    ['00:04', time('2026-11-24T00:04:00Z')],
    ['21:36', time('2026-11-23T21:36:10Z')],
    ['2026-11-23T21:43:05Z', time('2026-11-23T21:43:05Z')],
    ['2026-11-23T22:43:05+01:00', time('2026-11-23T21:43:05Z')],
    ['2026-11-23 21:43:05', time('2026-11-23T21:43:05Z')],
    ['2026-11-24', time('2026-11-24T00:00:00Z')],
    ['+5m', time('2026-11-23T22:05:00Z')],
    ['-1h30m', time('2026-11-23T21:36:10Z')],
    ['-90s', time('2026-11-23T21:58:30Z')],
    ['+9h', time('2026-11-24T00:05:00Z')],
    ['0%', time('2026-11-23T21:36:10Z')],
    ['100%', time('2026-11-24T00:05:00Z')],
  ])('given %j, then it is understood', (text, target) => {
    expect(go(text)).toEqual(target);
  });

  it.each([
    ['r2001', /ends at r2000/],
    ['r99', /compacted.*r100/],
    ['12:00', /from 2026-11-23 21:36:10 to 2026-11-24 00:05:00/],
    ['25:00', /no time of day/],
    ['2025-01-01T00:00:00Z', /the recording is from/],
    ['yesterday', /not a time/],
    ['', /not a time/],
    ['101%', /not a time/],
    ['5m', /not a time/],
    ['+', /not a time/],
    ['2026-99-99', /not a time/],
  ])('given %j, then it is refused with the reason', (text, why) => {
    expect(go(text)).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('given a time of day that the recording has twice, then it is the one nearer to the cursor', () => {
    const days = { ...night, endAt: at('2026-11-25T23:00:00Z') };
    expect(go('22:00', days, { now: at('2026-11-25T20:00:00Z') })).toEqual(
      time('2026-11-25T22:00:00Z'),
    );
    expect(go('22:00', days)).toEqual(time('2026-11-23T22:00:00Z'));
  });
});
