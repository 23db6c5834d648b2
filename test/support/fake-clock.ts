import type { Clock } from '../../src/kernel/clock.ts';
import { type EpochMs, epochMs, type Milliseconds } from '../../src/kernel/units.ts';

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/** Lets promises and sockets that are ready make progress; no time passes on the fake clock. */
export const settle = async (turns = 5): Promise<void> => {
  for (let i = 0; i < turns; i += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  /** Starts at 2026-11-20T03:00:00Z unless told otherwise. */
  constructor(start: number = Date.UTC(2026, 10, 20, 3)) {
    this.#now = start;
  }

  now(): EpochMs {
    return epochMs(this.#now);
  }

  /** Number of sleeps that have not ended: what a test waits for before it advances. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(wait: Milliseconds, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const sleeper: Sleeper = {
        due: this.#now + Math.max(0, wait),
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Moves on by `by`, waking sleepers in the order in which they are due and letting each do its work. */
  async advance(by: Milliseconds): Promise<void> {
    const end = this.#now + by;
    await settle();
    for (;;) {
      let next: Sleeper | undefined;
      for (const s of this.#sleepers)
        if (s.due <= end && (next === undefined || s.due < next.due)) next = s;
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.due);
      next.wake();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}
