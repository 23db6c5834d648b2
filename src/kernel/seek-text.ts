import type { Player, Timeline } from './player.ts';
import { type EpochMs, epochMs, type Revision, revision } from './units.ts';

export type SeekTarget =
  | { readonly kind: 'revision'; readonly rev: Revision }
  | { readonly kind: 'time'; readonly at: EpochMs }
  | { readonly kind: 'refused'; readonly why: string };

const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const day = unit.d;

/**
 * Where somebody wants to go: `r1200` a revision, `21:43` or `21:43:05` a time of day in UTC, a timestamp, `+5m` or
 * `-1h30m` from where the cursor is, `50%` of the way. A time of day is the nearest one within the recording.
 */
export const parseSeek = (
  text: string,
  player: Pick<Player, 'now'>,
  timeline: Pick<Timeline, 'base' | 'last' | 'startAt' | 'endAt'>,
): SeekTarget => {
  const wanted = text.trim();
  const rev = /^(?:r|#)\s?(\d{1,15})$/i.exec(wanted);
  if (rev !== null) return toRevision(Number(rev[1]), timeline);
  const share = /^(\d{1,3}(?:\.\d+)?)\s?%$/.exec(wanted);
  if (share !== null && Number(share[1]) <= 100) {
    const span = timeline.endAt - timeline.startAt;
    return { kind: 'time', at: epochMs(timeline.startAt + (span * Number(share[1])) / 100) };
  }
  const by = /^([+-])\s?((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)$/.exec(wanted);
  if (by !== null) {
    return toTime(
      player.now + (by[1] === '-' ? -1 : 1) * durationOf(by[2] ?? ''),
      timeline,
      'near',
    );
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(wanted);
  if (clock !== null) return timeOfDay(clock, player.now, timeline);
  if (/^\d{4}-\d{2}-\d{2}/.test(wanted)) {
    const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(wanted) || wanted.length <= 10;
    const at = Date.parse(zoned ? wanted : `${wanted.replace(' ', 'T')}Z`);
    if (!Number.isNaN(at)) return toTime(at, timeline, 'exact');
  }
  return { kind: 'refused', why: `not a time, revision or distance: ${wanted.slice(0, 40)}` };
};

const durationOf = (text: string): number => {
  let total = 0;
  for (const [, n, name] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(n) * unit[name as keyof typeof unit];
  }
  return total;
};

const toRevision = (rev: number, { base, last }: Pick<Timeline, 'base' | 'last'>): SeekTarget => {
  if (rev > last) return { kind: 'refused', why: `the recording ends at r${last}` };
  if (rev < base) return { kind: 'refused', why: `compacted: the recording begins at r${base}` };
  return { kind: 'revision', rev: revision(rev) };
};

/** A distance may overshoot and stops at the end; a time that is named must be within. */
const toTime = (
  at: number,
  { startAt, endAt }: Pick<Timeline, 'startAt' | 'endAt'>,
  how: 'near' | 'exact',
): SeekTarget => {
  if (how === 'near') return { kind: 'time', at: epochMs(Math.min(endAt, Math.max(startAt, at))) };
  // A time without fractions means the whole second.
  if (at < startAt - 1000 || at > endAt + 1000) {
    return { kind: 'refused', why: `the recording is from ${stamp(startAt)} to ${stamp(endAt)}` };
  }
  return { kind: 'time', at: epochMs(at) };
};

const timeOfDay = (
  clock: RegExpExecArray,
  now: EpochMs,
  timeline: Pick<Timeline, 'startAt' | 'endAt'>,
): SeekTarget => {
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds >= 60) {
    return { kind: 'refused', why: `no time of day: ${clock[0]}` };
  }
  const inDay = hours * unit.h + minutes * unit.m + seconds * unit.s;
  const firstDay = Math.floor(timeline.startAt / day);
  const lastDay = Math.floor(timeline.endAt / day);
  // A time without seconds means the whole minute, of which the recording may hold only the rest.
  const slack = clock[3] === undefined ? unit.m : unit.s;
  let best: number | null = null;
  for (let d = firstDay; d <= lastDay; d += 1) {
    const at = d * day + inDay;
    if (at < timeline.startAt - slack || at > timeline.endAt) continue;
    if (best === null || Math.abs(at - now) < Math.abs(best - now)) best = at;
  }
  return best === null
    ? toTime(Number.NEGATIVE_INFINITY, timeline, 'exact')
    : { kind: 'time', at: epochMs(Math.max(timeline.startAt, best)) };
};

const stamp = (at: EpochMs): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
