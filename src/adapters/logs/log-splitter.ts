import type { LogItem } from '../../kernel/effect-ports.ts';
import { type EpochMs, kib } from '../../kernel/units.ts';
import { StampReader } from './log-stamp.ts';

export type LogLine = Extract<LogItem, { kind: 'line' }>;

/** A line and what it took of the bytes that were asked for. */
export interface ReadLine {
  readonly line: LogLine;
  readonly size: number;
  /** False for a line without a time of its own: the rest of one whose beginning was not sent, or words of the node. */
  readonly stamped: boolean;
}

/** Longer lines are cut: what nobody can read must not take the memory of what somebody can. */
export const longestLine = kib(64);
/** A stamp with its offset and the space behind it. */
const longestStamp = 36;
const most = longestLine + longestStamp;

const newline = 0x0a;
const space = 0x20;
const carriageReturn = 0x0d;

/**
 * Cuts bytes of a log into lines, however they arrive; keeps the beginning of a line that is too long and drops the
 * rest of it unseen. Bytes that are no UTF-8 become replacement characters.
 */
export class LogSplitter {
  readonly #source: string;
  readonly #stamps = new StampReader();
  /** Of a line that has not ended. */
  #open: Buffer[] = [];
  #kept = 0;
  /** Bytes of it, those that are dropped included. */
  #size = 0;
  #last: EpochMs;
  #lastStamp: string;

  /** @param start Time of lines that come before any with a time of their own. */
  constructor(source: string, start: EpochMs) {
    this.#source = source;
    this.#last = start;
    this.#lastStamp = new Date(start).toISOString().replace('Z', '000000Z');
  }

  /** Lines that have come to their end. */
  push(chunk: Uint8Array): ReadLine[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: ReadLine[] = [];
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(newline, from);
      if (end === -1) break;
      if (this.#size === 0) lines.push(this.#line(bytes, from, end, end - from + 1));
      else {
        this.#keep(bytes, from, end);
        this.#size += 1;
        lines.push(this.#flush());
      }
      from = end + 1;
    }
    if (from < bytes.length) this.#keep(bytes, from, bytes.length);
    return lines;
  }

  /** The line that was being written when the log ended; null when none was. */
  end(): ReadLine | null {
    return this.#size === 0 ? null : this.#flush();
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#size += to - from;
    const part = Math.min(to - from, most + 1 - this.#kept);
    if (part <= 0) return;
    // A copy: a view would hold the whole chunk that it came in.
    this.#open.push(Buffer.from(bytes.subarray(from, from + part)));
    this.#kept += part;
  }

  #flush(): ReadLine {
    const whole = Buffer.concat(this.#open);
    const size = this.#size;
    this.#open = [];
    this.#kept = 0;
    this.#size = 0;
    return this.#line(whole, 0, whole.length, size);
  }

  #line(bytes: Buffer, from: number, end: number, size: number): ReadLine {
    const gap = bytes.indexOf(space, from);
    // A line that is empty behind its time may end without the space.
    const stampEnd = gap === -1 || gap > end ? end : gap;
    let at: EpochMs | null = null;
    let stamp = '';
    if (stampEnd - from >= 20 && stampEnd - from < longestStamp) {
      stamp = bytes.toString('latin1', from, stampEnd);
      at = this.#stamps.at(stamp);
    }
    const stamped = at !== null;
    if (at === null) stamp = this.#lastStamp;
    else {
      this.#last = at;
      this.#lastStamp = stamp;
    }
    const begin = stamped ? Math.min(stampEnd + 1, end) : from;
    const cut = end - begin > longestLine;
    let stop = cut ? wholeCharacters(bytes, begin, begin + longestLine) : end;
    if (!cut && stop > begin && bytes[stop - 1] === carriageReturn) stop -= 1;
    const line: LogLine = {
      kind: 'line',
      source: this.#source,
      stamp,
      at: this.#last,
      text: bytes.toString('utf8', begin, stop),
      cut,
    };
    return { line, size, stamped };
  }
}

/** Where to cut at the latest without splitting a character. */
const wholeCharacters = (bytes: Buffer, from: number, to: number): number => {
  for (let back = 1; back <= 3 && to - back >= from; back += 1) {
    const byte = bytes[to - back] ?? 0;
    if (byte < 0x80) return to;
    if (byte >= 0xc0)
      return byte >= (back === 1 ? 0xc0 : back === 2 ? 0xe0 : 0xf0) ? to - back : to;
  }
  return to;
};
