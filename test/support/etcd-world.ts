import type {
  EtcdData,
  EtcdMemberInfo,
  EtcdMetrics,
  EtcdStatus,
} from '../../src/kernel/etcd-fact.ts';
import { type Entry, probeId, type Signal } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { type EpochMs, revision } from '../../src/kernel/units.ts';
import { foldWorld, type World } from '../../src/kernel/world.ts';
import { etcd } from '../../src/probes/etcd.ts';
import { ago, minute } from './objects.ts';

export const mib = 1024 * 1024;
export const clusterId = '14841639068965178418';
export const memberIds = ['9372538179322589801', '10501334649042878790', '18249187646912138824'];

/** The n-th member of a cluster of static pods. */
export const memberInfo = (n: number, over: Partial<EtcdMemberInfo> = {}): EtcdMemberInfo => ({
  key: `etcd-${n}`,
  name: `etcd-${n}`,
  id: memberIds[n] ?? String(n + 1),
  clientUrls: [`https://10.88.0.${n + 1}:2379`],
  peerUrls: [`https://10.88.0.${n + 1}:2380`],
  metricsUrls: [`http://127.0.0.1:238${n}`],
  learner: false,
  foundBy: 'static pod',
  pod: { namespace: 'kube-system', name: `etcd-${n}`, node: n === 0 ? 'control-1' : 'worker-7' },
  dataDir: '/var/lib/etcd',
  ...over,
});

/** A member that is well, with the first as its leader. */
export const statusOf = (n: number, over: Partial<EtcdStatus> = {}): EtcdStatus => ({
  clusterId,
  memberId: memberIds[n] ?? String(n + 1),
  leader: memberIds[0] ?? '',
  version: '3.5.16',
  term: 7,
  index: 48_213,
  applied: 48_213,
  revision: 40_002,
  dbSize: 1200 * mib,
  dbInUse: 900 * mib,
  quota: 8192 * mib,
  learner: false,
  errors: [],
  alarms: [],
  clockSkew: 0,
  ...over,
});

export const metricsOf = (over: Partial<EtcdMetrics> = {}): EtcdMetrics => ({
  fsyncP99: 4,
  commitP99: 6,
  peerRoundTripP99: 1.2,
  leaderChanges: 1,
  proposalsFailed: 0,
  proposalsPending: 0,
  hasLeader: true,
  quota: 8192 * mib,
  dbSize: 1200 * mib,
  dbInUse: 900 * mib,
  startedAt: ago(90 * 24 * 60 * minute),
  ...over,
});

export const refused = failure('unreachable', 'etcd status', 'connection refused', {
  on: 'https://10.88.0.3:2379',
});

/** Facts of etcd with the time at which they come, oldest first. */
export type TimedFacts = readonly {
  readonly at: EpochMs;
  readonly signal: Signal<EtcdData>;
}[];

const scopeOf = (data: EtcdData): string =>
  'member' in data ? `${data.cluster}/${data.member}` : data.cluster;

export const told = (secondsAgo: number, ...facts: readonly EtcdData[]): TimedFacts =>
  facts.flatMap((data) => [
    { at: ago(secondsAgo), signal: { kind: 'observed', scope: scopeOf(data), data } as const },
    { at: ago(secondsAgo), signal: { kind: 'synced', scope: scopeOf(data) } as const },
  ]);

export const clusterFact = (
  members: readonly EtcdMemberInfo[],
  over: { cluster?: string; problems?: Extract<EtcdData, { kind: 'cluster' }>['problems'] } = {},
): EtcdData => ({
  kind: 'cluster',
  id: 'cluster',
  cluster: over.cluster ?? 'payments',
  members,
  problems: over.problems ?? [],
});

export const statusFact = (n: number, over: Partial<EtcdStatus> = {}): EtcdData => ({
  kind: 'status',
  id: 'status',
  cluster: 'payments',
  member: `etcd-${n}`,
  latency: 2 + n,
  status: statusOf(n, over),
});

export const downFact = (n: number, why = refused): EtcdData => ({
  kind: 'down',
  id: 'status',
  cluster: 'payments',
  member: `etcd-${n}`,
  failure: why,
});

export const metricsFact = (n: number, over: Partial<EtcdMetrics> = {}): EtcdData => ({
  kind: 'metrics',
  id: 'metrics',
  cluster: 'payments',
  member: `etcd-${n}`,
  metrics: metricsOf(over),
});

/** Three members of `payments`, all well. */
export const wellMembers = (): TimedFacts => [
  ...told(3600, clusterFact([0, 1, 2].map((n) => memberInfo(n)))),
  ...[900, 600, 300, 4].flatMap((seconds) =>
    told(seconds, statusFact(0), statusFact(1), statusFact(2)),
  ),
  ...told(6, metricsFact(0), metricsFact(1), metricsFact(2)),
];

/** The evening of the sketches: one member left, one with its data lost, one that does not answer. */
export const quorumLost = (): TimedFacts => [
  ...wellMembers().filter(({ at }) => at <= ago(600)),
  ...told(300, downFact(1), downFact(2)),
  ...[120, 60, 4].flatMap((seconds) =>
    told(
      seconds,
      statusFact(0, { leader: '', term: 9, errors: ['etcdserver: no leader'] }),
      statusFact(1, {
        clusterId: '10276657743932975437',
        leader: '',
        term: 1,
        index: 3,
        applied: 3,
        revision: 1,
        dbSize: 20 * 1024,
        dbInUse: 16 * 1024,
      }),
      downFact(2),
    ),
  ),
  ...told(6, metricsFact(0, { hasLeader: false })),
];

const probes = new Map([[etcd.id, etcd]]);

/** A world in which these facts of etcd have come too, through the probe itself. */
export const withEtcd = (world: World, facts: TimedFacts): World => {
  const sorted = [...facts].sort((a, b) => a.at - b.at);
  const entries = sorted.map(
    ({ at, signal }, i): Entry => ({
      rev: revision(world.rev + i + 1),
      at,
      fact: { ...signal, probe: probeId('etcd') },
    }),
  );
  return { ...foldWorld(probes as never, world, entries), at: world.at };
};
