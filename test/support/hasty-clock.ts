import type { Clock } from '../../src/kernel/clock.ts';
import { type EpochMs, epochMs, type Milliseconds, minutes } from '../../src/kernel/units.ts';

/**
 * Time that jumps to the end of every sleep: waits of seconds take none. What sleeps for minutes never wakes, unless it
 * is aborted: limits that a test is not about.
 */
export class HastyClock implements Clock {
  #now: number;

  constructor(start: number = Date.UTC(2026, 10, 20, 3)) {
    this.#now = start;
  }

  now(): EpochMs {
    return epochMs(this.#now);
  }

  sleep(wait: Milliseconds, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (wait >= minutes(1)) return;
      setImmediate(() => {
        if (!signal.aborted) this.#now += wait;
        resolve();
      });
    });
  }
}
