import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as player from '../../src/kernel/player.ts';
import { epochMs, milliseconds, revision, seconds } from '../../src/kernel/units.ts';

/** A timeline with entries at these seconds. */
const timeline = (...at: number[]): player.Timeline => {
  const times = at.map((s) => epochMs(s * 1000));
  const start = times[0] ?? epochMs(0);
  return {
    base: revision(0),
    last: revision(times.length),
    startAt: start,
    endAt: times.at(-1) ?? start,
    timeOf: (rev) => (rev === 0 ? start : (times[rev - 1] ?? start)),
    revisionAt: (time) => revision(times.filter((t) => t <= time).length),
  };
};
const line = timeline(10, 11, 11, 14, 60, 61);
const start = player.newPlayer(line);
const playing = (speed = 1) => player.play(player.withSpeed(start, speed), line);
const place = ({ position, now, status }: player.Player) => [position, now / 1000, status];

describe('playing', () => {
  it('given a new player, then it stands before the first entry, at its time, paused', () => {
    expect(place(start)).toEqual([0, 10, 'paused']);
    expect(player.advance(start, line, seconds(100))).toBe(start);
  });

  it('given time, then entries become due at the time at which they happened', () => {
    let p = playing();
    const seen: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      p = player.advance(p, line, seconds(1));
      seen.push(place(p));
    }
    expect(seen).toEqual([
      [3, 11, 'playing'],
      [3, 12, 'playing'],
      [3, 13, 'playing'],
      [4, 14, 'playing'],
      [4, 15, 'playing'],
    ]);
  });

  it.each([
    [0.25, 1, 11],
    [2, 4, 18],
    [64, 6, 61],
  ])('given %d times the speed, after 4 s, then it stands as far as that', (speed, _, now) => {
    expect(player.advance(playing(speed), line, seconds(4)).now / 1000).toBe(now);
  });

  it('given the end, then it pauses there; played again, it begins again', () => {
    const ended = player.advance(playing(64), line, seconds(4));
    expect(place(ended)).toEqual([6, 61, 'paused']);
    expect(place(player.toggle(ended, line))).toEqual([0, 10, 'playing']);
  });

  it('given the highest speed, then it runs to the end in bounded steps', () => {
    const long = timeline(...Array.from({ length: 25_000 }, (_, i) => i));
    let p = player.withSpeed(player.play(player.newPlayer(long), long), Number.POSITIVE_INFINITY);
    const positions: number[] = [];
    while (p.status === 'playing') {
      p = player.advance(p, long, milliseconds(1));
      positions.push(p.position);
    }
    expect(positions).toEqual([10_000, 20_000, 25_000]);
  });

  it('given a crowd of entries at one moment, then no step takes more than it can', () => {
    const crowd = timeline(...Array.from({ length: 30_000 }, () => 5), 6);
    const p = player.advance(player.play(player.newPlayer(crowd), crowd), crowd, seconds(1));
    expect([p.position, p.now, p.status]).toEqual([10_000, 5000, 'playing']);
  });

  it('given speeds, then faster and slower walk them and stop at the ends', () => {
    let p = start;
    for (let i = 0; i < 20; i += 1) p = player.faster(p, 1);
    expect(p.speed).toBe(Number.POSITIVE_INFINITY);
    expect(player.faster(p, -1).speed).toBe(64);
    for (let i = 0; i < 20; i += 1) p = player.faster(p, -1);
    expect(p.speed).toBe(0.25);
    expect(player.faster(player.withSpeed(start, 3), 1).speed).toBe(4);
    expect(player.withSpeed(start, 0).speed).toBe(1);
  });
});

describe('silence', () => {
  const quiet = player.withIdle(player.seek(playing(), line, 4), 'skipped');

  it('given a long one that may be skipped, then the cursor lands shortly before what comes next', () => {
    expect(place(player.advance(quiet, line, milliseconds(250)))).toEqual([4, 59, 'playing']);
    const kept = player.withIdle(quiet, 'kept');
    expect(place(player.advance(kept, line, milliseconds(250)))).toEqual([4, 14.25, 'playing']);
  });

  it('given one that is short for the viewer because it plays fast, then it is played', () => {
    const fast = player.withSpeed(quiet, 8);
    expect(player.advance(fast, line, milliseconds(250)).now / 1000).toBe(16);
  });

  it('given one that is long for the viewer because it plays slowly, then it is skipped', () => {
    const slow = player.withSpeed(
      player.withIdle(player.seek(playing(), line, 3), 'skipped'),
      0.25,
    );
    expect(player.advance(slow, line, milliseconds(250)).now / 1000).toBe(13.75);
  });
});

describe('going somewhere', () => {
  it('given a revision out of reach, then it goes to the nearest that there is', () => {
    expect(place(player.seek(start, line, 99))).toEqual([6, 61, 'paused']);
    expect(place(player.seek(start, line, -4))).toEqual([0, 10, 'paused']);
  });

  it('given a time between entries, then all before it have happened and the cursor stands there', () => {
    expect(place(player.seekTime(start, line, epochMs(30_000)))).toEqual([4, 30, 'paused']);
    expect(place(player.seekTime(start, line, epochMs(11_000)))).toEqual([3, 11, 'paused']);
    expect(place(player.seekTime(start, line, epochMs(0)))).toEqual([1, 10, 'paused']);
  });

  it('given steps, then each is one entry, and it pauses', () => {
    const one = player.step(playing(), line, 1);
    expect(place(one)).toEqual([1, 10, 'paused']);
    expect(place(player.step(player.step(one, line, 1), line, -1))).toEqual([1, 10, 'paused']);
    expect(player.step(start, line, -1).position).toBe(0);
  });

  it('given anything done in any order, then it stands within the recording and never plays backwards', () => {
    const act = fc.oneof(
      fc.record({ seek: fc.integer({ min: -3, max: 12 }) }),
      fc.record({ time: fc.integer({ min: 0, max: 90_000 }) }),
      fc.record({ step: fc.constantFrom(1 as const, -1 as const) }),
      fc.record({ faster: fc.constantFrom(1 as const, -1 as const) }),
      fc.record({ advance: fc.nat(30_000) }),
      fc.record({ idle: fc.constantFrom('kept' as const, 'skipped' as const) }),
      fc.constant({ toggle: true }),
    );
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        let p = start;
        for (const a of acts) {
          const before = p;
          if ('seek' in a) p = player.seek(p, line, a.seek);
          else if ('time' in a) p = player.seekTime(p, line, epochMs(a.time));
          else if ('step' in a) p = player.step(p, line, a.step);
          else if ('faster' in a) p = player.faster(p, a.faster);
          else if ('idle' in a) p = player.withIdle(p, a.idle);
          else if ('advance' in a) p = player.advance(p, line, milliseconds(a.advance));
          else p = player.toggle(p, line);
          if ('advance' in a) {
            expect(p.position).toBeGreaterThanOrEqual(before.position);
            expect(p.now).toBeGreaterThanOrEqual(before.now);
          }
          expect(p.position).toBeGreaterThanOrEqual(0);
          expect(p.position).toBeLessThanOrEqual(6);
          expect(p.now).toBeGreaterThanOrEqual(line.timeOf(p.position));
          expect(p.now).toBeLessThanOrEqual(line.endAt);
          expect(Number.isFinite(p.now)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
