import type { LogNote } from '../../kernel/effect-ports.ts';
import { type Matcher, matcherOf } from '../filter.ts';
import type { LogBuffer } from './log-buffer.ts';
import { compareEntries, type LogEntry, lowerBound } from './log-entry.ts';
import { isFault } from './log-severity.ts';

/** Which lines one wants to see. */
export interface LogWish {
  /** As it is typed after `/`. */
  readonly filter: string;
  /** Warnings and worse, with what stands around them. */
  readonly faults: boolean;
  /** `namespace/pod/container`; '' for all. */
  readonly source: string;
}

/** Lines before and after a fault that are shown with it. */
export const contextLines = 2;
/** Looked through at once when a wish is new; the rest follows in turns of this, so that no key waits. */
export const lookedAtOnce = 10_000;

/** What says that something is missing is shown whatever one looks for. */
const warns: ReadonlySet<LogNote | ''> = new Set<LogNote>([
  'gap',
  'rotated',
  'truncated',
  'restarted',
  'unreadable',
  'lease-ended',
]);

export const warnsOf = (note: LogNote | ''): boolean => warns.has(note);

/** Those entries of a buffer that somebody wants to see, kept while entries come and go. */
export class LogLens {
  readonly #buffer: LogBuffer;
  #wish: LogWish = { filter: '', faults: false, source: '' };
  #matcher: Matcher = matcherOf('');
  #shown: LogEntry[] = [];
  /** All from this entry on was looked at; null: nothing yet. */
  #low: LogEntry | null = null;
  #whole = true;
  /** Lines among the shown, without notes. */
  lines = 0;
  /** Changes whenever what is shown does. */
  version = 0;

  constructor(buffer: LogBuffer) {
    this.#buffer = buffer;
  }

  get entries(): readonly LogEntry[] {
    return this.#shown;
  }

  get wish(): LogWish {
    return this.#wish;
  }

  get matcher(): Matcher {
    return this.#matcher;
  }

  /** Whether all that is in the buffer was looked at. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Lines that are here and not shown, as far as was looked. */
  get filtered(): number {
    const { received, dropped } = this.#buffer;
    return this.#whole ? received - dropped - this.lines : 0;
  }

  /** Another wish: the newest part is looked through at once. The same one changes nothing. */
  look(wish: LogWish): void {
    const { filter, faults, source } = this.#wish;
    if (filter === wish.filter && faults === wish.faults && source === wish.source) return;
    this.#wish = wish;
    this.#matcher = matcherOf(wish.filter);
    this.#again();
    this.advance();
  }

  /** Looks through another part, from new to old. False when nothing is left to look at. */
  advance(most = lookedAtOnce): boolean {
    if (this.#whole) return false;
    const end = this.#low === null ? this.#buffer.length : this.#buffer.position(this.#low);
    const from = Math.max(0, end - most);
    const found = this.#pick(from, end);
    this.#shown = found.concat(this.#shown);
    this.#low = this.#buffer.at(from) ?? null;
    this.#whole = from === 0;
    this.version += 1;
    return !this.#whole;
  }

  /** The buffer has changed from this index on. */
  added(from: number): void {
    const low = this.#low === null ? 0 : this.#buffer.position(this.#low);
    this.#forget();
    this.version += 1;
    if (!this.#whole && from < low) {
      this.#again();
      return void this.advance();
    }
    // A fault lights up what stands before it.
    const again = Math.max(this.#whole ? 0 : low, from - contextLines);
    const first = this.#buffer.at(again);
    if (first !== undefined) this.#cut(first);
    for (const entry of this.#pick(again, this.#buffer.length)) this.#shown.push(entry);
  }

  #again(): void {
    this.#shown = [];
    this.lines = 0;
    this.#low = null;
    this.#whole = this.#buffer.length === 0;
    this.version += 1;
  }

  /** What the buffer has dropped is not shown any more. */
  #forget(): void {
    const oldest = this.#buffer.at(0);
    const first = this.#shown[0];
    if (oldest === undefined) return;
    if (!this.#whole && this.#low !== null && compareEntries(this.#low, oldest) <= 0)
      this.#whole = true;
    if (first === undefined || compareEntries(first, oldest) >= 0) return;
    const gone = lowerBound(this.#shown, oldest);
    for (let i = 0; i < gone; i += 1) if (this.#shown[i]?.note === '') this.lines -= 1;
    this.#shown = this.#shown.slice(gone);
  }

  #cut(first: LogEntry): void {
    const at = lowerBound(this.#shown, first);
    for (let i = at; i < this.#shown.length; i += 1)
      if (this.#shown[i]?.note === '') this.lines -= 1;
    this.#shown.length = at;
  }

  #pick(from: number, end: number): LogEntry[] {
    const found: LogEntry[] = [];
    for (let i = from; i < end; i += 1) {
      const entry = this.#buffer.at(i);
      if (entry === undefined || !this.#isWanted(entry, i)) continue;
      found.push(entry);
      if (entry.note === '') this.lines += 1;
    }
    return found;
  }

  #isWanted(entry: LogEntry, index: number): boolean {
    const { faults, source } = this.#wish;
    if (source !== '' && entry.source !== source && entry.source !== '') return false;
    if (entry.note !== '') return warns.has(entry.note) || (!faults && !this.#matcher.active);
    if (this.#matcher.active && !this.#matcher.matches(entry.text, noLabels)) return false;
    return !faults || this.#isNearFault(index);
  }

  #isNearFault(index: number): boolean {
    const { source } = this.#wish;
    for (let i = index - contextLines; i <= index + contextLines; i += 1) {
      const near = this.#buffer.at(i);
      if (near === undefined || !isFault(near.severity)) continue;
      if (source === '' || near.source === source) return true;
    }
    return false;
  }
}

const noLabels = {};
