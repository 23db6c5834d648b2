import { plainText } from '../../kernel/text.ts';

/** One event of an object, from the watch or from the server's whole list. */
export interface Happening {
  readonly uid: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeen: number;
  readonly source: string;
}

/** Events of one object; a server keeps an hour of them. */
const eventsRead = 500;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const text = (value: unknown): string =>
  typeof value === 'string' ? plainText(value).slice(0, 2000) : '';

const time = (...values: readonly unknown[]): number => {
  for (const value of values) {
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(at)) return at;
  }
  return 0;
};

const whole = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;

const happening = (value: unknown): Happening => {
  const e = fieldsOf(value);
  const metadata = fieldsOf(e.metadata);
  const series = fieldsOf(e.series);
  return {
    uid: text(metadata.uid),
    type: text(e.type),
    reason: text(e.reason),
    message: text(e.message),
    count: Math.max(1, whole(e.count), whole(series.count)),
    lastSeen: time(
      series.lastObservedTime,
      e.lastTimestamp,
      e.eventTime,
      e.firstTimestamp,
      metadata.creationTimestamp,
    ),
    source: text(fieldsOf(e.source).component) || text(e.reportingComponent),
  };
};

let last: { readonly json: string; readonly events: readonly Happening[] | null } | null = null;

/** Events in the server's EventList; null when it is none. The text is read once, not at every key. */
export const readEvents = (json: string): readonly Happening[] | null => {
  if (last?.json === json) return last.events;
  let events: readonly Happening[] | null = null;
  try {
    const { items } = fieldsOf(JSON.parse(json));
    events = Array.isArray(items)
      ? items
          .slice(0, eventsRead)
          .map(happening)
          .filter((e) => e.uid !== '')
      : null;
  } catch {
    // What is no JSON is no list of events.
  }
  last = { json, events };
  return events;
};
