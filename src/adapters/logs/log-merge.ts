import type { Clock } from '../../kernel/clock.ts';
import type { LogItem, LogNote } from '../../kernel/effect-ports.ts';
import { type EpochMs, type Milliseconds, milliseconds } from '../../kernel/units.ts';
import { compareStamps } from './log-stamp.ts';

export interface MergeOptions {
  readonly clock: Clock;
  readonly emit: (items: readonly LogItem[]) => void;
  /** How long a line waits for earlier ones of other logs; what comes later than that is out of order. */
  readonly patience: Milliseconds;
}

/** Lines are handed over at most this often, unless there are many. */
const gather: Milliseconds = milliseconds(50);
/** Of one log, before whoever reads it has to wait: UTF-16 units of text, and lines. */
const laneUnits = 1 << 20;
const laneLines = 20_000;
/** Handed over at once. */
const batchMost = 5000;

interface Batch {
  readonly items: readonly LogItem[];
  readonly arrived: EpochMs;
  next: number;
}

/** One log among those that are merged. */
export class Lane {
  readonly source: string;
  readonly #merge: LogMerge;
  readonly batches: Batch[] = [];
  ended = false;
  #units = 0;
  #lines = 0;
  #last: EpochMs;
  #roomy: () => void = () => {};

  constructor(source: string, start: EpochMs, merge: LogMerge) {
    this.source = source;
    this.#last = start;
    this.#merge = merge;
  }

  /** Time of the newest line that was put here. */
  get last(): EpochMs {
    return this.#last;
  }

  /** In the order of the log. Resolves when there is room for more. */
  async put(items: readonly LogItem[], signal: AbortSignal): Promise<void> {
    const newest = items.at(-1);
    if (newest === undefined || this.ended) return;
    this.#last = newest.at;
    for (const item of items) this.#units += item.text.length;
    this.#lines += items.length;
    this.batches.push({ items, arrived: this.#merge.now(), next: 0 });
    this.#merge.changed();
    if (this.#isRoomy() || signal.aborted) return;
    this.#merge.drain();
    if (this.#isRoomy()) return;
    await new Promise<void>((resolve) => {
      this.#roomy = () => {
        signal.removeEventListener('abort', this.#roomy);
        resolve();
      };
      signal.addEventListener('abort', this.#roomy, { once: true });
    });
  }

  /** Stands behind the last line, and is of its time. */
  note(note: LogNote, text: string): void {
    if (this.ended) return;
    const item: LogItem = { kind: 'note', source: this.source, at: this.#last, note, text };
    this.batches.push({ items: [item], arrived: this.#merge.now(), next: 0 });
    this.#lines += 1;
    this.#merge.changed();
  }

  end(): void {
    this.ended = true;
    this.#merge.changed();
  }

  #isRoomy(): boolean {
    return this.#units < laneUnits && this.#lines < laneLines;
  }

  /** For the merge: the item that would be next. */
  get head(): LogItem | undefined {
    const batch = this.batches[0];
    return batch?.items[batch.next];
  }

  /** For the merge: takes items up to and with `limit`, which is the head of another lane. */
  take(limit: LogItem | undefined, into: LogItem[], most: number): void {
    const batch = this.batches[0];
    if (batch === undefined) return;
    const { items } = batch;
    while (batch.next < items.length && into.length < most) {
      const item = items[batch.next];
      if (item === undefined || (limit !== undefined && isAfter(item, limit))) break;
      into.push(item);
      this.#units -= item.kind === 'line' ? item.text.length : 0;
      this.#lines -= 1;
      batch.next += 1;
    }
    if (batch.next === items.length) this.batches.shift();
    if (this.#isRoomy()) this.#roomy();
  }
}

const isAfter = (a: LogItem, b: LogItem): boolean => {
  if (a.at !== b.at) return a.at > b.at;
  return a.kind === 'line' && b.kind === 'line' && compareStamps(a.stamp, b.stamp) > 0;
};

/**
 * Makes one log of several, in the order of their times. A line goes out when every log that is still read has come
 * further, or when it has waited long enough. Of each log a bounded part is held; who reads it waits meanwhile.
 */
export class LogMerge {
  readonly #options: MergeOptions;
  readonly #lanes = new Set<Lane>();
  readonly #closed = new AbortController();
  #due = false;
  #pending = 0;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  now(): EpochMs {
    return this.#options.clock.now();
  }

  /** @param start Time of what is said of the log before its first line. */
  lane(source: string, start: EpochMs): Lane {
    const lane = new Lane(source, start, this);
    this.#lanes.add(lane);
    return lane;
  }

  /** For lanes: something came, or one has ended. */
  changed(): void {
    if (this.#due) return;
    this.#due = true;
    void this.#later();
  }

  async #later(): Promise<void> {
    await this.#options.clock.sleep(gather, this.#closed.signal);
    this.#due = false;
    this.drain();
    if (this.#pending > 0 && !this.#closed.signal.aborted) this.changed();
  }

  /** Hands over what is in order, and what has waited too long. */
  drain(): void {
    this.#drain(this.now() - this.#options.patience);
  }

  /** Hands over everything that is left. */
  close(): void {
    this.#drain(Number.POSITIVE_INFINITY);
    this.#closed.abort();
  }

  #drain(waitedSince: number): void {
    let out: LogItem[] = [];
    for (;;) {
      const next = this.#next(waitedSince);
      if (next === null) break;
      next.lane.take(next.limit, out, batchMost);
      if (out.length < batchMost) continue;
      this.#options.emit(out);
      out = [];
    }
    if (out.length > 0) this.#options.emit(out);
    this.#pending = 0;
    for (const lane of this.#lanes) {
      if (lane.head !== undefined) this.#pending += 1;
      else if (lane.ended) this.#lanes.delete(lane);
    }
  }

  /** The lane whose head is the earliest, and the earliest head of the others. */
  #next(waitedSince: number): { readonly lane: Lane; readonly limit: LogItem | undefined } | null {
    let lane: Lane | null = null;
    let head: LogItem | undefined;
    let limit: LogItem | undefined;
    let isOpen = false;
    for (const one of this.#lanes) {
      const mine = one.head;
      if (mine === undefined) {
        isOpen = isOpen || !one.ended;
      } else if (head === undefined || isAfter(head, mine)) {
        limit = head;
        head = mine;
        lane = one;
      } else if (limit === undefined || isAfter(limit, mine)) limit = mine;
    }
    if (lane === null) return null;
    const arrived = lane.batches[0]?.arrived ?? 0;
    return isOpen && arrived > waitedSince ? null : { lane, limit };
  }
}
