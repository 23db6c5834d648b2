import type { Clock } from './clock.ts';
import type { Entry, Fact } from './fact.ts';
import { cleanse } from './redact.ts';
import { type Bytes, mib, type Revision, revision } from './units.ts';

/** Asked for a revision that is no longer kept. `oldest` is the first one that is. */
export interface Compacted {
  readonly kind: 'compacted';
  readonly oldest: Revision;
}

export interface JournalOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Entries kept in memory, by estimated size. The newest entry is always kept. */
  readonly limit?: Bytes;
}

type Listener = (entries: readonly Entry[]) => void;

/**
 * Facts in the order in which they became known. Revisions start at 1 and have no holes.
 * Memory is a ring with a bound in bytes: the oldest entries go first, and a reader who asks for them is told so.
 */
export class Journal {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limit: number;
  readonly #listeners = new Set<Listener>();
  #entries: (Entry | undefined)[] = [];
  #sizes: number[] = [];
  /** Index in #entries of the oldest kept entry. */
  #start = 0;
  #first = 1;
  #bytes = 0;

  constructor({ clock, limit = mib(16) }: JournalOptions) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Revision of the newest entry; 0 when there is none yet. */
  get head(): Revision {
    return revision(this.#first + this.#entries.length - this.#start - 1);
  }

  /** Oldest revision still kept. */
  get oldest(): Revision {
    return revision(this.#first);
  }

  /** Estimated bytes kept in memory. */
  get size(): Bytes {
    return this.#bytes as Bytes;
  }

  /**
   * Adds facts as the next revisions, all at the clock's time, and tells the watchers.
   * Control characters are stripped and secrets redacted here: nothing enters by another way.
   */
  append(facts: readonly Fact[]): readonly Entry[] {
    if (facts.length === 0) return [];
    const at = this.#clock.now();
    let next = this.head;
    const added: Entry[] = [];
    for (const raw of facts) {
      const { value, size } = cleanse(raw);
      next = revision(next + 1);
      added.push({ rev: next, at, fact: value });
      this.#sizes.push(size);
      this.#bytes += size;
    }
    for (const entry of added) this.#entries.push(entry);
    this.#truncate();
    for (const listener of [...this.#listeners]) listener(added);
    return added;
  }

  /**
   * Entries after `after`, oldest first.
   * A revision from before the oldest kept one is answered with `compacted`: then start from a snapshot.
   */
  read(after: Revision): readonly Entry[] | Compacted {
    if (after + 1 < this.#first) return { kind: 'compacted', oldest: this.oldest };
    return this.#entries.slice(this.#start + (after + 1 - this.#first)) as Entry[];
  }

  /**
   * Calls the listener with every entry after `after`: at once with those that are kept, then as they are appended.
   * Ends when the signal aborts.
   */
  watch(after: Revision, listener: Listener, signal: AbortSignal): Compacted | null {
    const past = this.read(after);
    if ('kind' in past) return past;
    if (signal.aborted) return null;
    if (past.length > 0) listener(past);
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    return null;
  }

  /** Forgets entries up to and including `through`, e.g. because a snapshot covers them. */
  compact(through: Revision): void {
    while (this.#first <= through && this.#start < this.#entries.length) this.#drop();
    this.#shrink();
  }

  #truncate(): void {
    while (this.#bytes > this.#limit && this.#entries.length - this.#start > 1) this.#drop();
    this.#shrink();
  }

  #drop(): void {
    this.#bytes -= this.#sizes[this.#start] ?? 0;
    this.#entries[this.#start] = undefined;
    this.#start += 1;
    this.#first += 1;
  }

  // Dropping from the front of an array costs its length, so it is done once per many drops.
  #shrink(): void {
    if (this.#start < 1024 || this.#start * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#sizes = this.#sizes.slice(this.#start);
    this.#start = 0;
  }
}
