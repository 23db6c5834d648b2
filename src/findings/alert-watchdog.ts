import { type EpochMs, epochMs, minutes } from '../kernel/units.ts';
import { namesText } from './alert-judgement.ts';
import { ownItem } from './alert-own.ts';
import { type AlertSource, briefNames } from './alert-sources.ts';
import type { StreamItem, WatchdogState } from './alert-stream.ts';
import type { Voices } from './alert-voices.ts';
import { earliest, proofOf } from './facts.ts';

/** A restart of an Alertmanager, and the next time that a Prometheus sends to it, take less. */
const missingAllowed = minutes(2);
/** Without it nothing is known of all that alerts would tell. */
const weight = 10_000;

export interface WatchdogWord {
  readonly state: WatchdogState;
  readonly items: readonly StreamItem[];
}

interface Seen {
  readonly source: AlertSource;
  readonly state: 'seen' | 'gone' | 'never' | 'waited for';
  /** Since when it is so, as far as that can be told. */
  readonly since: EpochMs;
}

const seenBy = (source: AlertSource, voices: readonly Voices[], now: EpochMs): Seen => {
  const mine = voices.flatMap((v) => v.alerts.filter((a) => a.source === source));
  const has = mine.find((v) => v.state !== 'resolved' && !v.untold);
  if (has !== undefined) return { source, state: 'seen', since: has.since };
  const gone = mine.map((v) => v.since);
  if (gone.length > 0) {
    const since = epochMs(Math.max(...gone));
    return { source, state: now - since > missingAllowed ? 'gone' : 'waited for', since };
  }
  // A Prometheus fires it: it was seen, only not here.
  const fired = voices
    .flatMap((v) => v.rules)
    .filter((r) => r.source.fresh && r.state === 'firing')
    .map((r) => r.since);
  const sent = earliest(fired);
  const since = epochMs(Math.max(source.state.askedSince, sent));
  if (source.settling || now - since <= missingAllowed)
    return { source, state: 'waited for', since };
  return { source, state: sent > 0 ? 'gone' : 'never', since };
};

type NameOf = (name: string) => string;

const missing = (
  state: 'gone' | 'never',
  all: readonly Seen[],
  nameOf: NameOf,
): readonly StreamItem[] => {
  const those = all.filter((s) => s.state === state && s.source.fresh);
  if (those.length === 0) return [];
  const names = namesText(those.map((s) => nameOf(s.source.name)));
  const never = state === 'never';
  return [
    ownItem({
      key: never ? 'own/watchdog/never' : 'own/watchdog',
      name: 'Watchdog',
      severity: never ? 'warning' : 'critical',
      weight: never ? 1 : weight,
      summary: `Watchdog is missing: alerts may not reach ${names}${never ? ', where it was never seen' : ''}`,
      since: never ? epochMs(0) : earliest(those.map((s) => s.since)),
      says: those.map(({ source, since }) => ({
        source: source.name,
        state: 'silent',
        fresh: true,
        heard: null,
        since: never ? null : since,
      })),
      proof: those.map(({ source, since }) =>
        proofOf(
          'alerts',
          `${source.name} does not have it${never ? ', and did not since we listen' : ''}`,
          never ? 0 : since,
        ),
      ),
    }),
  ];
};

const latestOf = (all: readonly Seen[]): EpochMs | null => {
  const heard = all.flatMap((s) => s.source.heard ?? []);
  return heard.length === 0 ? null : epochMs(Math.max(...heard));
};

/** Whether the alert that always fires is there. It is never listed itself; that it is missing is. */
export const watchdogOf = (
  voices: readonly Voices[],
  sources: readonly AlertSource[],
  now: EpochMs,
): WatchdogWord => {
  const asked = sources.filter((s) => s.kind === 'alertmanager').map((s) => seenBy(s, voices, now));
  // What is pushed to us is what is routed to us: that it is not there means nothing.
  const pushed = sources
    .filter((s) => s.kind === 'webhook')
    .map((s) => seenBy(s, voices, now))
    .filter((s) => s.state === 'seen');
  const all = [...asked, ...pushed];
  const nameOf = briefNames(sources.map((s) => s.name));
  const items = [...missing('gone', asked, nameOf), ...missing('never', asked, nameOf)];
  const worst = items[0];
  if (worst !== undefined) {
    const tone = worst.severity === 'critical' ? 'bad' : 'warn';
    return { items, state: { tone, text: worst.summary, heard: latestOf(all) } };
  }
  const seen = all.filter((s) => s.state === 'seen');
  const fresh = seen.filter((s) => s.source.fresh);
  const names = (some: readonly Seen[]): string =>
    namesText(some.map((s) => nameOf(s.source.name)));
  if (fresh.length > 0) {
    const text = `Watchdog seen through ${names(fresh)}`;
    return { items, state: { tone: 'good', text, heard: latestOf(fresh) } };
  }
  if (seen.length > 0) {
    const text = `Watchdog last seen through ${names(seen)}`;
    return { items, state: { tone: 'stale', text, heard: latestOf(seen) } };
  }
  return { items, state: { tone: 'unknown', text: '', heard: null } };
};
