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

/** How far a member had come. */
export interface EtcdExtent {
  readonly at: EpochMs;
  readonly index: number;
  /** Bytes. */
  readonly dbSize: number;
}

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
  /** When another member became leader, newest last; bounded. */
  readonly elections: readonly EpochMs[];
}

/** Clusters by name. */
export type EtcdState = ReadonlyMap<string, EtcdClusterState>;

export const latenciesKept = 32;

/** Members of etcd clusters as they themselves answer. */
export const etcd: Probe<EtcdData, EtcdState> = {
  id: probeId('etcd'),
  title: 'etcd',
  patience: seconds(30),
  schema: etcdDataSchema,
  empty: new Map(),
  fold: (state) => ({ state, changes: [] }),
  save: (state) => [...state].map(([name, c]) => [name, { ...c, members: [...c.members] }]),
  load: (saved) =>
    new Map(
      (saved as [string, EtcdClusterState & { members: [string, EtcdMemberState][] }][]).map(
        ([name, c]) => [name, { ...c, members: new Map(c.members) }],
      ),
    ),
  observe: ({ etcd: source }, emit, signal) => source.watch(emit, signal),
};
