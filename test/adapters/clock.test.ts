import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock.ts';
import { hours, milliseconds, seconds } from '../../src/kernel/units.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('systemClock', () => {
  it('given a signal that aborts, when sleeping, then it wakes at once and does not reject', async () => {
    const stop = new AbortController();
    const slept = systemClock.sleep(hours(1000), stop.signal);
    stop.abort();
    await expect(slept).resolves.toBeUndefined();
  });

  it('given an aborted signal, when sleeping, then it does not wait', async () => {
    await expect(systemClock.sleep(hours(1), AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('given a short wait, when sleeping, then that much time has passed', async () => {
    const before = performance.now();
    await systemClock.sleep(milliseconds(20), new AbortController().signal);
    expect(performance.now() - before).toBeGreaterThanOrEqual(18);
  });
});

describe('FakeClock', () => {
  it('given sleepers, when time advances, then they wake in order and each sees its own time', async () => {
    const clock = new FakeClock(0);
    const seen: number[] = [];
    const never = new AbortController().signal;
    const tick = async (every: number) => {
      for (;;) {
        await clock.sleep(seconds(every), never);
        seen.push(clock.now());
      }
    };
    void tick(2);
    void tick(3);
    await clock.advance(seconds(6));
    expect(seen).toEqual([2000, 3000, 4000, 6000, 6000]);
    expect(clock.now()).toBe(6000);
    expect(clock.sleeping).toBe(2);
  });
});
