import type { LogItem } from '../../kernel/effect-ports.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { compareEntries, entryOf, type LogEntry, lowerBound } from './log-entry.ts';
import { isFault } from './log-severity.ts';

export interface LogLimits {
  readonly lines: number;
  /** UTF-16 units of text: one byte of memory each, two where a line has more than Latin letters. */
  readonly units: number;
}

/** Nobody reads more; what is older is dropped for display, counted, and told. About 90 MiB when full. */
export const logLimits: LogLimits = { lines: 200_000, units: 48 << 20 };

/** Room that dropped entries may take before the rest is copied away from them. */
const slackMost = 16_384;

/** What has come of one container. */
export interface LogSource {
  readonly source: string;
  lines: number;
  /** Whether more may come of it. */
  open: boolean;
}

/** What an addition has changed: entries from this index on are to be looked at again. */
export interface Added {
  readonly from: number;
}

/**
 * Lines of logs in the order of time, late ones put where they belong; the oldest are dropped when there are too many.
 * Lives beside the session: it changes faster than anything may be copied.
 */
export class LogBuffer {
  readonly #limits: LogLimits;
  #all: LogEntry[] = [];
  /** Entries at the beginning of `#all` that are dropped. */
  #head = 0;
  #units = 0;
  #nextId = 1;
  #skip: Set<string> | null = null;
  received = 0;
  dropped = 0;
  /** Lines that came again when a log was taken up where it had been left. */
  repeated = 0;
  warnings = 0;
  errors = 0;
  readonly sources = new Map<string, LogSource>();

  constructor(limits: LogLimits = logLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#all.length - this.#head;
  }

  get units(): number {
    return this.#units;
  }

  at(index: number): LogEntry | undefined {
    return index < 0 ? undefined : this.#all[this.#head + index];
  }

  /** Index of the first entry that is not before the given place. */
  position(place: Pick<LogEntry, 'at' | 'nanos' | 'id'>): number {
    return lowerBound(this.#all, place, this.#head) - this.#head;
  }

  /**
   * What comes next begins at a second of which some lines are here: those are not taken twice. Gives the time to ask
   * from; null where there is nothing yet.
   */
  takeUp(): EpochMs | null {
    let newest: EpochMs | null = null;
    for (let i = this.length - 1; i >= 0 && newest === null; i -= 1) {
      const entry = this.at(i);
      if (entry?.note === '') newest = entry.at;
    }
    if (newest === null) return null;
    const from = (Math.floor(newest / 1000) * 1000) as EpochMs;
    const skip = new Set<string>();
    for (let i = this.position({ at: from, nanos: 0, id: 0 }); i < this.length; i += 1) {
      const entry = this.at(i);
      if (entry?.note === '') skip.add(sameness(entry));
    }
    this.#skip = skip;
    return from;
  }

  /** Takes a batch, in any order. */
  add(items: readonly LogItem[]): Added {
    const fresh: LogEntry[] = [];
    for (const item of items) {
      const entry = entryOf(item, this.#nextId);
      if (this.#skip !== null && entry.note === '' && this.#skip.delete(sameness(entry))) {
        this.repeated += 1;
        continue;
      }
      this.#nextId += 1;
      fresh.push(entry);
      this.#count(entry);
    }
    const first = fresh[0];
    if (first === undefined) return { from: this.length };
    let isOrdered = true;
    for (let i = 1; i < fresh.length && isOrdered; i += 1)
      isOrdered = compareEntries(fresh[i - 1] as LogEntry, fresh[i] as LogEntry) < 0;
    if (!isOrdered) fresh.sort(compareEntries);
    const from = this.#merge(fresh);
    const dropped = this.#drop();
    return { from: Math.max(0, from - dropped) };
  }

  #count(entry: LogEntry): void {
    const { source, text, severity, note } = entry;
    this.#units += text.length;
    if (source !== '') {
      let seen = this.sources.get(source);
      if (seen === undefined) {
        seen = { source, lines: 0, open: true };
        this.sources.set(source, seen);
      }
      if (note === '') seen.lines += 1;
      else if (note === 'left' || note === 'complete' || note === 'unreadable') seen.open = false;
      else if (note === 'joined' || note === 'restarted') seen.open = true;
    }
    if (note !== '') return;
    this.received += 1;
    if (!isFault(severity)) return;
    if (severity === 'warn') this.warnings += 1;
    else this.errors += 1;
  }

  /** Gives the index of the first that is new. */
  #merge(fresh: readonly LogEntry[]): number {
    const first = fresh[0] as LogEntry;
    const last = this.#all.at(-1);
    const end = this.#all.length;
    if (end === this.#head || last === undefined || compareEntries(last, first) < 0) {
      for (const entry of fresh) this.#all.push(entry);
      return end - this.#head;
    }
    const at = lowerBound(this.#all, first, this.#head);
    const tail = this.#all.splice(at);
    let t = 0;
    for (const entry of fresh) {
      while (t < tail.length && compareEntries(tail[t] as LogEntry, entry) < 0) {
        this.#all.push(tail[t] as LogEntry);
        t += 1;
      }
      this.#all.push(entry);
    }
    for (; t < tail.length; t += 1) this.#all.push(tail[t] as LogEntry);
    return at - this.#head;
  }

  /** Gives how many were dropped. */
  #drop(): number {
    const before = this.#head;
    while (
      this.length > 1 &&
      (this.length > this.#limits.lines || this.#units > this.#limits.units)
    ) {
      const oldest = this.#all[this.#head] as LogEntry;
      this.#units -= oldest.text.length;
      this.#head += 1;
      if (oldest.note === '') this.dropped += 1;
    }
    const dropped = this.#head - before;
    if (this.#head > slackMost || this.#head > this.length) {
      this.#all = this.#all.slice(this.#head);
      this.#head = 0;
    }
    return dropped;
  }
}

const sameness = ({ at, nanos, source, text }: LogEntry): string =>
  `${at}.${nanos} ${source} ${text}`;
