import {
  type EtcdData,
  type EtcdMemberInfo,
  type EtcdMetrics,
  type EtcdStatus,
  etcdDataSchema,
} from '../kernel/etcd-fact.ts';
import { probeId } from '../kernel/fact.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Probe } from '../kernel/probe.ts';
import { type EpochMs, seconds } from '../kernel/units.ts';
import { foldEtcd } from './etcd-fold.ts';

/** How far a member had come, and in whose log. */
export interface EtcdExtent {
  readonly at: EpochMs;
  readonly index: number;
  /** Of what is stored; one more with each write. Missing in recordings that do not have it. */
  readonly revision?: number;
  /** Bytes. */
  readonly dbSize: number;
  readonly clusterId: string;
  readonly memberId: string;
}

/** Latencies of one scrape, as in `EtcdMetrics`. */
export type EtcdWindow = Pick<EtcdMetrics, 'fsyncP99' | 'commitP99' | 'peerRoundTripP99'>;

export interface EtcdMemberState {
  readonly info: EtcdMemberInfo;
  /** Its latest answer, however old; null when it never answered. */
  readonly status: EtcdStatus | null;
  readonly answeredAt: EpochMs | null;
  /** Null while it answers, and before it is asked. */
  readonly down: { readonly failure: Failure; readonly since: EpochMs } | null;
  /** Of the latest questions, milliseconds, newest last; null for one without an answer. At most `latenciesKept`. */
  readonly latencies: readonly (number | null)[];
  readonly metrics: EtcdMetrics | null;
  readonly metricsAt: EpochMs | null;
  /** When more writes had failed than at the scrape before, the last time, and how many more. */
  /** Latencies of the latest scrapes, newest last; at most `windowsKept`. */
  readonly windows?: readonly EtcdWindow[];
  readonly failedWrites?: { readonly at: EpochMs; readonly more: number };
  /** The most that it was seen to have; null before the first answer. */
  readonly peak: EtcdExtent | null;
  /** Its log began anew: what it had, and what was left. Null once it has caught up with what it had. */
  readonly lost: { readonly had: EtcdExtent; readonly left: EtcdExtent } | null;
  /** When it became leader, follower, learner or down, as far as we saw it. */
  readonly since: EpochMs | null;
}

export interface EtcdClusterState {
  readonly name: string;
  /** By `EtcdMemberInfo.key`, in the order in which they were told. */
  readonly members: ReadonlyMap<string, EtcdMemberState>;
  /** What is in the way of knowing more. */
  readonly problems: readonly Failure[];
  /** When one of its members answered for the first time; null before. */
  readonly answersSince: EpochMs | null;
  /** When another member became leader, newest last; at most `electionsKept`. */
  readonly elections: readonly EpochMs[];
  /** Member id of the leader that was known last, and its term; null before one was. */
  readonly leader: { readonly id: string; readonly term: number; readonly since: EpochMs } | null;
  /** Since when those that answer know of no leader; null while they do. While nobody answers it stays as it was. */
  readonly leaderless: EpochMs | null;
  /** Alarms of all members, as those tell them that answer. While nobody answers they stay as they were. */
  readonly alarms: EtcdStatus['alarms'];
}

/** Clusters by name. */
export type EtcdState = ReadonlyMap<string, EtcdClusterState>;

export { electionsKept, latenciesKept } from './etcd-limits.ts';

/** Members of etcd clusters as they themselves answer. The key of a change is the cluster, or `cluster/member`. */
export const etcd: Probe<EtcdData, EtcdState> = {
  id: probeId('etcd'),
  title: 'etcd',
  patience: seconds(30),
  schema: etcdDataSchema,
  empty: new Map(),
  fold: (state, batch) => foldEtcd(etcd.id, state, batch),
  save: (state) => [...state].map(([name, c]) => [name, { ...c, members: [...c.members] }]),
  load: (saved) =>
    new Map(
      (saved as [string, EtcdClusterState & { members: [string, EtcdMemberState][] }][]).map(
        ([name, c]) => [name, { ...c, members: new Map(c.members) }],
      ),
    ),
  observe: ({ etcd: source }, emit, signal) => source.watch(emit, signal),
};
