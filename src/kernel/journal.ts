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

interface Watcher {
  readonly listener: Listener;
  /** The last revision it has been given. */
  seen: Revision;
}

/**
 * Facts in the order in which they became known. Revisions start at 1 and have no holes.
 * Memory is a ring with a bound in bytes: the oldest entries go first, and a reader who asks for them is told so.
 */
export class Journal {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limit: number;
  readonly #watchers = new Set<Watcher>();
  /** Appended while watchers were being told: told next, so that all see one order. */
  #untold: (readonly Entry[])[] = [];
  #telling = false;
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
    this.#untold.push(added);
    this.#tell();
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
   * Calls the listener with every entry after `after`, each once and in order: at once with those that are kept,
   * then as they are appended. A listener may append; what it adds is told after what it is being told.
   * Ends when the signal aborts.
   */
  watch(after: Revision, listener: Listener, signal: AbortSignal): Compacted | null {
    const past = this.read(after);
    if ('kind' in past) return past;
    if (signal.aborted) return null;
    const watcher: Watcher = { listener, seen: revision(Math.max(after, this.head)) };
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher), { once: true });
    if (past.length > 0) this.#tell(() => listener(past));
    return null;
  }

  /** Forgets entries up to and including `through`, e.g. because a snapshot covers them. */
  compact(through: Revision): void {
    while (this.#first <= through && this.#start < this.#entries.length) this.#drop();
    this.#shrink();
  }

  /**
   * Does `first`, then tells the watchers what has been appended, until there is no more of it.
   * Every watcher is told, even when one throws: that is its bug, and no reason to lose facts elsewhere.
   */
  #tell(first?: () => void): void {
    if (this.#telling) {
      first?.();
      return;
    }
    const thrown: unknown[] = [];
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (cause) {
        thrown.push(cause);
      }
    };
    this.#telling = true;
    if (first !== undefined) attempt(first);
    for (let news = this.#untold.shift(); news !== undefined; news = this.#untold.shift()) {
      for (const watcher of [...this.#watchers]) {
        if (this.#watchers.has(watcher)) attempt(() => tell(watcher, news as readonly Entry[]));
      }
    }
    this.#telling = false;
    if (thrown.length === 1) throw thrown[0];
    if (thrown.length > 1) throw new AggregateError(thrown, 'watchers of the journal failed');
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

/** A watcher that came while news was on its way has been given some of it already. */
const tell = (watcher: Watcher, news: readonly Entry[]): void => {
  const unseen = news.filter((entry) => entry.rev > watcher.seen);
  const last = unseen.at(-1);
  if (last === undefined) return;
  watcher.seen = last.rev;
  watcher.listener(unseen);
};
