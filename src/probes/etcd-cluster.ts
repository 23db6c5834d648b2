import type { EtcdData, EtcdMemberInfo } from '../kernel/etcd-fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import { type Part, part } from './change-parts.ts';
import type { EtcdClusterState, EtcdMemberState } from './etcd.ts';
import { extentOf, isRestored } from './etcd-extent.ts';
import { electionsKept, findingMembers } from './etcd-limits.ts';
import { memberName, newMember } from './etcd-member.ts';
import { countText } from './etcd-words.ts';
import { oneLine } from './one-line.ts';

type Told = Extract<EtcdData, { kind: 'cluster' }>;

export const newCluster = (name: string): EtcdClusterState => ({
  name,
  members: new Map(),
  problems: [],
  answersSince: null,
  elections: [],
  leader: null,
  leaderless: null,
  alarms: [],
});

/** What people call it. */
export const clusterName = (name: string): string => oneLine(name, 'etcd');

const of =
  (key: string) =>
  (what: Part): [string, Part] => [key, what];

const infoNews = (was: EtcdMemberInfo, now: EtcdMemberState): readonly Part[] =>
  was.learner && !now.info.learner
    ? [part('info', `${memberName(now)} promoted from learner to voter`)]
    : [];

/**
 * Which members there are: those that were known keep what they have told. That there is one more, or one less, is
 * news only once the members that were there all the time have been found.
 */
export const withMembers = (
  was: EtcdClusterState,
  { cluster, members: infos, problems }: Told,
  at: EpochMs,
): { readonly cluster: EtcdClusterState; readonly news: readonly [string, Part][] } => {
  const news: [string, Part][] = [];
  const name = clusterName(cluster);
  const complete = was.answersSince !== null && at - was.answersSince > findingMembers;
  const members = new Map<string, EtcdMemberState>();
  for (const info of infos) {
    const before = was.members.get(info.key);
    const now = before === undefined ? newMember(info) : { ...before, info };
    members.set(info.key, now);
    if (before !== undefined) news.push(...infoNews(before.info, now).map(of(info.key)));
    else if (complete) {
      const words = `${memberName(now)} added to ${name}${info.learner ? ' as learner' : ''}`;
      news.push([info.key, part('info', words)]);
    }
  }
  for (const [key, member] of was.members) {
    if (complete && !members.has(key)) {
      news.push([key, part('warn', `${memberName(member)} removed from ${name}`)]);
    }
  }
  return { cluster: { ...was, members, problems }, news };
};

const answering = (cluster: EtcdClusterState): readonly EtcdMemberState[] =>
  [...cluster.members.values()].filter((m) => m.down === null && m.status !== null);

/** Those that lost their log lead, if at all, a cluster of their own: they are asked only when there is nobody else. */
const opinions = (cluster: EtcdClusterState): readonly EtcdMemberState[] => {
  const all = answering(cluster);
  const sound = all.filter((m) => m.lost === null);
  return sound.length > 0 ? sound : all;
};

const nameOfId = (cluster: EtcdClusterState, id: string): string => {
  for (const member of cluster.members.values()) {
    if (id === member.status?.memberId || id === member.info.id) return memberName(member);
  }
  return `member ${oneLine(id, 'without an id')}`;
};

interface ClusterStep {
  readonly cluster: EtcdClusterState;
  readonly news: readonly Part[];
}

/**
 * Who leads, after one more answer or silence: what the newest term says, since answers are a few seconds apart and
 * those from before an election name the leader of before.
 */
const withLeader = (was: EtcdClusterState, at: EpochMs): ClusterStep => {
  const asked = opinions(was);
  if (asked.length === 0) return { cluster: was, news: [] };
  let best: EtcdMemberState | null = null;
  for (const member of asked) {
    if (member.status === null || member.status.leader === '') continue;
    if ((best?.status?.term ?? -1) < member.status.term) best = member;
  }
  const before = was.leader;
  if (best?.status == null) {
    if (was.leaderless !== null) return { cluster: was, news: [] };
    const news = [part('bad', `${clusterName(was.name)} has no leader`)];
    return { cluster: { ...was, leaderless: at }, news };
  }
  const { leader: id, term } = best.status;
  // An answer from before, of a member that was asked last when it still was so.
  if (before !== null && term < before.term && best.lost === null) {
    return { cluster: was, news: [] };
  }
  const name = nameOfId(was, id);
  if (before?.id === id) {
    const cluster = { ...was, leader: { ...before, term }, leaderless: null };
    const again =
      was.leaderless === null ? [] : [part('good', `${name} leads again (term ${term})`)];
    return { cluster, news: again };
  }
  const planned = was.leaderless === null && asked.some((m) => m.status?.memberId === before?.id);
  const known = before !== null || was.leaderless !== null;
  return {
    cluster: {
      ...was,
      leader: { id, term, since: at },
      leaderless: null,
      elections: before === null ? was.elections : [...was.elections, at].slice(-electionsKept),
    },
    news: known
      ? [part(planned ? 'info' : 'warn', `${name} became leader (term ${countText(term)})`)]
      : [],
  };
};

const withRestored = (was: EtcdClusterState): ClusterStep => {
  const all = [...was.members.values()];
  if (!isRestored(all)) return { cluster: was, news: [] };
  const members = new Map(
    [...was.members].map(([key, m]): [string, EtcdMemberState] => [
      key,
      m.status === null || m.answeredAt === null
        ? m
        : { ...m, lost: null, peak: extentOf(m.status, m.answeredAt) },
    ]),
  );
  const text = `${clusterName(was.name)} was restored: all members have begun the same new log`;
  return { cluster: { ...was, members, leader: null }, news: [part('info', text)] };
};

/** What follows for the cluster from what one of its members has just said, or not said. */
export const judged = (was: EtcdClusterState, at: EpochMs): ClusterStep => {
  const restored = withRestored(was);
  const led = withLeader(restored.cluster, at);
  return { cluster: led.cluster, news: [...restored.news, ...led.news] };
};

type Alarm = EtcdClusterState['alarms'][number];

const isIn = (all: readonly Alarm[], { memberId, alarm }: Alarm): boolean =>
  all.some((a) => a.memberId === memberId && a.alarm === alarm);

/** After an answer: every member tells the alarms of all, so each is told once, and cleared when none has it any more. */
export const withAlarms = (was: EtcdClusterState): ClusterStep => {
  const alarms: Alarm[] = [];
  for (const { status } of answering(was)) {
    for (const one of status?.alarms ?? []) if (!isIn(alarms, one)) alarms.push(one);
  }
  const words = ({ memberId, alarm }: Alarm, verb: string): string =>
    `alarm ${oneLine(alarm, 'without a name')} ${verb} ${nameOfId(was, memberId)}`;
  const raised = alarms.filter((a) => !isIn(was.alarms, a));
  const cleared = was.alarms.filter((a) => !isIn(alarms, a));
  if (raised.length === 0 && cleared.length === 0) return { cluster: was, news: [] };
  return {
    cluster: { ...was, alarms },
    news: [
      ...raised.map((a) => part('bad', words(a, 'raised on'))),
      ...cleared.map((a) => part('good', words(a, 'cleared on'))),
    ],
  };
};
