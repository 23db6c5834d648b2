import { absurd } from '../kernel/absurd.ts';
import type { EtcdData } from '../kernel/etcd-fact.ts';
import type { ProbeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed } from '../kernel/probe.ts';
import type { EpochMs } from '../kernel/units.ts';
import { type Part, part } from './change-parts.ts';
import type { EtcdClusterState, EtcdMemberState, EtcdState } from './etcd.ts';
import { clusterName, judged, newCluster, withAlarms, withMembers } from './etcd-cluster.ts';
import { answered, type MemberStep, measured, silent } from './etcd-member.ts';

/** What is news, by member; '' is the cluster itself. */
type News = readonly (readonly [member: string, what: Part])[];

type OfMember = Extract<EtcdData, { readonly member: string }>;

const memberStep = (
  was: EtcdMemberState,
  data: OfMember,
  at: EpochMs,
  others: readonly EtcdMemberState[],
): MemberStep => {
  switch (data.kind) {
    case 'status':
      return answered(was, data.status, data.latency, at, others);
    case 'down':
      return silent(was, data.failure, at);
    case 'metrics':
      return measured(was, data.metrics, at);
    default:
      return absurd(data);
  }
};

/** Of a member that is not in the cluster any more, what still comes is nothing to know. */
const ofMember = (
  was: EtcdClusterState,
  data: OfMember,
  at: EpochMs,
): { readonly cluster: EtcdClusterState; readonly news: News } => {
  const before = was.members.get(data.member);
  if (before === undefined) return { cluster: was, news: [] };
  const others = [...was.members.values()].filter((m) => m !== before);
  const { member, news: own } = memberStep(before, data, at, others);
  let cluster: EtcdClusterState = {
    ...was,
    members: new Map(was.members).set(data.member, member),
    answersSince: was.answersSince ?? (data.kind === 'status' ? at : null),
  };
  const news: News[number][] = own.map((what) => [data.member, what]);
  // Metrics say nothing of leaders and alarms, and a silence nothing of alarms.
  const judges = { status: [withAlarms, judged], down: [judged], metrics: [] }[data.kind];
  for (const judge of judges) {
    const judgement = judge(cluster, at);
    cluster = judgement.cluster;
    news.push(...judgement.news.map((what): News[number] => ['', what]));
  }
  return { cluster, news };
};

const step = (state: Map<string, EtcdClusterState>, data: EtcdData, at: EpochMs): News => {
  const was = state.get(data.cluster);
  switch (data.kind) {
    case 'cluster': {
      const { cluster, news } = withMembers(was ?? newCluster(data.cluster), data, at);
      state.set(data.cluster, cluster);
      // Of a cluster that is seen for the first time all members are new.
      return was === undefined ? [] : news;
    }
    case 'lost':
      state.delete(data.cluster);
      return was === undefined
        ? []
        : [['', part('info', `${clusterName(data.cluster)} is not asked any more`)]];
    case 'status':
    case 'down':
    case 'metrics': {
      if (was === undefined) return [];
      const { cluster, news } = ofMember(was, data, at);
      state.set(data.cluster, cluster);
      return news;
    }
    default:
      return absurd(data);
  }
};

/** Folds a batch into a copy of the state. */
export const foldEtcd = (
  probe: ProbeId,
  state: EtcdState,
  batch: readonly Observed<EtcdData>[],
): Folded<EtcdState> => {
  const next = new Map(state);
  const changes: Change[] = [];
  for (const { rev, at, data, settled } of batch) {
    const news = step(next, data, at);
    if (!settled) continue;
    for (const [member, what] of news) {
      const key = member === '' ? data.cluster : `${data.cluster}/${member}`;
      changes.push({ rev, at, probe, key, ...what });
    }
  }
  return { state: next, changes };
};
