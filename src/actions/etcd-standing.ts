import { type ActWeight, type EffectRequest, noWeight } from '../kernel/act.ts';
import type { EtcdAnswer } from './etcd-answer.ts';
import type { EtcdMemberView, EtcdView } from './etcd-view.ts';

/** Who takes part in a cluster, and what may still be lost. */
export interface EtcdStanding {
  readonly voters: number;
  readonly working: number;
  readonly margin: number;
  /** By their own account; null where none leads. */
  readonly leader: EtcdMemberView | null;
  /** Voters that do not take part, with why. */
  readonly missing: readonly string[];
}

const takesPart = ({ voter, lost, answer }: EtcdMemberView, home: string): boolean =>
  voter && !lost && answer !== null && answer.leader !== '' && answer.clusterId === home;

/** The cluster of the longest log: a member that began anew is a stranger. */
const homeOf = (answers: readonly EtcdAnswer[]): string =>
  answers.toSorted((a, b) => b.index - a.index)[0]?.clusterId ?? '';

export const etcdStanding = ({ members }: EtcdView): EtcdStanding => {
  const home = homeOf(members.flatMap((m) => (m.lost || m.answer === null ? [] : [m.answer])));
  const voters = members.filter((m) => m.voter);
  const working = voters.filter((m) => takesPart(m, home));
  const newest = working.toSorted((a, b) => (b.answer?.term ?? 0) - (a.answer?.term ?? 0))[0];
  const leads = newest?.answer?.leader ?? '';
  const missing = voters
    .filter((m) => !working.includes(m))
    .map((m) => `${m.name}: ${whyMissing(m, home)}`);
  return {
    voters: voters.length,
    working: working.length,
    margin: working.length - (Math.floor(voters.length / 2) + 1),
    leader: working.find((m) => m.answer?.memberId === leads) ?? null,
    missing,
  };
};

const whyMissing = ({ lost, answer, why }: EtcdMemberView, home: string): string => {
  if (answer === null) return why;
  if (lost) return 'it has lost its data';
  if (answer.clusterId !== home) return 'it is in a cluster of its own';
  return 'it knows of no leader';
};

export const etcdWeight = (standing: EtcdStanding): ActWeight => ({
  ...noWeight,
  quorumMargin: standing.margin,
});

/** `3 of 3 members take part; 1 more may be lost before it cannot write.` */
export const standingText = ({ voters, working, margin, missing }: EtcdStanding): string => {
  const said =
    margin < 0
      ? 'too few to write'
      : margin === 0
        ? 'one more loss stops all writes'
        : `${margin} more may be lost before it cannot write`;
  return `${working} of ${voters} voters take part: ${said}.${missing.length === 0 ? '' : ` Missing: ${missing.join('; ')}.`}`;
};

type EtcdRequest = Extract<EffectRequest, { kind: 'etcd' }>;

export const statusPath = '/v3/maintenance/status';

export const askStatusOf = (cluster: string, endpoint: string): EtcdRequest => ({
  kind: 'etcd',
  cluster,
  endpoint,
  path: statusPath,
  body: '{}',
});

export const etcdRequest = (
  cluster: string,
  endpoint: string,
  path: string,
  body: object,
): EtcdRequest => ({ kind: 'etcd', cluster, endpoint, path, body: JSON.stringify(body) });
