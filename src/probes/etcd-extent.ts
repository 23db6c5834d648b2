import type { EtcdStatus } from '../kernel/etcd-fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { EtcdExtent, EtcdMemberState } from './etcd.ts';

/**
 * Entries by which an index may fall without a loss: what is committed is not synced to disk by itself, so that a
 * member that lost its power may come back a little behind what it had said.
 */
const slack = 100;

export const extentOf = (
  { index, revision, dbSize, clusterId, memberId }: EtcdStatus,
  at: EpochMs,
): EtcdExtent => ({ at, index, revision, dbSize, clusterId, memberId });

/** Less than half is a loss in a young cluster, whose whole index is below the slack. */
const fell = (had: number, now: number): boolean => had - now > Math.min(slack, had / 2);

type Reached = Pick<EtcdExtent, 'index' | 'revision'>;

/**
 * What fell under what a member had; null when nothing did. Members that were wiped and started together begin a log
 * anew and may soon be as far in it as they were, with a database of the same size: only the revision tells then that
 * nothing is stored in it.
 */
export const fellIn = (had: Reached, now: Reached): 'index' | 'revision' | null => {
  if (fell(had.index, now.index)) return 'index';
  return fell(had.revision ?? 0, now.revision ?? Infinity) ? 'revision' : null;
};

type Progress = Pick<EtcdMemberState, 'peak' | 'lost'>;

/**
 * What a member has had and has lost, after one more answer. A database that shrinks alone was defragmented.
 * `others` are the other members of the cluster, whether they answer or not.
 *
 * A loss is over when index and revision are where they had been, in a log that no other member contradicts: the member
 * has been given everything again. A member that was replaced by a new one of the same name comes to that within seconds.
 */
export const progress = (
  { peak, lost }: Progress,
  status: EtcdStatus,
  at: EpochMs,
  others: readonly EtcdMemberState[],
): Progress => {
  const now = extentOf(status, at);
  if (peak === null) return { peak: now, lost: null };
  const alone = others.some((o) => o.status !== null && o.status.clusterId !== status.clusterId);
  if (lost !== null) {
    const { index, revision = 0 } = lost.had;
    const caughtUp = status.index >= index && status.revision >= revision && !alone;
    return caughtUp ? { peak: now, lost: null } : { peak, lost };
  }
  if (fellIn(peak, status) !== null || peak.clusterId !== status.clusterId) {
    return { peak, lost: { had: peak, left: now } };
  }
  const replaced = peak.memberId !== status.memberId;
  return { peak: replaced || status.index >= peak.index ? now : peak, lost };
};

/** What is stored is from before the log, or all that was there is there again: every write takes an entry of its own. */
const broughtBack = ({ revision = 0 }: EtcdExtent, status: EtcdStatus): boolean =>
  status.revision > status.index || status.revision >= revision;

/**
 * Whether a cluster of several members was restored from a snapshot: all logs began anew, all members agree on the
 * new one, and each has brought what was stored. Then nothing is left to catch up with: the old log is gone for all, on
 * purpose. Members that were wiped and started anew together bring nothing and stay lost; so does one that was wiped
 * beside a member that we know to be in the old log, even while that one does not answer. A cluster of one cannot be
 * told apart from a wiped one by others, and stays lost until it has passed what it had.
 *
 * A restored cluster has the old cluster id where it was restored with the old token and addresses, else a new one;
 * a member that has joined since knows only the new one, and has lost nothing.
 */
export const isRestored = (members: readonly EtcdMemberState[]): boolean => {
  const known = members.filter((m) => m.status !== null);
  const id = known[0]?.status?.clusterId;
  const lost = known.flatMap((m) => m.lost ?? []);
  if (known.length < 2 || lost.length === 0) return false;
  return known.every(({ status, lost: own }) => {
    if (status === null || status.clusterId !== id) return false;
    if (own === null) return lost.every(({ had }) => had.clusterId !== id);
    return broughtBack(own.had, status);
  });
};
