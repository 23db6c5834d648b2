import type { EtcdData, EtcdMemberInfo, EtcdStatus } from '../../src/kernel/etcd-fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Change, Observed } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { type EtcdClusterState, type EtcdMemberState, etcd } from '../../src/probes/etcd.ts';

export const start = Date.UTC(2026, 10, 23, 21, 38);
export const every = 5000;

const ids: Readonly<Record<string, string>> = { 'etcd-0': '100', 'etcd-1': '101', 'etcd-2': '102' };
export const idOf = (key: string): string => ids[key] ?? '199';

export const member = (key: string, more: Partial<EtcdMemberInfo> = {}): EtcdMemberInfo => ({
  key,
  name: key,
  id: idOf(key),
  clientUrls: [`https://${key}:2379`],
  peerUrls: [`https://${key}:2380`],
  metricsUrls: [],
  learner: false,
  foundBy: 'member list',
  pod: null,
  dataDir: '/var/lib/etcd',
  ...more,
});

const gib = 1024 ** 3;
export const size = { whole: 1.2 * gib, empty: 20 * 1024 } as const;

export const statusOf = (key: string, more: Partial<EtcdStatus> = {}): EtcdStatus => ({
  clusterId: 'cdf8',
  memberId: idOf(key),
  leader: idOf('etcd-0'),
  version: '3.5.16',
  term: 7,
  index: 48_213,
  applied: 48_213,
  revision: 40_000,
  dbSize: size.whole,
  dbInUse: size.whole / 2,
  quota: null,
  learner: false,
  errors: [],
  alarms: [],
  clockSkew: null,
  ...more,
});

export const cluster = (...members: readonly EtcdMemberInfo[]): EtcdData => ({
  kind: 'cluster',
  id: 'cluster',
  cluster: 'payments',
  members,
  problems: [],
});
export const three = cluster(member('etcd-0'), member('etcd-1'), member('etcd-2'));

export const says = (key: string, more: Partial<EtcdStatus> = {}, latency = 2): EtcdData => ({
  kind: 'status',
  id: 'status',
  cluster: 'payments',
  member: key,
  latency,
  status: statusOf(key, more),
});
export const isDown = (key: string, message = 'connection refused'): EtcdData => ({
  kind: 'down',
  id: 'status',
  cluster: 'payments',
  member: key,
  failure: failure('unreachable', 'etcd status', message),
});
export const measures = (key: string, startedAt: number | null): EtcdData => ({
  kind: 'metrics',
  id: 'metrics',
  cluster: 'payments',
  member: key,
  metrics: {
    fsyncP99: 4,
    commitP99: null,
    peerRoundTripP99: null,
    leaderChanges: null,
    proposalsFailed: null,
    proposalsPending: null,
    hasLeader: true,
    quota: null,
    dbSize: null,
    dbInUse: null,
    startedAt,
  },
});

const scopeOf = (data: EtcdData): string =>
  'member' in data ? `${data.cluster}/${data.member}` : data.cluster;

/** Facts five seconds apart, from `from` on; the first `unsettled` of them are the first reading. */
export const observed = (
  all: readonly EtcdData[],
  unsettled = 0,
  from = 0,
): readonly Observed<EtcdData>[] =>
  all.map((data, i) => ({
    rev: revision(from + i + 1),
    at: epochMs(start + (from + i) * every),
    scope: scopeOf(data),
    data,
    settled: i >= unsettled,
  }));

export interface Told {
  readonly cluster: EtcdClusterState;
  readonly changes: readonly Change[];
  /** Tone and text of each change. */
  readonly lines: readonly string[];
  of(key: string): EtcdMemberState;
}

/** A healthy cluster of three that was read for the first time, and then what is told. */
export const afterHealthy = (...all: readonly EtcdData[]): Told => {
  const begin = [three, says('etcd-0'), says('etcd-1'), says('etcd-2')];
  return told([...begin, ...all], begin.length);
};

export const told = (all: readonly EtcdData[], unsettled = 0): Told => {
  const { state, changes } = etcd.fold(etcd.empty, observed(all, unsettled));
  const found = state.get('payments');
  if (found === undefined) throw new Error('no such cluster');
  return {
    cluster: found,
    changes,
    lines: changes.map(({ tone, text }) => `${tone}: ${text}`),
    of: (key) => {
      const one = found.members.get(key);
      if (one === undefined) throw new Error(`no member ${key}`);
      return one;
    },
  };
};
