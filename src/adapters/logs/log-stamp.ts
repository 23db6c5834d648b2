import { type EpochMs, epochMs } from '../../kernel/units.ts';

/** When a line was written, as its node says, to the nanosecond. */
export interface LogStamp {
  readonly at: EpochMs;
  /** Nanoseconds behind the millisecond, 0..999999. */
  readonly nanos: number;
}

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** `2026-11-23T08:08:01.123456789Z`, or with an offset; null when it is no such time. */
export const parseStamp = (text: string): LogStamp | null => {
  const [, second = '', fraction = '', zone = ''] = pattern.exec(text) ?? [];
  const whole = second === '' ? Number.NaN : Date.parse(`${second}${zone}`);
  if (Number.isNaN(whole)) return null;
  const nanos = Number(fraction.padEnd(9, '0'));
  return { at: epochMs(whole + Math.floor(nanos / 1e6)), nanos: nanos % 1e6 };
};

/** Second since 1970 that a stamp is in; null when it is none. */
export const secondOf = (stamp: string): number | null => {
  const parsed = parseStamp(stamp);
  return parsed === null ? null : Math.floor(parsed.at / 1000);
};

/** Below 0 when `a` is earlier. Kubelets write nine digits and UTC, and then text is in the order of time. */
export const compareStamps = (a: string, b: string): number => {
  if (a === b) return 0;
  if (a.length === b.length && a.endsWith('Z') && b.endsWith('Z')) return a < b ? -1 : 1;
  const x = parseStamp(a);
  const y = parseStamp(b);
  if (x === null || y === null) return x === y ? 0 : x === null ? -1 : 1;
  return x.at - y.at || x.nanos - y.nanos;
};

/**
 * `parseStamp` for the lines of one log: one after the other they are of the same second, and reading a date takes
 * longer than everything else that is done with a line.
 */
export class StampReader {
  #second = '';
  #zone = '';
  #whole = 0;

  /** When the line was written, in whole milliseconds; null when the text is no stamp. */
  at(stamp: string): EpochMs | null {
    const { length } = stamp;
    if (length === 30 && stamp.endsWith('Z') && this.#zone === 'Z' && stamp[19] === '.') {
      if (stamp.startsWith(this.#second)) {
        const ms = digits(stamp, 20);
        return ms === null || digits(stamp, 23) === null || digits(stamp, 26) === null
          ? null
          : epochMs(this.#whole + ms);
      }
    }
    const parsed = parseStamp(stamp);
    if (parsed === null) return null;
    this.#second = stamp.slice(0, 19);
    this.#zone = stamp.endsWith('Z') ? 'Z' : 'offset';
    this.#whole = Math.floor(parsed.at / 1000) * 1000;
    return parsed.at;
  }
}

/** Three decimal digits as a number. */
const digits = (text: string, from: number): number | null => {
  const a = text.charCodeAt(from) - 48;
  const b = text.charCodeAt(from + 1) - 48;
  const c = text.charCodeAt(from + 2) - 48;
  return a < 0 || a > 9 || b < 0 || b > 9 || c < 0 || c > 9 ? null : a * 100 + b * 10 + c;
};
