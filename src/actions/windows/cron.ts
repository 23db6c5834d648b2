import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type Zone, zoneOf } from './zone.ts';

/** A schedule of five fields. Numbers of each field that match, and whether the days are restricted. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** 1 is January. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Both kinds of days are restricted: then one of them is enough. */
  readonly eitherDay: boolean;
  /** Of a `CRON_TZ=` before the fields; null without one. */
  readonly zone: Zone | null;
}

interface Bounds {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const fields: readonly Bounds[] = [
  { what: 'minute', least: 0, most: 59, names: [] },
  { what: 'hour', least: 0, most: 23, names: [] },
  { what: 'day of the month', least: 1, most: 31, names: [] },
  {
    what: 'month',
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    what: 'day of the week',
    least: 0,
    most: 6,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
];

/** Longest schedule that is read. */
const longest = 1000;

/** A number of a field, or its name; null when it is neither. */
const numberOf = (text: string, { names, least }: Bounds): number | null => {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + least;
  return /^\+?\d{1,9}$/.test(text) ? Number(text) : null;
};

interface Field {
  readonly numbers: ReadonlySet<number>;
  /** It holds a star, and so restricts nothing. */
  readonly star: boolean;
}

/** One part between commas: `*`, `5`, `1-5`, `*\/15`, `8-18/2`, `5/10`; a text is why it cannot be read. */
const readRange = (text: string, bounds: Bounds): Field | string => {
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreEnds] = range.split('-');
  const star = low === '*' || low === '?';
  if (moreSteps.length > 0) return `too many slashes in ${text}`;
  if (!star && moreEnds.length > 0) return `too many hyphens in ${text}`;
  const first = star ? bounds.least : numberOf(low, bounds);
  const step = stepText === undefined ? 1 : numberOf(stepText, { ...bounds, names: [] });
  const single = high === undefined;
  const last = star
    ? bounds.most
    : !single
      ? numberOf(high, bounds)
      : stepText === undefined
        ? first
        : bounds.most;
  if (first === null || last === null || step === null) return `${text} is no number`;
  if (step === 0) return `the step of ${text} is 0`;
  if (first < bounds.least) return `${first} is below ${bounds.least}`;
  if (last > bounds.most) return `${last} is above ${bounds.most}`;
  if (first > last) return `${text} ends before it begins`;
  const numbers = new Set<number>();
  for (let n = first; n <= last; n += step) numbers.add(n);
  return { numbers, star: star && step === 1 };
};

const readField = (text: string, bounds: Bounds): Field | string => {
  const numbers = new Set<number>();
  let star = false;
  for (const part of text.split(',').filter((p) => p !== '')) {
    const read = readRange(part, bounds);
    if (typeof read === 'string') return read;
    for (const n of read.numbers) numbers.add(n);
    star ||= read.star;
  }
  return { numbers, star };
};

const wrong = (text: string, why: string): Result<never> =>
  failed(failure('misconfigured', 'read a schedule', `'${text.slice(0, 80)}': ${why}`));

const noNumbers: Field = { numbers: new Set(), star: false };

/**
 * A schedule as Argo CD reads it: minute, hour, day of the month, month, day of the week; names, lists, ranges and
 * steps. Sunday is 0, and 7 is an error. No seconds, no `@daily`. `CRON_TZ=Zone` or `TZ=Zone` may stand before it.
 */
export const parseCron = (text: string): Result<Cron> => {
  if (text.length > longest) return wrong(text, 'it is too long');
  const [, zoneName, written = ''] = /^(?:(?:CRON_)?TZ=(\S*)\s)?([\s\S]*)$/.exec(text) ?? [];
  const zone = zoneName === undefined ? null : zoneOf(zoneName === '' ? 'UTC' : zoneName);
  if (zoneName !== undefined && zone === null) return wrong(text, `no time zone ${zoneName}`);
  const words = written.split(/\s+/).filter((w) => w !== '');
  if (words[0]?.startsWith('@')) return wrong(text, `no ${words[0]} here: write five fields`);
  if (words.length !== 5) return wrong(text, `it has ${words.length} fields, and needs five`);
  const read: Field[] = [];
  for (const [i, bounds] of fields.entries()) {
    const field = readField(words[i] ?? '', bounds);
    if (typeof field === 'string') return wrong(text, `${bounds.what}: ${field}`);
    read.push(field);
  }
  const [minute = noNumbers, hour = noNumbers, day = noNumbers, month = noNumbers, week = day] =
    read;
  return ok({
    minutes: minute.numbers,
    hours: hour.numbers,
    days: day.numbers,
    months: month.numbers,
    weekdays: week.numbers,
    eitherDay: !day.star && !week.star,
    zone,
  });
};
