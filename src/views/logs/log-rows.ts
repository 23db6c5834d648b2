import type { Rows, Target } from '../view.ts';
import { keyOf, type LogEntry, lowerBound, placeOfKey } from './log-entry.ts';
import { entryLine, type LogLook, textColumns } from './log-line.ts';
import { wrappedRows } from './log-wrap.ts';

/** The pod that a source is of. */
export const targetOf = ({ source }: LogEntry): Target | null => {
  const [namespace, name] = source.split('/');
  return namespace === undefined || name === undefined || name === ''
    ? null
    : { object: { resource: 'pods', namespace, name } };
};

const nothing: Target = {};

const plainRows = (entries: readonly LogEntry[], look: LogLook): Rows => {
  const key = (i: number): string => {
    const entry = entries[i];
    return entry === undefined ? '' : keyOf(entry);
  };
  return {
    length: entries.length,
    key,
    selectable: () => true,
    target: (i) => (entries[i] === undefined ? null : (targetOf(entries[i]) ?? nothing)),
    line: (i) => {
      const entry = entries[i];
      return entry === undefined ? [] : entryLine(entry, key(i), 0, look);
    },
    // Where the line itself is not shown any more, the next one in time has the cursor.
    indexOf: (k) => {
      const place = placeOfKey(k);
      return place === null ? -1 : Math.min(entries.length - 1, lowerBound(entries, place));
    },
  };
};

/** First row of each entry, and behind the last one the number of rows. */
const rowStarts = (entries: readonly LogEntry[], columns: number): Uint32Array => {
  const starts = new Uint32Array(entries.length + 1);
  let row = 0;
  for (let i = 0; i < entries.length; i += 1) {
    starts[i] = row;
    const entry = entries[i] as LogEntry;
    row += entry.note === '' ? wrappedRows(entry.text, columns, entry.wide) : 1;
  }
  starts[entries.length] = row;
  return starts;
};

interface Counted {
  readonly entries: readonly LogEntry[];
  readonly version: number;
  readonly columns: number;
  readonly starts: Uint32Array;
}

let last: Counted | null = null;

/** Counted once for what is there, not at every key. */
const countedRows = (
  entries: readonly LogEntry[],
  version: number,
  columns: number,
): Uint32Array => {
  if (last?.entries === entries && last.version === version && last.columns === columns)
    return last.starts;
  const starts = rowStarts(entries, columns);
  last = { entries, version, columns, starts };
  return starts;
};

const wrappedRowsOf = (entries: readonly LogEntry[], starts: Uint32Array, look: LogLook): Rows => {
  /** Index of the entry that a row is of. */
  const entryAt = (row: number): number => {
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((starts[mid] ?? 0) <= row) low = mid;
      else high = mid - 1;
    }
    return low;
  };
  const whole = plainRows(entries, look);
  return {
    length: starts[entries.length] ?? 0,
    key: (row) => {
      const i = entryAt(row);
      return `${whole.key(i)}/${row - (starts[i] ?? 0)}`;
    },
    selectable: () => true,
    target: (row) => whole.target(entryAt(row)),
    line: (row) => {
      const i = entryAt(row);
      const entry = entries[i];
      if (entry === undefined) return [];
      return entryLine(entry, keyOf(entry), row - (starts[i] ?? 0), look);
    },
    indexOf: (key) => {
      const [place = '', part = '0'] = key.split('/');
      const i = whole.indexOf(place);
      if (i < 0) return -1;
      const rows = (starts[i + 1] ?? 0) - (starts[i] ?? 0);
      return (starts[i] ?? 0) + Math.min(rows - 1, Number(part));
    },
  };
};

/** Entries as rows, painted when they are seen. @param version Of what is shown: the rows of wrapped lines are counted once for it. */
export const logRows = (entries: readonly LogEntry[], version: number, look: LogLook): Rows =>
  look.wrap
    ? wrappedRowsOf(entries, countedRows(entries, version, textColumns(look)), look)
    : plainRows(entries, look);

/** The key of the entry that a key of a row is of. */
export const entryKey = (key: string): string => key.split('/')[0] ?? '';
