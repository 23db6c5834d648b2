import { type Freshness, freshnessAt, never } from '../kernel/freshness.ts';
import { type EpochMs, type Milliseconds, minutes, seconds } from '../kernel/units.ts';
import type { Slice } from '../kernel/world.ts';
import { alertClusters } from '../probes/alert-clusters.ts';
import {
  type AlertSourceState,
  type AlertsState,
  alerts,
  toldAgainWithin,
} from '../probes/alerts.ts';
import {
  type PrometheusSourceState,
  type PrometheusState,
  prometheus,
} from '../probes/prometheus.ts';
import type { StreamSource } from './alert-stream.ts';
import { ageText, countText, some } from './words.ts';

/** How far the word of one source carries now. */
interface Hearing {
  readonly name: string;
  /** Heard now: what it does not tell is not so. */
  readonly fresh: boolean;
  readonly heard: EpochMs | null;
  readonly freshness: Freshness;
}

export interface AlertSource extends Hearing {
  readonly kind: 'alertmanager' | 'webhook';
  readonly state: AlertSourceState;
  /** The first name of those that gossip with each other. */
  readonly cluster: string;
  /** It has just come up, and has not been told everything by its peers: what it lacks proves nothing. */
  readonly settling: boolean;
}

export interface PrometheusSource extends Hearing {
  readonly kind: 'prometheus';
  readonly state: PrometheusSourceState;
}

/** A watch that reconnects is behind for a moment; what was whole just before is not called old for that. */
const gapAllowed = seconds(10);
/** Alerts have times of its clock in them, and silences end by it. */
const skewAllowed = seconds(30);

/** When one that is not heard now was heard last. Of one that is, it would be another time with each answer. */
export const heardLast = ({ fresh, heard }: Pick<Hearing, 'fresh' | 'heard'>): EpochMs | null =>
  fresh ? null : heard;

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const hearing = (
  name: string,
  { scopes }: Slice<unknown>,
  patience: Milliseconds,
  now: EpochMs,
): Hearing => {
  const freshness = freshnessAt(scopes.get(name) ?? scopes.get('') ?? never, now, patience);
  const heard = freshness.kind === 'never' ? null : freshness.heard;
  const fresh =
    freshness.kind === 'fresh' ||
    (freshness.kind === 'stale' && heard !== null && now - freshness.since < gapAllowed);
  return { name, fresh, heard, freshness };
};

export const alertSources = (slice: Slice<AlertsState>, now: EpochMs): readonly AlertSource[] => {
  const clusters = alertClusters(slice.state);
  return [...slice.state]
    .map(([name, state]): AlertSource => {
      const heard = hearing(name, slice, alerts.patience, now);
      return {
        ...heard,
        // While it is read anew, what has not come yet may still come.
        fresh: heard.fresh && !state.reading,
        kind: state.info?.kind ?? 'alertmanager',
        state,
        cluster: clusters.get(name) ?? name,
        settling: state.info?.clusterStatus === 'settling',
      };
    })
    .sort(byName);
};

export const prometheusSources = (
  slice: Slice<PrometheusState>,
  now: EpochMs,
): readonly PrometheusSource[] =>
  [...slice.state]
    .map(([name, state]): PrometheusSource => {
      const heard = hearing(name, slice, prometheus.patience, now);
      return { ...heard, fresh: heard.fresh && !state.reading, kind: 'prometheus', state };
    })
    .sort(byName);

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Names without what all begin with, where they are still apart: `am-0` of `monitoring/am-0`. */
export const briefNames = (all: readonly string[]): ((name: string) => string) => {
  const brief = new Set(all.map(lastPart));
  return brief.size < all.length || brief.has('') ? (name) => name : lastPart;
};

type Said = Pick<StreamSource, 'tone' | 'text'>;

const unheard = ({ freshness, heard }: Hearing, now: EpochMs): Said => {
  switch (freshness.kind) {
    case 'failing':
      return { tone: 'bad', text: `unreachable: ${freshness.failure.message}` };
    case 'stale':
      return {
        tone: 'stale',
        text: heard === null ? freshness.why : `not heard for ${ageText(now - heard)}`,
      };
    default:
      return { tone: 'unknown', text: 'not read yet' };
  }
};

const skewText = (skew: number | null | undefined): string => {
  const off = Math.abs(skew ?? 0);
  if (off <= skewAllowed) return '';
  const by = off < minutes(2) ? `${Math.round(off / 1000)}s` : ageText(off);
  return `, its clock is ${by} ${(skew ?? 0) > 0 ? 'ahead' : 'behind'}`;
};

/**
 * Whether what it has lost with a restart may still be told again. Beyond that it is over; only of one that was heard
 * since can it be said.
 */
export const waitsToBeTold = ({ state, heard }: Pick<AlertSource, 'state' | 'heard'>): boolean =>
  (heard ?? 0) - (state.start?.at ?? 0) <= toldAgainWithin;

const alertSourceText = (source: AlertSource, now: EpochMs): Said => {
  const { state, settling, kind } = source;
  if (!source.fresh) return unheard(source, now);
  const skew = skewText(state.info?.clockSkew);
  const left = state.cut === 0 ? '' : `, ${some(state.cut, 'more is', 'more are')} left out`;
  const untold = waitsToBeTold(source) ? state.untold.size : 0;
  const lost = untold === 0 ? '' : `, restarted: ${countText(untold)} not told again`;
  const words = `${some(state.alerts.size, 'alert')}${lost}${left}${skew}`;
  if (settling) return { tone: 'warn', text: `settling, ${words}` };
  const quiet = kind === 'webhook' && state.alerts.size === 0 ? 'listening' : words;
  return { tone: lost === '' && left === '' && skew === '' ? 'good' : 'warn', text: quiet };
};

const prometheusText = (source: PrometheusSource, now: EpochMs): Said => {
  const { state } = source;
  if (!source.fresh) return unheard(source, now);
  const failing = [...state.rules.values()].filter((r) => r.health === 'err').length;
  const down = state.down.size;
  const skew = skewText(state.info?.clockSkew);
  const parts = [
    some(state.info?.rules ?? state.rules.size, 'rule'),
    ...(failing > 0 ? [`${some(failing, 'of them fails', 'of them fail')}`] : []),
    ...(down > 0 ? [`${some(down, 'target')} down`] : []),
  ];
  // What it finds failing or down stands in lines of its own; that it says so shows that it is well itself.
  return { tone: skew === '' ? 'good' : 'warn', text: `${parts.join(', ')}${skew}` };
};

/** Those that have never told anything have no state; what is said of them is all there is. */
const silentSources = (
  slice: Slice<ReadonlyMap<string, unknown>>,
  kind: 'alertmanager' | 'prometheus',
  patience: Milliseconds,
  now: EpochMs,
): readonly StreamSource[] =>
  [...slice.scopes.keys()].sort().flatMap((scope) => {
    if (slice.state.has(scope)) return [];
    const source = hearing(scope, slice, patience, now);
    // One that was heard and has no state has left.
    if (source.heard !== null || source.freshness.kind === 'fresh') return [];
    const name = scope === '' ? kind : scope;
    const said = unheard(source, now);
    return [{ name, kind, where: '', version: '', cluster: name, heard: null, ...said }];
  });

/** All sources, Alertmanagers first, each with how far it can be trusted. */
export const streamSources = (
  told: Slice<AlertsState>,
  watched: Slice<PrometheusState>,
  heard: readonly AlertSource[],
  rules: readonly PrometheusSource[],
  now: EpochMs,
): readonly StreamSource[] => [
  ...heard.map((s) => ({
    name: s.name,
    kind: s.kind,
    where: s.state.info?.where ?? '',
    version: s.state.info?.version ?? '',
    cluster: s.cluster,
    heard: s.heard,
    ...alertSourceText(s, now),
  })),
  ...silentSources(told, 'alertmanager', alerts.patience, now),
  ...rules.map((s) => ({
    name: s.name,
    kind: s.kind,
    where: s.state.info?.where ?? '',
    version: s.state.info?.version ?? '',
    cluster: s.name,
    heard: s.heard,
    ...prometheusText(s, now),
  })),
  ...silentSources(watched, 'prometheus', prometheus.patience, now),
];
