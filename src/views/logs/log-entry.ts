import type { LogItem, LogNote } from '../../kernel/effect-ports.ts';
import { type PlainText, plainText } from '../../kernel/text.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { type Severity, severityOf } from './log-severity.ts';
import { isWideText } from './log-wrap.ts';

/** A line or a note of a log, as it is kept for the screen. */
export interface LogEntry {
  /** In the order of arrival. */
  readonly id: number;
  readonly at: EpochMs;
  /** Nanoseconds within the millisecond. */
  readonly nanos: number;
  /** `namespace/pod/container`; '' for a note about all of them. */
  readonly source: string;
  /** Fit for a screen, but not free of secrets: see `shownText`. */
  readonly text: PlainText;
  /** Some of its characters take two columns: counted once, because rows are counted at each repaint. */
  readonly wide: boolean;
  readonly severity: Severity;
  /** '' for a line. */
  readonly note: LogNote | '';
  readonly cut: boolean;
}

/** `2026-11-23T08:08:01.123456789Z` has these digits behind the milliseconds. */
const nanosOf = (stamp: string): number => {
  const n = Number(stamp.slice(23, 29));
  return Number.isInteger(n) ? n : 0;
};

export const entryOf = (item: LogItem, id: number): LogEntry => {
  const text = plainText(item.text);
  const { at, source } = item;
  return item.kind === 'line'
    ? {
        id,
        at,
        nanos: nanosOf(item.stamp),
        source,
        text,
        wide: isWideText(text),
        severity: severityOf(text),
        note: '',
        cut: item.cut,
      }
    : {
        id,
        at,
        nanos: 0,
        source,
        text,
        wide: false,
        severity: 'none',
        note: item.note,
        cut: false,
      };
};

/** By time, then by arrival: never equal for two entries. */
export const compareEntries = (a: LogEntry, b: LogEntry): number =>
  a.at - b.at || a.nanos - b.nanos || a.id - b.id;

/** Its place in the order, as text: a cursor that holds it finds the nearest entry when this one has gone. */
export const keyOf = ({ at, nanos, id }: LogEntry): string => `${at}.${nanos}.${id}`;

/** The place that a key tells; null where it tells none. */
export const placeOfKey = (key: string): Pick<LogEntry, 'at' | 'nanos' | 'id'> | null => {
  const [at, nanos, id] = key.split('.').map(Number);
  return at === undefined || nanos === undefined || id === undefined || Number.isNaN(at)
    ? null
    : { at: at as EpochMs, nanos, id };
};

/** Index of the first entry that is not before the given place. */
export const lowerBound = (
  list: readonly LogEntry[],
  place: Pick<LogEntry, 'at' | 'nanos' | 'id'>,
  from = 0,
): number => {
  let low = from;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (compareEntries(list[mid] as LogEntry, place as LogEntry) < 0) low = mid + 1;
    else high = mid;
  }
  return low;
};
