import type { EtcdMemberReport, EtcdReport } from '../../src/findings/etcd-report.ts';
import type { EtcdStatus } from '../../src/kernel/etcd-fact.ts';
import { probeId } from '../../src/kernel/fact.ts';
import type { EtcdMemberState } from '../../src/probes/etcd.ts';
import {
  clusterId,
  memberIds,
  memberInfo,
  metricsOf,
  mib,
  refused,
  statusOf,
} from './etcd-world.ts';
import { ago } from './objects.ts';

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
  own: false,
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
    heard: ago(4),
  });
