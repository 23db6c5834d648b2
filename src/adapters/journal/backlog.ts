import type { Clock } from '../../kernel/clock.ts';
import type { Entry } from '../../kernel/fact.ts';
import { seconds } from '../../kernel/units.ts';

/** A block is due when this many entries wait, or when the first of them has waited this long. */
const blockEntries = 250;
const blockWait = seconds(1);
/** Some 100 MB at most: minutes of the busiest cluster, hours of a calm one. */
const mostWaiting = 250_000;

/** Entries that are not in the file yet. */
export class Backlog {
  #entries: Entry[] = [];
  #ring: () => void = () => undefined;
  #overflowed = false;

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** More came than can wait; what waited is gone, and nothing can be put here any more. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  push(entries: readonly Entry[]): void {
    if (this.#overflowed) return;
    const wasEmpty = this.#entries.length === 0;
    for (const entry of entries) this.#entries.push(entry);
    if (this.#entries.length > mostWaiting) {
      this.#entries = [];
      this.#overflowed = true;
    }
    if (wasEmpty || this.#overflowed || this.#entries.length >= blockEntries) this.#ring();
  }

  /** Forgets the first `n`: they are safe. */
  drop(n: number): void {
    this.#entries.splice(0, n);
  }

  /** Resolves when a block is due, or on abort. */
  async due(clock: Clock, signal: AbortSignal): Promise<void> {
    while (this.#entries.length === 0 && !this.#overflowed && !signal.aborted) {
      await this.#rung(signal);
    }
    if (this.#entries.length >= blockEntries || this.#overflowed || signal.aborted) return;
    const nap = new AbortController();
    this.#ring = () => {
      if (this.#entries.length >= blockEntries || this.#overflowed) nap.abort();
    };
    const wake = () => nap.abort();
    signal.addEventListener('abort', wake, { once: true });
    await clock.sleep(blockWait, nap.signal);
    signal.removeEventListener('abort', wake);
  }

  #rung(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#ring = wake;
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
