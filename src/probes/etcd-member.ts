import type { EtcdMemberInfo, EtcdMetrics, EtcdStatus } from '../kernel/etcd-fact.ts';
import type { Failure } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';
import { type Part, part } from './change-parts.ts';
import type { EtcdMemberState, EtcdWindow } from './etcd.ts';
import { fellIn, progress } from './etcd-extent.ts';
import { latenciesKept, windowsKept } from './etcd-limits.ts';
import { bytesText, countText } from './etcd-words.ts';
import { oneLine } from './one-line.ts';

/** A member after one more fact, and what of it is news. */
export interface MemberStep {
  readonly member: EtcdMemberState;
  readonly news: readonly Part[];
}

export const newMember = (info: EtcdMemberInfo): EtcdMemberState => ({
  info,
  status: null,
  answeredAt: null,
  down: null,
  latencies: [],
  metrics: null,
  metricsAt: null,
  peak: null,
  lost: null,
  since: null,
});

/** What people call it. */
export const memberName = ({ info }: EtcdMemberState): string =>
  oneLine(info.name) || oneLine(info.key, 'a member without a name');

type Role = 'down' | 'leader' | 'learner' | 'follower';

const roleOf = ({ down, status }: EtcdMemberState): Role | null => {
  if (down !== null) return 'down';
  if (status === null) return null;
  if (status.learner) return 'learner';
  return status.leader !== '' && status.leader === status.memberId ? 'leader' : 'follower';
};

/** The same with `since`, where it has become something else. */
const dated = (was: EtcdMemberState, now: EtcdMemberState, at: EpochMs): EtcdMemberState =>
  roleOf(was) === roleOf(now) && was.since !== null ? now : { ...now, since: at };

const withLatency = (all: EtcdMemberState['latencies'], latest: number | null) =>
  [...all, latest].slice(-latenciesKept);

/** Below that a file is as large as it was: its size moves by pages. */
const shrunk = (was: number, now: number): boolean => now < was * 0.9 && was - now >= 1024 * 1024;

/** `raft index 48 213 → 3`; `revision 812 → 1` where the index alone does not tell. */
export const fellText = ({ had, left }: NonNullable<EtcdMemberState['lost']>): string =>
  fellIn(had, left) === 'revision'
    ? `revision ${countText(had.revision ?? 0)} → ${countText(left.revision ?? 0)}`
    : `raft index ${countText(had.index)} → ${countText(left.index)}`;

const lossText = (name: string, lost: NonNullable<EtcdMemberState['lost']>): string => {
  const { had, left } = lost;
  const told = [
    fellText(lost),
    `db ${bytesText(had.dbSize)} → ${bytesText(left.dbSize)}`,
    ...(had.clusterId === left.clusterId ? [] : ['another cluster id']),
    ...(had.memberId === left.memberId ? [] : ['another member id']),
  ];
  return `${name}: ${told.join(', ')}`;
};

const extentNews = (was: EtcdMemberState, now: EtcdMemberState): readonly Part[] => {
  const name = memberName(now);
  if (was.lost === null && now.lost !== null) return [part('bad', lossText(name, now.lost))];
  const before = was.status;
  const after = now.status;
  if (before === null || after === null) return [];
  if (was.lost !== null && now.lost === null) {
    return [part('good', `${name} has caught up: raft index ${countText(after.index)}`)];
  }
  if (before.memberId !== after.memberId) {
    return [part('info', `${name} is a new member under its old name`)];
  }
  return shrunk(before.dbSize, after.dbSize)
    ? [
        part(
          'info',
          `db of ${name} shrank ${bytesText(before.dbSize)} → ${bytesText(after.dbSize)}`,
        ),
      ]
    : [];
};

/** One answer of a member of a cluster in which there are `others`. */
export const answered = (
  was: EtcdMemberState,
  status: EtcdStatus,
  latency: number,
  at: EpochMs,
  others: readonly EtcdMemberState[],
): MemberStep => {
  const now: EtcdMemberState = {
    ...was,
    ...progress(was, status, at, others),
    status,
    answeredAt: at,
    down: null,
    latencies: withLatency(was.latencies, latency),
  };
  const name = memberName(now);
  const before = oneLine(was.status?.version ?? '');
  const version = oneLine(status.version);
  return {
    member: dated(was, now, at),
    news: [
      ...(was.down === null ? [] : [part('good', `${name} answers again`)]),
      ...(before === '' || version === '' || before === version
        ? []
        : [part('info', `${name} version ${before} → ${version}`)]),
      ...extentNews(was, now),
    ],
  };
};

/** One question without an answer. */
export const silent = (was: EtcdMemberState, failure: Failure, at: EpochMs): MemberStep => {
  const now: EtcdMemberState = {
    ...was,
    down: { failure, since: was.down?.since ?? at },
    latencies: withLatency(was.latencies, null),
  };
  return {
    member: dated(was, now, at),
    news:
      was.down === null
        ? [
            part(
              'bad',
              `${memberName(now)} does not answer: ${oneLine(failure.message, failure.kind)}`,
            ),
          ]
        : [],
  };
};

/** A start that is computed from the uptime moves with the clock. */
const sameStart = 2000;

const windowOf = ({ fsyncP99, commitP99, peerRoundTripP99 }: EtcdMetrics): EtcdWindow => ({
  fsyncP99,
  commitP99,
  peerRoundTripP99,
});

export const measured = (was: EtcdMemberState, metrics: EtcdMetrics, at: EpochMs): MemberStep => {
  const before = was.metrics?.startedAt ?? null;
  const after = metrics.startedAt;
  const restarted = before !== null && after !== null && after - before > sameStart;
  // A counter that is smaller than it was began anew with its process.
  const more = (metrics.proposalsFailed ?? 0) - (was.metrics?.proposalsFailed ?? Infinity);
  return {
    member: {
      ...was,
      metrics,
      metricsAt: at,
      windows: [...(was.windows ?? []), windowOf(metrics)].slice(-windowsKept),
      ...(more > 0 ? { failedWrites: { at, more } } : {}),
    },
    news: restarted ? [part('warn', `${memberName(was)} has restarted`)] : [],
  };
};
