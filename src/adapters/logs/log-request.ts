import type { Bytes } from '../../kernel/units.ts';

/** From where on a log is read. There is no "from the beginning". */
export type LogFrom =
  /** Of the server's clock: whole seconds, at least one. */
  | { readonly kind: 'age'; readonly seconds: number }
  /** Seconds since 1970: a request cannot name a part of one. */
  | { readonly kind: 'time'; readonly second: number }
  /** The newest lines whenever they were, as many as `tail` says. */
  | { readonly kind: 'newest' };

/** One question for the log of one container. */
export interface LogQuestion {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly from: LogFrom;
  /** Lines at most, the newest of them; null: as many as the bytes allow. */
  readonly tail: number | null;
  /** The oldest so many bytes of what is asked for; times of lines are counted too. */
  readonly limitBytes: Bytes;
  /** The instance before the last restart. */
  readonly previous: boolean;
  /** Waits for new lines. */
  readonly follow: boolean;
}

const whole = (value: number, what: string): string => {
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${what} of logs is ${value}`);
  return String(value);
};

/** Latest second that can be written as a date. */
const lastSecond = 8.64e12;

const timeText = (second: number): string => {
  whole(second, 'the time');
  if (second > lastSecond) throw new Error(`the time of logs is ${second}`);
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
};

const name = (text: string): string => {
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(text)) throw new Error('no name of a log');
  return text;
};

type Pairs = readonly [string, string][];

const fromOf = ({ from, tail }: LogQuestion): Pairs => {
  const lines: Pairs = tail === null ? [] : [['tailLines', whole(tail, 'the number of lines')]];
  switch (from.kind) {
    case 'age':
      return [['sinceSeconds', whole(from.seconds, 'the age')], ...lines];
    case 'time':
      return [['sinceTime', timeText(from.second)], ...lines];
    case 'newest':
      if (tail === null) throw new Error('the newest lines are asked for without their number');
      return lines;
  }
};

const isBounded = (path: string): boolean => {
  const query = new URL(path, 'http://api').searchParams;
  const said = (key: string): boolean => /^[1-9]\d*$/.test(query.get(key) ?? '');
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(query.get('sinceTime') ?? '');
  return said('limitBytes') && (said('sinceSeconds') || time || said('tailLines'));
};

/**
 * The only place where a request for logs is built: always with a limit of bytes, and always with a beginning or the
 * number of newest lines. Times are asked for with every line: order, resuming and gaps depend on them.
 * @throws when a bound is missing or no whole number above 0: that is a bug of the caller, never a matter of input.
 */
export const logPath = (question: LogQuestion): string => {
  const { namespace, pod, container, limitBytes, previous, follow } = question;
  const pairs: Pairs = [
    ['container', name(container)],
    ['timestamps', 'true'],
    ...fromOf(question),
    ['limitBytes', whole(limitBytes, 'the limit of bytes')],
    ...(previous ? ([['previous', 'true']] satisfies Pairs) : []),
    ...(follow ? ([['follow', 'true']] satisfies Pairs) : []),
  ];
  const query = new URLSearchParams([...pairs]);
  const path = `/api/v1/namespaces/${name(namespace)}/pods/${name(pod)}/log?${query}`;
  if (!isBounded(path)) throw new Error('a request for logs without bounds was built');
  return path;
};
