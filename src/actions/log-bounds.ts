import type { ActArgs, LogBounds } from '../kernel/act.ts';
import { durationText, parseDuration } from '../kernel/duration.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { bytes, type EpochMs, epochMs } from '../kernel/units.ts';
import type { LogPolicy } from './policy.ts';

export interface LogWish {
  readonly bounds: LogBounds;
  /** `since 10m, which is the default`, for the title. */
  readonly words: string;
}

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'logs', message, { hint }));

const dated = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const timeOfDay = /^(\d\d):(\d\d)(?::(\d\d))?Z?$/;
const day = 86_400_000;

/** A timestamp, or a time of day of the last 24 hours, of UTC where it says nothing else; null when it is neither. */
export const parseTime = (text: string, now: EpochMs): EpochMs | null => {
  const [, h, m, s] = timeOfDay.exec(text) ?? [];
  if (h !== undefined) {
    const today = Math.floor(now / day) * day;
    const at = today + Number(h) * 3_600_000 + Number(m) * 60_000 + Number(s ?? 0) * 1000;
    const isTime = Number(h) < 24 && Number(m) < 60 && Number(s ?? 0) < 60;
    return isTime ? epochMs(at > now ? at - day : at) : null;
  }
  if (!dated.test(text)) return null;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !/[T ]/.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) || at < 1000 ? null : epochMs(at);
};

/** A whole number above 0; null where nothing is given. */
const count = (text: string | undefined, what: string): Result<number | null> => {
  if (text === undefined || text === '') return ok(null);
  const n = Number(text);
  return /^\d+$/.test(text) && n > 0 && Number.isSafeInteger(n)
    ? ok(n)
    : wrong(`${what} is not a whole number above 0`, `e.g. ${what} 100`);
};

const isYes = (text: string | undefined): boolean => text === 'true' || text === 'yes';

const sinceOf = (
  { since = '', sinceTime = '' }: ActArgs,
  newest: number | null,
  policy: LogPolicy,
  now: EpochMs,
): Result<{ readonly since: LogBounds['since']; readonly words: string }> => {
  if ([since, sinceTime].filter((t) => t !== '').length + (newest === null ? 0 : 1) > 1) {
    return wrong('since, sinceTime and newest exclude each other', 'give one of them');
  }
  if (newest !== null)
    return ok({
      since: { kind: 'newest' },
      words: `the newest ${newest} lines, whenever they were`,
    });
  if (sinceTime !== '') {
    const at = parseTime(sinceTime, now);
    if (at === null) return wrong('sinceTime is no time', 'e.g. 2026-11-23T21:43:00Z, or 21:43');
    if (at > now) return wrong('sinceTime is in the future', 'times without a zone are UTC');
    return ok({ since: { kind: 'time', at }, words: `since ${new Date(at).toISOString()}` });
  }
  if (since === '') {
    const words = `since ${durationText(policy.since)}, which is the default`;
    return ok({ since: { kind: 'age', age: policy.since }, words });
  }
  const age = parseDuration(since);
  if (age === null) return wrong('since is no time above zero', 'e.g. 90s, 10m or 1h30m');
  return ok({ since: { kind: 'age', age }, words: `since ${durationText(age)}` });
};

/**
 * Bounds of a question for logs, from what was typed and what the policy has where nothing was. What is asked for is
 * never made smaller here: guards refuse what is too much, in words.
 * @param previous The instance before the last restart.
 */
export const logBounds = (
  args: ActArgs,
  policy: LogPolicy,
  previous: boolean,
  now: EpochMs,
): Result<LogWish> => {
  const newest = count(args.newest, 'newest');
  if (!newest.ok) return newest;
  const from = sinceOf(args, newest.value, policy, now);
  if (!from.ok) return from;
  const tail = count(args.tail, 'tail');
  if (!tail.ok) return tail;
  const limit = count(args.limitBytes, 'limitBytes');
  if (!limit.ok) return limit;
  const streams = count(args.streams, 'streams');
  if (!streams.ok) return streams;
  const follows = isYes(args.follow);
  if (follows && previous) {
    return wrong('a log that has ended has nothing to follow', 'leave out follow, or previous');
  }
  const lease =
    args.for === undefined || args.for === '' ? policy.followMax : parseDuration(args.for);
  if (lease === null) return wrong('for is no time above zero', 'e.g. 10m');
  return ok({
    bounds: {
      since: from.value.since,
      // Without a number the oldest bytes would be kept and the newest lost.
      tail: newest.value ?? tail.value ?? policy.tailMax,
      limitBytes: bytes(limit.value ?? policy.bytesMax),
      previous,
      lease: follows ? lease : null,
      streams: streams.value ?? policy.streamsMax,
    },
    words: [
      from.value.words,
      ...(tail.value === null ? [] : [`${tail.value} lines of each at most`]),
      ...(follows ? [`and what comes within ${durationText(lease)}`] : []),
    ].join(', '),
  });
};
