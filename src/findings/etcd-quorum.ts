import { etcdLimits } from './etcd-limits.ts';
import { type EtcdSight, leaderSeen, statusOf } from './etcd-sight.ts';

/** Who votes, who takes part, and what that leaves. */
export interface EtcdQuorum {
  readonly voters: number;
  readonly needed: number;
  /**
   * Voters that take part: they know of a leader, and of the newest one. Where too few live for one to be elected,
   * those that live and have their data. 0 while enough live and none leads.
   */
  readonly working: number;
  /** Voters of which nothing is known now. */
  readonly unknown: number;
  readonly margin: number;
  /** `lost`: too few can take part. `leaderless`: enough answer, and none leads. `untold`: it cannot be said. */
  readonly kind: 'stands' | 'lost' | 'leaderless' | 'untold';
  /** Cluster id of those that have the longest log; '' when nobody answers. */
  readonly clusterId: string;
  readonly leader: EtcdSight | null;
  readonly term: number | null;
  /** Members that follow an old leader, though a newer one was known before they answered. */
  readonly split: readonly EtcdSight[];
  /** Largest raft index of those that belong together; null when nobody answers. */
  readonly furthest: number | null;
}

interface Answer {
  readonly sight: EtcdSight;
  readonly at: number;
  readonly term: number;
  readonly leader: string;
}

/** The id of the cluster is that of the longest log: members that began anew are the stranger, also when they are more. */
const clusterIdOf = (sights: readonly EtcdSight[]): string => {
  let index = -1;
  let id = '';
  for (const sight of sights) {
    const status = statusOf(sight);
    if (status !== null && status.index > index) ({ index, clusterId: id } = status);
  }
  return id;
};

const isSplit = (a: Answer, all: readonly Answer[]): boolean =>
  all.some(
    (b) =>
      (a.term === b.term && a.leader !== b.leader) ||
      (a.term < b.term && a.at > b.at + etcdLimits.termSpreads),
  );

export const etcdQuorum = (sights: readonly EtcdSight[]): EtcdQuorum => {
  const clusterId = clusterIdOf(sights);
  const own = sights.filter((s) => statusOf(s)?.clusterId === clusterId);
  const answers = own.flatMap((sight): readonly Answer[] => {
    const leader = leaderSeen(sight);
    const { hearing } = sight;
    return leader && hearing.kind === 'answers'
      ? [{ sight, at: hearing.at, term: hearing.status.term, leader }]
      : [];
  });
  const split = answers.filter((a) => isSplit(a, answers)).map((a) => a.sight);
  const led = new Set(answers.map((a) => a.sight).filter((s) => !split.includes(s)));
  const voters = sights.filter((s) => s.voter);
  const takesPart = (s: EtcdSight): boolean =>
    led.has(s) || (s.hearing.kind === 'metrics' && s.state.metrics?.hasLeader === true);
  const isUnknown = ({ hearing, state }: EtcdSight): boolean =>
    hearing.kind === 'barred' ||
    hearing.kind === 'silent' ||
    (hearing.kind === 'metrics' && (state.metrics?.hasLeader ?? null) === null);
  const following = voters.filter(takesPart).length;
  const able = voters.filter((s) => isAble(s, clusterId)).length;
  const unknown = voters.filter(isUnknown).length;
  const needed = Math.floor(voters.length / 2) + 1;
  const kind = kindOf(voters.length, needed, following, able, unknown);
  const working = kind === 'lost' ? able : following;
  const newest = answers.toSorted((a, b) => b.term - a.term || b.at - a.at)[0];
  const leading = newest !== undefined && !split.includes(newest.sight) ? newest.leader : '';
  const indexes = own.map((s) => statusOf(s)?.index ?? 0);
  return {
    voters: voters.length,
    needed,
    working,
    unknown,
    margin: working - needed,
    kind,
    clusterId,
    leader:
      leading === ''
        ? null
        : (sights.find((s) => (s.state.status?.memberId ?? s.state.info.id) === leading) ?? null),
    term: own.length === 0 ? null : Math.max(...own.map((s) => statusOf(s)?.term ?? 0)),
    split,
    furthest: indexes.length === 0 ? null : Math.max(...indexes),
  };
};

/** It lives, in the log that the others have, and has all of it: it can vote. */
const isAble = ({ hearing, state }: EtcdSight, clusterId: string): boolean => {
  if (state.lost !== null) return false;
  if (hearing.kind === 'metrics') return true;
  return hearing.kind === 'answers' && hearing.status.clusterId === clusterId;
};

const kindOf = (
  voters: number,
  needed: number,
  following: number,
  able: number,
  unknown: number,
): EtcdQuorum['kind'] => {
  if (voters === 0) return 'untold';
  if (following >= needed) return 'stands';
  if (following + unknown >= needed) return 'untold';
  return following === 0 && able >= needed ? 'leaderless' : 'lost';
};
