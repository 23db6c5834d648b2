import { describe, expect, it } from 'vitest';
import { Reach } from '../../../src/adapters/kubernetes/reach.ts';
import type { Outcome } from '../../../src/adapters/kubernetes/reflector-plan.ts';
import { rest } from '../../../src/adapters/kubernetes/reflector-rest.ts';
import { failure } from '../../../src/kernel/failure.ts';
import { milliseconds, seconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { ScriptedClient } from '../../support/scripted-api.ts';

const lost: Outcome = { kind: 'lost', failure: failure('unreachable', 'watch', 'refused') };
const refused = (status: number, expired = false): Outcome => ({
  kind: 'refused',
  failure: failure('broken', 'watch', 'no'),
  status,
  expired,
  retryAfter: milliseconds(0),
});

const resting = (outcome: Outcome) => {
  const clock = new FakeClock();
  const reach = new Reach();
  const stop = new AbortController();
  const client = new ScriptedClient(() => null);
  const state = { over: false, doubted: false };
  void reach.sleepUnless('doubted', clock, seconds(900), stop.signal).then((said) => {
    state.doubted = said;
  });
  const effects = { client, clock, reach, random: () => 0.5 };
  const done = rest(effects, seconds(30), outcome, stop.signal).then(() => {
    state.over = true;
  });
  return { clock, reach, stop, state, done };
};

describe('a reflector that waits', () => {
  it.each([
    ['a lost connection', lost],
    ['an answer of 503', refused(503)],
    ['a place that is no longer known', refused(410, true)],
  ])(
    'given %s, when the server is back, then it goes on within half a second',
    async (_, outcome) => {
      const { clock, reach, state, stop } = resting(outcome);
      await settle();
      expect(state.over).toBe(false);
      reach.say('regained');
      await settle();
      await clock.advance(seconds(0.5));
      expect(state.over).toBe(true);
      stop.abort();
    },
  );

  it.each([403, 404, 429])(
    'given an answer of %d, when the server is back, then it waits on: it was there all the time',
    async (status) => {
      const { clock, reach, state, stop } = resting(refused(status));
      await settle();
      reach.say('regained');
      await clock.advance(seconds(29));
      expect(state.over).toBe(false);
      await clock.advance(seconds(1));
      expect(state.over).toBe(true);
      stop.abort();
    },
  );

  it('given a lost connection, then it is said at once, and of nothing else', async () => {
    const one = resting(lost);
    const other = resting(refused(503));
    await settle();
    expect([one.state.doubted, other.state.doubted]).toEqual([true, false]);
    one.stop.abort();
    other.stop.abort();
  });

  it('given that it is stopped, then it ends, and no timer is left', async () => {
    const { clock, stop, done } = resting(lost);
    await settle();
    stop.abort();
    await done;
    await settle();
    expect(clock.sleeping).toBe(0);
  });
});
