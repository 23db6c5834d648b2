import type { Clock } from '../../kernel/clock.ts';
import type { Milliseconds } from '../../kernel/units.ts';

/** A word about the way to the server. */
export type ReachWord =
  /** A connection broke under a request: perhaps nobody is there any more. */
  | 'doubted'
  /** The server answers again after it did not. */
  | 'regained';

/**
 * What requests and heartbeats tell each other: a watch that breaks makes the next heartbeat due at once, and a
 * heartbeat that is answered again ends the waits of the watches. Without it, each finds out in its own time.
 */
export class Reach {
  readonly #waiting: Readonly<Record<ReachWord, Set<() => void>>> = {
    doubted: new Set(),
    regained: new Set(),
  };

  say(word: ReachWord): void {
    for (const wake of [...this.#waiting[word]]) wake();
  }

  /** Sleeps until the wait is over or the word is said; true when it was said. Ends early when the signal aborts. */
  async sleepUnless(
    word: ReachWord,
    clock: Pick<Clock, 'sleep'>,
    wait: Milliseconds,
    signal: AbortSignal,
  ): Promise<boolean> {
    const over = new AbortController();
    let said = false;
    const stop = (): void => over.abort();
    const wake = (): void => {
      said = true;
      over.abort();
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting[word].add(wake);
    try {
      if (!signal.aborted) await clock.sleep(wait, over.signal);
      return said;
    } finally {
      this.#waiting[word].delete(wake);
      signal.removeEventListener('abort', stop);
    }
  }
}
