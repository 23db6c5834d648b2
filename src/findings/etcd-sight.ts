import type { EtcdStatus } from '../kernel/etcd-fact.ts';
import type { Failure } from '../kernel/failure.ts';
import { type Freshness, freshnessAt } from '../kernel/freshness.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import type { Slice } from '../kernel/world.ts';
import {
  type EtcdClusterState,
  type EtcdMemberState,
  type EtcdState,
  etcd,
} from '../probes/etcd.ts';
import type { Node } from '../probes/nodes.ts';
import type { Pod } from '../probes/pods.ts';
import { etcdLimits } from './etcd-limits.ts';
import type { PodTrouble } from './pod-problem.ts';

/**
 * How a member is heard. `metrics`: it does not take our questions, and its metrics are read. `down`: it does not
 * answer. `barred`: nothing can be said, since it is us who cannot ask. `silent`: not asked yet, or long ago.
 */
export type EtcdHearing =
  | { readonly kind: 'answers'; readonly at: EpochMs; readonly status: EtcdStatus }
  | { readonly kind: 'metrics'; readonly at: EpochMs; readonly failure: Failure }
  | { readonly kind: 'down'; readonly failure: Failure; readonly since: EpochMs }
  | { readonly kind: 'barred'; readonly failure: Failure; readonly since: EpochMs }
  | { readonly kind: 'silent'; readonly why: string; readonly heard: EpochMs | null }
  | { readonly kind: 'unstarted' };

/** One member, with how it is heard and what is around it. */
export interface EtcdSight {
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  readonly state: EtcdMemberState;
  readonly hearing: EtcdHearing;
  readonly heard: EpochMs | null;
  /** It counts for the quorum. */
  readonly voter: boolean;
  readonly pod: Pod | null;
  /** What is wrong with its pod; null also when no pod is known. */
  readonly trouble: PodTrouble | null;
  readonly node: Node | null;
}

/** What it answers now; null when it does not. */
export const statusOf = ({ hearing }: EtcdSight): EtcdStatus | null =>
  hearing.kind === 'answers' ? hearing.status : null;

/** Its leader's id; null when it answers and has none, undefined when it is not known. */
export const leaderSeen = (sight: EtcdSight): string | null | undefined => {
  const status = statusOf(sight);
  if (status === null) return undefined;
  return status.leader === '' || status.leader === '0' ? null : status.leader;
};

/** How far a member is heard; by itself, or as a part of all that is watched. */
const freshnessOf = (
  scopes: Slice<EtcdState>['scopes'],
  cluster: string,
  key: string,
): Freshness | undefined => scopes.get(`${cluster}/${key}`) ?? scopes.get('');

const heardOf = (f: Freshness | undefined): EpochMs | null =>
  f === undefined || f.kind === 'never' ? null : f.heard;

/** When any member was heard last, and whether that is so long ago that all of it is old. */
export const etcdHeard = (
  { scopes }: Slice<EtcdState>,
  cluster: EtcdClusterState,
  now: EpochMs,
): { readonly newest: EpochMs | null; readonly stale: boolean; readonly asOf: EpochMs } => {
  const all = [...cluster.members.keys()].map((key) => freshnessOf(scopes, cluster.name, key));
  const heard = all.flatMap((f) => heardOf(f) ?? []);
  const newest = heard.length === 0 ? null : epochMs(Math.max(...heard));
  const fresh = all.some(
    (f) => f !== undefined && freshnessAt(f, now, etcd.patience).kind === 'fresh',
  );
  const stale = newest !== null && !fresh;
  return { newest, stale, asOf: stale && newest !== null ? epochMs(Math.min(now, newest)) : now };
};

/** It is we who lack something, or it is no etcd that answers: that says nothing of the member. */
export const isOurs = (f: Failure): boolean =>
  ['misconfigured', 'unauthorized', 'forbidden', 'refused', 'undecodable'].includes(f.kind) ||
  /certificate|x509|\btls\b|self.signed|unable to verify/i.test(f.message.slice(0, 500));

/** Added to the cluster, and never started: it has not told its name yet. */
const isUnstarted = ({ info, answeredAt }: EtcdMemberState): boolean =>
  info.name === '' && info.foundBy === 'member list' && answeredAt === null;

export const etcdHearing = (
  slice: Slice<EtcdState>,
  cluster: string,
  state: EtcdMemberState,
  asOf: EpochMs,
): { readonly hearing: EtcdHearing; readonly heard: EpochMs | null } => {
  const freshness = freshnessOf(slice.scopes, cluster, state.info.key);
  const heard = heardOf(freshness);
  return { heard, hearing: hearingOf(state, freshness, heard, asOf) };
};

const hearingOf = (
  state: EtcdMemberState,
  freshness: Freshness | undefined,
  heard: EpochMs | null,
  asOf: EpochMs,
): EtcdHearing => {
  if (isUnstarted(state)) return { kind: 'unstarted' };
  if (heard === null || asOf - heard > etcd.patience) {
    const why = heard === null ? 'not asked yet' : 'not heard any more';
    const said = freshness?.kind === 'failing' ? freshness.failure.message : why;
    return { kind: 'silent', why: said, heard };
  }
  const { down, status, answeredAt, metrics, metricsAt } = state;
  if (down !== null) {
    const { failure, since } = down;
    // Metrics that were read after it ceased to answer: it lives, and does not take our questions.
    const told = metrics !== null && metricsAt !== null && metricsAt > since;
    return told && asOf - metricsAt <= etcdLimits.metricsFor
      ? { kind: 'metrics', at: metricsAt, failure }
      : { kind: isOurs(failure) ? 'barred' : 'down', failure, since };
  }
  return status === null || answeredAt === null
    ? { kind: 'silent', why: 'not asked yet', heard: null }
    : { kind: 'answers', at: answeredAt, status };
};

export const isVoter = ({ info, status }: EtcdMemberState): boolean =>
  !(info.learner || (status?.learner ?? false));
