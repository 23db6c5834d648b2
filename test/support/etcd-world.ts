import type { EtcdMemberReport, EtcdReport } from '../../src/findings/etcd-report.ts';
import type {
  EtcdData,
  EtcdMemberInfo,
  EtcdMetrics,
  EtcdStatus,
} from '../../src/kernel/etcd-fact.ts';
import { type Entry, probeId, type Signal } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { type EpochMs, epochMs, revision } from '../../src/kernel/units.ts';
import { foldWorld, type World } from '../../src/kernel/world.ts';
import { type EtcdMemberState, etcd } from '../../src/probes/etcd.ts';
import { ago, minute } from './objects.ts';

const mib = 1024 * 1024;
export const clusterId = '14841639068965178418';
const memberIds = ['9372538179322589801', '10501334649042878790', '18249187646912138824'];

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

const extent = (
  secondsAgo: number,
  index: number,
  dbSize: number,
): NonNullable<EtcdMemberState['peak']> => ({
  at: ago(secondsAgo),
  index,
  dbSize,
  clusterId,
  memberId: memberIds[1] ?? '',
});

export const memberState = (
  n: number,
  status: Partial<EtcdStatus> | null = {},
  over: Partial<EtcdMemberState> = {},
): EtcdMemberState => ({
  info: memberInfo(n),
  status: status === null ? null : statusOf(n, status),
  answeredAt: status === null ? null : ago(4),
  down: null,
  latencies: [2, 3, 60, 2, null, 3, 250, 2],
  metrics: status === null ? null : metricsOf(),
  metricsAt: status === null ? null : ago(6),
  peak: null,
  lost: null,
  since: null,
  ...over,
});

export const memberReport = (
  n: number,
  over: Partial<EtcdMemberReport> = {},
): EtcdMemberReport => ({
  key: `etcd-${n}`,
  tone: 'good',
  words: 'healthy',
  role: n === 0 ? 'leader' : 'follower',
  indexLag: 0,
  appliedLag: 0,
  quota: 8192 * mib,
  used: 0.147,
  fragmentation: 0.25,
  alarms: [],
  heard: ago(4),
  state: memberState(n),
  ...over,
});

/** A report as it would be judged, for views alone. */
export const etcdReport = (over: Partial<EtcdReport> = {}): EtcdReport => ({
  name: 'payments',
  tone: 'good',
  verdict: 'healthy: 3 of 3 members',
  voters: 3,
  working: 3,
  quorum: 2,
  margin: 1,
  marginText: 'margin 1',
  leader: 'etcd-0',
  term: 7,
  members: [0, 1, 2].map((n) => memberReport(n)),
  reasons: [],
  outside: [],
  disagreements: [],
  heard: ago(4),
  finding: 'etcd/payments',
  ...over,
});

export const lostReport = (): EtcdReport =>
  etcdReport({
    tone: 'bad',
    verdict: 'quorum lost: 1 of 3 members, writes stopped',
    working: 1,
    margin: -1,
    marginText: 'one member short',
    leader: '',
    term: 9,
    members: [
      memberReport(0, {
        tone: 'warn',
        words: 'healthy, no leader',
        role: 'follower',
        state: memberState(0, { leader: '', term: 9 }),
      }),
      memberReport(1, {
        tone: 'bad',
        words: 'lost its data',
        role: 'follower',
        indexLag: 48_210,
        used: 0,
        fragmentation: 0.2,
        state: memberState(
          1,
          { leader: '', term: 1, index: 3, applied: 3, dbSize: 20 * 1024, dbInUse: 16 * 1024 },
          {
            peak: extent(600, 48_213, 1200 * mib),
            lost: {
              had: extent(600, 48_213, 1200 * mib),
              left: extent(298, 3, 20 * 1024),
            },
          },
        ),
      }),
      memberReport(2, {
        tone: 'bad',
        words: 'unreachable: connection refused',
        role: 'unknown',
        indexLag: null,
        appliedLag: null,
        used: null,
        fragmentation: null,
        heard: ago(298),
        state: memberState(
          2,
          {},
          { answeredAt: ago(298), down: { failure: refused, since: ago(298) } },
        ),
      }),
    ],
    reasons: [
      {
        key: 'lost-data/etcd-1',
        tone: 'bad',
        text: 'etcd-1 lost its data: index 48 213 → 3, db 1.2 GiB → 20 KiB',
        since: ago(298),
        proof: [
          { text: 'cluster id 8e9e… (others: cdf8…)', source: probeId('etcd'), at: ago(298) },
          {
            text: 'static pod kube-system/etcd-1 on worker-7: hostPath /var/lib/etcd',
            source: probeId('pods'),
            at: ago(3),
          },
        ],
      },
      {
        key: 'unreachable/etcd-2',
        tone: 'bad',
        text: 'etcd-2 does not answer: connection refused',
        since: ago(298),
        proof: [],
      },
    ],
    outside: [
      { by: 'endpoints', tone: 'bad', text: 'kube-system/payments-etcd has no ready endpoint' },
      { by: 'static pods', tone: 'warn', text: 'etcd-1 is running, etcd-2 is in CrashLoopBackOff' },
    ],
    disagreements: ['pod kube-system/etcd-1 is Ready, and the member has no quorum'],
    heard: epochMs(ago(4)),
  });
