import type { ActSubject } from '../kernel/act.ts';
import type { EffectReads } from '../kernel/effect-ports.ts';
import { failed, failure, failureText, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { type EpochMs, seconds, since } from '../kernel/units.ts';
import { sliceOf } from '../kernel/world.ts';
import { type EtcdMemberState, etcd } from '../probes/etcd.ts';
import { memberName } from '../probes/etcd-member.ts';
import type { PlanScene } from './action.ts';
import { type EtcdAnswer, etcdAnswerIn } from './etcd-answer.ts';

/** One member, as it is for an action on its cluster. */
export interface EtcdMemberView {
  readonly key: string;
  readonly name: string;
  /** Decimal; '' where it is not known. */
  readonly id: string;
  /** Where it is asked; null where no address leads there from here. */
  readonly endpoint: string | null;
  readonly voter: boolean;
  /** It was seen to have begun a log anew: it answers, and has not what the others have. */
  readonly lost: boolean;
  /** What it answers; null while it does not. */
  readonly answer: EtcdAnswer | null;
  /** Why there is no answer; '' when there is one. */
  readonly why: string;
}

export interface EtcdView {
  readonly cluster: string;
  /** Of the member that is meant; '' is the cluster. */
  readonly member: string;
  readonly members: readonly EtcdMemberView[];
}

/** Older words of a member say nothing of what it is now. */
const recent = seconds(30);

const leadsElsewhere = (url: string): boolean =>
  /^https?:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/.test(url);

/** Where a member is asked by those who watch it: the same address is used to change it. */
const endpointOf = ({ info }: EtcdMemberState): string | null => {
  const urls = info.clientUrls.filter((url) => /^https?:\/\//.test(url));
  if (info.foundBy !== 'member list') return urls[0] ?? null;
  return urls.find((url) => !leadsElsewhere(url)) ?? urls[0] ?? null;
};

const viewOf = (state: EtcdMemberState, now: EpochMs): EtcdMemberView => {
  const { info, status, down, answeredAt, lost } = state;
  const old = answeredAt === null || since(answeredAt, now) > recent;
  const answer: EtcdAnswer | null =
    status === null || down !== null || old
      ? null
      : { ...status, revision: String(status.revision), quota: status.quota };
  return {
    key: info.key,
    name: memberName(state),
    id: status?.memberId ?? info.id,
    endpoint: endpointOf(state),
    voter: !info.learner && status?.learner !== true,
    lost: lost !== null,
    answer,
    why:
      answer !== null
        ? ''
        : down !== null
          ? plainText(down.failure.message)
          : 'it was not heard lately',
  };
};

/** The cluster that a wish is about, as it is watched. */
export const etcdView = (
  subject: ActSubject,
  { world, now }: Pick<PlanScene, 'world' | 'now'>,
): Result<EtcdView> => {
  const op = 'look at etcd';
  if (subject.kind !== 'etcd') return failed(failure('misconfigured', op, 'it is about etcd only'));
  const clusters = sliceOf(world, etcd).state;
  const cluster = clusters.get(subject.cluster);
  if (cluster === undefined) {
    return failed(
      failure('absent', op, 'no such etcd cluster is watched', { on: subject.cluster }),
    );
  }
  if (subject.member !== '' && !cluster.members.has(subject.member)) {
    return failed(failure('absent', op, 'it has no such member', { on: subject.member }));
  }
  const members = [...cluster.members.values()].map((m) => viewOf(m, now));
  return ok({ cluster: subject.cluster, member: subject.member, members });
};

const asked = async (
  cluster: string,
  member: EtcdMemberView,
  reads: Pick<EffectReads, 'etcdStatus'>,
  signal: AbortSignal,
): Promise<EtcdMemberView> => {
  const silent = (why: string): EtcdMemberView => ({ ...member, answer: null, why });
  if (member.endpoint === null) return silent('no address of it is known');
  const read = await reads.etcdStatus(cluster, member.endpoint, signal);
  if (!read.ok) return silent(plainText(failureText(read.failure)));
  const answer = etcdAnswerIn(read.value);
  if (answer === null) return silent('it does not answer as etcd does');
  if (member.id !== '' && answer.memberId !== member.id) {
    return silent(`another member answers at ${plainText(member.endpoint)}`);
  }
  return { ...member, answer, why: '', voter: member.voter && !answer.learner };
};

/** The same with what the members answer now. One that answers for another is none. */
export const etcdViewNow = async (
  view: EtcdView,
  reads: Pick<EffectReads, 'etcdStatus'>,
  signal: AbortSignal,
): Promise<EtcdView> => ({
  ...view,
  members: await Promise.all(view.members.map((m) => asked(view.cluster, m, reads, signal))),
});
