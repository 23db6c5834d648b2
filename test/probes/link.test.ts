import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkBeat } from '../../src/kernel/ports.ts';
import type { Observed } from '../../src/kernel/probe.ts';
import { epochMs, milliseconds, minutes, revision, seconds } from '../../src/kernel/units.ts';
import { link, outageText } from '../../src/probes/link.ts';

const start = Date.UTC(2026, 10, 20, 3);
const at = (second: number, data: LinkBeat): Observed<LinkBeat> => ({
  rev: revision(second + 1),
  at: epochMs(start + second * 1000),
  scope: '',
  data,
  settled: true,
});
const answered = (roundTrip = 10, serverTime: number | null = null): LinkBeat => ({
  kind: 'answered',
  roundTrip: milliseconds(roundTrip),
  status: 200,
  serverTime: serverTime === null ? null : epochMs(serverTime),
});
const missed = (inARow: number): LinkBeat => ({
  kind: 'missed',
  inARow,
  why: 'no answer within 3 s',
});
const fold = (...entries: Observed<LinkBeat>[]) => link.fold(link.empty, entries);

describe('link', () => {
  it('given one missed beat, when the next is answered, then nothing has happened', () => {
    const { state, changes } = fold(at(0, answered()), at(15, missed(1)), at(18, answered()));
    expect(state).toMatchObject({ state: 'healthy', missed: 0, why: '', since: start });
    expect(changes).toEqual([]);
  });

  it('given two missed beats, when it is back, then the outage counts from the last answer', () => {
    const { state, changes } = fold(
      at(0, answered()),
      at(18, missed(1)),
      at(23, missed(2)),
      at(23, { kind: 'redialled', why: '2 heartbeats missed' }),
      at(28, missed(3)),
      at(130, answered()),
    );
    expect(changes.map(({ tone, text, rev }) => ({ tone, text, rev }))).toEqual([
      { tone: 'bad', text: 'API link lost: no answer within 3 s', rev: 24 },
      { tone: 'good', text: 'API link back after 2m10s', rev: 131 },
    ]);
    expect(state).toMatchObject({ state: 'healthy', redials: 1, lastAnswer: start + 130_000 });
  });

  it('given a server that was never there, when beats are missed, then it says that there was no link', () => {
    const { state, changes } = fold(at(0, missed(1)), at(2, missed(2)));
    expect(state).toMatchObject({ state: 'unhealthy', roundTrip: null, lastAnswer: null });
    expect(changes[0]?.text).toBe('API link cannot be made: no answer within 3 s');
  });

  it('given round trips, when one is slow, then the last is exact and the smoothed moves a part of the way', () => {
    expect(fold(at(0, answered(10)), at(15, answered(110))).state.roundTrip).toEqual({
      last: 110,
      smoothed: 40,
    });
  });

  it('given a server whose clock is ahead, when it answers, then the skew is told within a second', () => {
    const { state } = fold(at(0, answered(100, start + 60_000)));
    expect(Math.abs((state.serverSkew ?? 0) - 60_000)).toBeLessThanOrEqual(1000);
    expect(fold(at(0, answered())).state.serverSkew).toBeNull();
  });

  it('given any beats, when cut into batches anywhere, then state and changes are the same, and survive being saved', () => {
    const beat = fc.oneof(
      fc.nat(500).map((n) => answered(n, start)),
      fc.integer({ min: 1, max: 5 }).map(missed),
      fc.constant<LinkBeat>({ kind: 'redialled', why: 'x' }),
    );
    fc.assert(
      fc.property(fc.array(beat, { maxLength: 20 }), fc.nat(20), (beats, cut) => {
        const entries = beats.map((data, i) => at(i, data));
        const whole = link.fold(link.empty, entries);
        const first = link.fold(link.empty, entries.slice(0, cut));
        const restored = link.load(JSON.parse(JSON.stringify(link.save(first.state))));
        const second = link.fold(restored, entries.slice(cut));
        expect(second.state).toEqual(whole.state);
        expect([...first.changes, ...second.changes]).toEqual(whole.changes);
      }),
    );
  });

  it('given data from a file, when they are wrong, then they are refused', () => {
    expect(link.schema.safeParse(answered(5, start)).success).toBe(true);
    for (const bad of [null, {}, { kind: 'missed', inARow: -1, why: '' }, { kind: 'answered' }]) {
      expect(link.schema.safeParse(bad).success).toBe(false);
    }
  });

  it.each([
    [seconds(8), '8s'],
    [seconds(130), '2m10s'],
    [minutes(185), '3h05m'],
  ])('given an outage of %i ms, when told, then it is %s', (lasted, text) => {
    expect(outageText(lasted)).toBe(text);
  });
});
