import type { EtcdMetrics } from '../../kernel/etcd-fact.ts';
import {
  type Buckets,
  commitHistogram,
  fsyncHistogram,
  type MetricsSample,
  roundTripHistogram,
  valueNames,
} from './metrics-sample.ts';

/**
 * The value in seconds below which `share` of what was observed between two scrapes lies, interpolated within its
 * bucket; null when nothing was observed, or when the counters began anew in between. What lies above the last bound
 * is told as that bound.
 */
export const quantileBetween = (before: Buckets, after: Buckets, share: number): number | null => {
  const bounds = [...after.keys()].sort((a, b) => a - b);
  const counts = bounds.map((le) => (after.get(le) ?? 0) - (before.get(le) ?? 0));
  const total = counts.at(-1) ?? 0;
  if (total <= 0 || counts.some((n, i) => n < 0 || n < (counts[i - 1] ?? 0))) return null;
  const rank = share * total;
  const at = counts.findIndex((n) => n >= rank);
  const upper = bounds[at] ?? 0;
  const lower = at === 0 ? 0 : (bounds[at - 1] ?? 0);
  if (!Number.isFinite(upper)) return at === 0 ? null : lower;
  const below = at === 0 ? 0 : (counts[at - 1] ?? 0);
  const within = (counts[at] ?? 0) - below;
  return within <= 0 ? upper : lower + ((upper - lower) * (rank - below)) / within;
};

const p99 = 0.99;
const microseconds = (inSeconds: number): number => Math.round(inSeconds * 1e6);

/** p99 in milliseconds of the slowest series of a histogram. */
const slowest = (before: MetricsSample, after: MetricsSample, name: string): number | null => {
  const all = [...(after.histograms.get(name) ?? [])].flatMap(([key, buckets]) => {
    const was = before.histograms.get(name)?.get(key);
    const found = quantileBetween(was ?? new Map(), buckets, p99);
    return found === null ? [] : [microseconds(found) / 1000];
  });
  return all.length === 0 ? null : Math.max(...all);
};

/** What a scrape says, and with the one before, how long things took in between. */
export const metricsReport = (before: MetricsSample | null, now: MetricsSample): EtcdMetrics => {
  const value = (name: keyof typeof valueNames): number | null =>
    now.values.get(valueNames[name]) ?? null;
  const started = value('startedAt');
  const same =
    before !== null &&
    before.values.get(valueNames.startedAt) === now.values.get(valueNames.startedAt);
  const p99Of = (name: string): number | null => (same ? slowest(before, now, name) : null);
  const hasLeader = value('hasLeader');
  return {
    fsyncP99: p99Of(fsyncHistogram),
    commitP99: p99Of(commitHistogram),
    peerRoundTripP99: p99Of(roundTripHistogram),
    leaderChanges: value('leaderChanges'),
    proposalsFailed: value('proposalsFailed'),
    proposalsPending: value('proposalsPending'),
    hasLeader: hasLeader === null ? null : hasLeader > 0,
    quota: value('quota'),
    dbSize: value('dbSize'),
    dbInUse: value('dbInUse'),
    startedAt: started === null ? null : Math.round(started * 1000),
  };
};

/** Whether it is a member of etcd that was scraped. */
export const isEtcdSample = ({ values }: MetricsSample): boolean =>
  values.has(valueNames.hasLeader);
