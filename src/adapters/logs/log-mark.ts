import { compareStamps, secondOf } from './log-stamp.ts';

interface Second {
  readonly second: number;
  /** Stamp of the first of its lines in the log, and how many lines had been read before it. */
  readonly first: string;
  readonly firstAt: number;
  lines: number;
  bytes: number;
}

/**
 * How far a log has been read: enough to ask for the rest of it and to know which lines of the answer are not new.
 * A server begins at a whole second, so what has been read of the last two of them is remembered: two, because lines of
 * two outputs of one program are not quite in the order of their times.
 */
export class LogMark {
  #seconds: Second[] = [];
  #read = 0;
  /** Latest stamp, '' before the first line, and how many lines have it. */
  #last = '';
  #atLast = 0;

  /** Takes note of a line with a stamp, in the order in which lines are read. */
  note(stamp: string, size: number): void {
    const newest = this.#seconds.at(-1);
    const second =
      newest !== undefined && isOf(stamp, newest.first) ? newest.second : secondOf(stamp);
    if (second === null) return;
    this.#read += 1;
    const order = this.#last === '' ? 1 : compareStamps(stamp, this.#last);
    if (order > 0) {
      this.#last = stamp;
      this.#atLast = 1;
    } else if (order === 0) this.#atLast += 1;
    this.#count(second, stamp, size);
  }

  #count(second: number, stamp: string, size: number): void {
    const known = this.#seconds.find((s) => s.second === second);
    if (known !== undefined) {
      known.lines += 1;
      known.bytes += size;
      return;
    }
    const newest = this.#seconds.at(-1)?.second ?? second;
    if (second < newest - 1) return;
    const mine = { second, first: stamp, firstAt: this.#read, lines: 1, bytes: size };
    this.#seconds = [...this.#seconds, mine]
      .filter((s) => s.second >= Math.max(newest, second) - 1)
      .sort((a, b) => a.second - b.second);
  }

  /** Second since 1970 to ask from; null before the first line. */
  get from(): number | null {
    const newest = this.#seconds.at(-1);
    return newest === undefined ? null : newest.second - 1;
  }

  /** Bytes of lines that will be sent again. */
  get again(): number {
    return this.#seconds.reduce((sum, s) => sum + s.bytes, 0);
  }

  get last(): string {
    return this.#last;
  }

  /** Sorts the lines of an answer that was asked `from` here into those that were read before and those that were not. */
  resume(): Resumed {
    const first = this.#seconds.reduce<Second | null>(
      (a, b) => (a === null || b.firstAt < a.firstAt ? b : a),
      null,
    );
    const lines = this.#seconds.reduce((sum, s) => sum + s.lines, 0);
    return new Resumed(first?.first ?? '', lines, this.#last, this.#atLast);
  }
}

/** Of the same second, as far as the texts tell. */
const isOf = (a: string, b: string): boolean =>
  a.length === b.length && a.endsWith('Z') && b.endsWith('Z') && a.startsWith(b.slice(0, 19));

/**
 * Lines that were read before come first and in the same order; they are counted. Where the answer begins elsewhere,
 * because the log was rotated meanwhile or is another one, lines up to the latest time that was read are the old ones.
 */
export class Resumed {
  readonly #first: string;
  readonly #last: string;
  #left: number;
  #atLast: number;
  #by: 'unknown' | 'count' | 'time' = 'unknown';
  #met: boolean;

  constructor(first: string, lines: number, last: string, atLast: number) {
    this.#first = first;
    this.#left = lines;
    this.#last = last;
    this.#atLast = atLast;
    this.#met = last === '';
  }

  /** For every line with a stamp, in order. */
  isSeen(stamp: string): boolean {
    if (this.#last === '') return false;
    if (this.#by === 'unknown') this.#by = stamp === this.#first ? 'count' : 'time';
    if (this.#by === 'count') {
      this.#met = true;
      this.#left -= 1;
      return this.#left >= 0;
    }
    const order = compareStamps(stamp, this.#last);
    if (order > 0) return false;
    this.#met = this.#met || order === 0;
    if (order < 0) return true;
    this.#atLast -= 1;
    return this.#atLast >= 0;
  }

  /** For another log that goes on where one has ended: what is not later than its last line is old. */
  static after(last: string): Resumed {
    const resumed = new Resumed('', 0, last, Number.POSITIVE_INFINITY);
    resumed.#met = true;
    return resumed;
  }

  /** Whether what was read before has been met again. Where it has not, lines between may be missing. */
  get met(): boolean {
    return this.#met;
  }
}
