import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollSource, type Told } from '../../../src/adapters/http/poll-source.ts';
import type { Random } from '../../../src/kernel/clock.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { failure } from '../../../src/kernel/failure.ts';
import { milliseconds, seconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { type NudgedAttention, nudgedAttention } from '../../support/nudged-attention.ts';

describe('pollSource', () => {
  let clock: FakeClock;
  let attention: NudgedAttention;
  let stop: AbortController;
  let running: Promise<void>;
  let said: Signal<string>[];
  /** Seconds after the start at which rounds began. */
  let began: number[];
  let anew: boolean[];
  beforeEach(() => {
    clock = new FakeClock();
    attention = nudgedAttention();
    stop = new AbortController();
    said = [];
    began = [];
    anew = [];
  });
  afterEach(async () => {
    stop.abort();
    await running;
    expect([clock.sleeping, attention.resting]).toEqual([0, 0]);
  });

  const whole: Told<string> = { data: [], end: { kind: 'whole' } };
  const poll = async (
    round: (n: number) => { readonly told?: Told<string>; readonly takes?: number },
    random: Random = () => 0.75,
  ): Promise<void> => {
    const start = clock.now();
    running = pollSource<string>(
      {
        scope: 'main',
        near: seconds(5),
        far: seconds(15),
        ask: async (first, signal) => {
          began.push((clock.now() - start) / 1000);
          anew.push(first);
          const { told = whole, takes = 0 } = round(began.length);
          if (takes > 0) await clock.sleep(seconds(takes), signal);
          return told;
        },
      },
      { clock, random, attention },
      (signals) => said.push(...signals),
      stop.signal,
    );
    await settle();
  };

  it('given answers without news, when time passes, then it is heard again before five seconds are over', async () => {
    await poll(() => ({}));
    await clock.advance(seconds(14));
    expect(began).toEqual([0, 4.6, 9.2, 13.8]);
    expect(said.map((s) => s.kind)).toEqual(['synced', 'heard', 'heard', 'heard']);
  });

  it.each([
    [0, 4],
    [1, 4.8],
  ])(
    'given luck of %f, when time passes, then rounds are spread, and never further apart than their rhythm',
    async (luck, every) => {
      await poll(
        () => ({}),
        () => luck,
      );
      await clock.advance(seconds(11));
      expect(began.slice(0, 3)).toEqual([0, every, 2 * every]);
    },
  );

  it('given one that takes long to answer, when it has, then it rests four times as long, at most the far rhythm', async () => {
    await poll((n) => ({ takes: n === 1 ? 2 : 9 }));
    await clock.advance(seconds(60));
    expect(began).toEqual([0, 10, 34, 58]);
  });

  it('given attention that comes and goes all the time, when it does, then rounds are a second apart', async () => {
    await poll(() => ({}));
    for (let n = 0; n < 40; n += 1) {
      attention.nudge();
      await clock.advance(milliseconds(250));
    }
    expect(began).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('given failures and gaps, when they are over, then the next whole round is asked for anew', async () => {
    const failed = failure('broken', 'get', 'no');
    const ends: readonly Told<string>['end'][] = [
      { kind: 'whole' },
      { kind: 'failed', failure: failed },
      { kind: 'failed', failure: { ...failed, message: 'another' } },
      { kind: 'partly', why: 'one is strange' },
      { kind: 'whole' },
      { kind: 'whole' },
    ];
    await poll((n) => ({ told: { data: ['x'], end: ends[n - 1] ?? { kind: 'whole' } } }));
    await clock.advance(seconds(30));
    expect(anew.slice(0, 6)).toEqual([true, false, true, true, true, false]);
    expect(said.filter((s) => s.kind !== 'observed').map((s) => s.kind)).toEqual([
      'synced',
      'failed',
      'failed',
      'gap',
      'synced',
    ]);
  });

  it('given an end in the middle of a round, when it is answered, then nothing is said', async () => {
    await poll(() => ({ takes: 3 }));
    stop.abort();
    await running;
    expect(said).toEqual([]);
  });
});
