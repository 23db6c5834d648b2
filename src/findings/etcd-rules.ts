import { failureText } from '../kernel/failure.ts';
import { epochMs } from '../kernel/units.ts';
import { countText } from '../probes/etcd-words.ts';
import { oneLine } from '../probes/one-line.ts';
import { etcdAlarms } from './etcd-alarms.ts';
import type { EtcdCase } from './etcd-case.ts';
import { etcdLoss } from './etcd-loss.ts';
import { etcdLastWords } from './etcd-pod-words.ts';
import type { EtcdReason } from './etcd-report.ts';
import { type EtcdSight, isOurs, leaderSeen } from './etcd-sight.ts';
import { etcdWearRules } from './etcd-wear.ts';
import { namesText } from './etcd-words.ts';
import { earliest, proofOf } from './facts.ts';
import type { Proof } from './finding.ts';

export type EtcdRule = (c: EtcdCase) => readonly EtcdReason[];

export const etcdReason = (
  key: string,
  tone: EtcdReason['tone'],
  text: string,
  since: number,
  proof: readonly Proof[],
): EtcdReason => ({ key, tone, text, since: epochMs(since), proof });

/** A rule that looks at one member at a time. */
const each =
  (rule: (sight: EtcdSight, c: EtcdCase) => EtcdReason | null): EtcdRule =>
  (c) =>
    c.sights.flatMap((s) => rule(s, c) ?? []);

/** What costs redundancy is to be looked at; once writes have stopped for it, it is why. */
const costs = ({ quorum }: EtcdCase): EtcdReason['tone'] =>
  quorum.kind === 'lost' || quorum.kind === 'leaderless' ? 'bad' : 'warn';

/** When this voter ceased to take part by itself; 0 when that is not known. */
const goneSince = (s: EtcdSight): number =>
  s.hearing.kind === 'down' ? s.hearing.since : (s.state.lost?.left.at ?? s.trouble?.since ?? 0);

/** What a voter says, or does not, as a line of proof. */
const voterProof = (s: EtcdSight): Proof => {
  const { hearing } = s;
  switch (hearing.kind) {
    case 'answers': {
      const leads = leaderSeen(s) === null ? 'knows of no leader' : 'follows a leader';
      return proofOf('etcd', `${s.name} answers, ${leads}, term ${hearing.status.term}`, 0);
    }
    case 'down':
      return proofOf('etcd', `${s.name}: ${oneLine(hearing.failure.message)}`, hearing.since);
    case 'metrics':
      return proofOf(
        'etcd',
        `${s.name} runs, as its metrics say, ${s.state.metrics?.hasLeader === false ? 'without' : 'with'} a leader`,
        0,
      );
    case 'unstarted':
      return proofOf('etcd', `${s.name} has never started`, 0);
    case 'barred':
      return proofOf('etcd', `${s.name} cannot be asked`, hearing.since);
    case 'silent':
      return proofOf('etcd', `${s.name}: ${hearing.why}`, hearing.heard ?? 0);
  }
};

const quorumLost: EtcdRule = ({ quorum, sights, cluster }) => {
  if (quorum.kind !== 'lost') return [];
  const voters = sights.filter((s) => s.voter);
  // Writes stopped when the one more was gone that could not be spared.
  const gone = voters
    .map(goneSince)
    .filter((at) => at > 0)
    .sort((a, b) => a - b);
  const since = earliest([cluster.leaderless ?? 0, gone[quorum.voters - quorum.needed] ?? 0]);
  const text = `${quorum.working} of ${quorum.voters} members live with their data, ${quorum.needed} are needed: nothing can be written`;
  return [etcdReason('quorum', 'bad', text, since, voters.map(voterProof))];
};

const noLeader: EtcdRule = ({ quorum, sights, cluster }) => {
  if (quorum.kind !== 'leaderless') return [];
  const text = 'enough members answer and none of them leads: nothing can be written';
  const voters = sights.filter((s) => s.voter);
  return [etcdReason('leader', 'bad', text, cluster.leaderless ?? 0, voters.map(voterProof))];
};

const alarmMeans: ReadonlyMap<string, string> = new Map([
  ['NOSPACE', 'its quota is used up and writes are refused'],
  ['CORRUPT', 'its data differ from those of the others'],
]);

const alarms: EtcdRule = (c) =>
  etcdAlarms(c).map(({ alarm, members }) => {
    const on = members.length === 0 ? '' : ` on ${namesText(members)}`;
    const means = alarmMeans.get(alarm);
    const text = `alarm ${oneLine(alarm)}${on}${means === undefined ? '' : `: ${means}`}`;
    return etcdReason(`alarm/${oneLine(alarm)}`, 'bad', text, 0, [
      proofOf('etcd', `alarm ${oneLine(alarm)} is raised${on}`, 0),
    ]);
  });

const split: EtcdRule = (c) =>
  c.quorum.split.map((s) => {
    const leader = c.quorum.leader;
    const behind = `${s.name} follows an old leader in term ${s.state.status?.term ?? 0}`;
    const text = `${behind}${leader === null ? '' : `, the others ${leader.name} in term ${c.quorum.term ?? 0}`}`;
    return etcdReason(`split/${s.key}`, costs(c), text, s.state.since ?? 0, [voterProof(s)]);
  });

const lostData = each((s, c) => {
  const loss = etcdLoss(s, c);
  if (loss === null) return null;
  const text = `${s.name} lost its data: ${loss.how}`;
  return etcdReason(`lost-data/${s.key}`, 'bad', text, loss.since, loss.proof);
});

/** Longer words of a container are the end of its log, and not for a line. */
const sentence = 160;
/** Ends again and again, as opposed to what never began or is not ready. */
const falls = new Set(['crash', 'oom', 'restarted']);

const podTrouble = each((s, c) => {
  const { trouble, pod } = s;
  if (trouble === null || pod === null) return null;
  // That the node is gone is told where it is told that the member does not answer.
  if (trouble.kind === 'node-lost' && s.hearing.kind === 'down') return null;
  const words = etcdLastWords(s);
  const why = words?.means ?? (trouble.detail.length > sentence ? '' : oneLine(trouble.detail));
  const what = falls.has(trouble.kind) ? 'does not stay up' : 'has a pod that is not well';
  const text = `${s.name} ${what}: ${trouble.reason}${why === '' ? '' : `: ${why}`}`;
  return etcdReason(`pod/${s.key}`, costs(c), text, trouble.since, [
    proofOf('pods', `${pod.name}: ${trouble.reason}, restarts ${pod.restarts}`, trouble.since),
    ...(words === null ? [] : [proofOf('pods', `${pod.name}: ${words.quote}`, 0)]),
  ]);
});

const down = each((s, c) => {
  if (s.hearing.kind !== 'down') return null;
  const lost = s.node !== null && c.facts.downNodes.has(s.node.name);
  const where = lost ? `; its node ${s.node?.name} does not answer either` : '';
  const text = `${s.name} does not answer: ${oneLine(s.hearing.failure.message)}${where}`;
  return etcdReason(`down/${s.key}`, costs(c), text, s.hearing.since, [
    voterProof(s),
    ...(lost && s.node !== null ? [proofOf('nodes', `${s.node.name} is not ready`, 0)] : []),
  ]);
});

/** A member that lives and has no leader, while the others have one, or as its metrics alone can tell. */
const cutOff = each((s, c) => {
  if (s.hearing.kind === 'metrics' && s.state.metrics?.hasLeader === false) {
    const text = `${s.name} runs and knows of no leader, and takes no requests: ${oneLine(s.hearing.failure.message)}`;
    return etcdReason(`cut-off/${s.key}`, costs(c), text, s.state.since ?? 0, [voterProof(s)]);
  }
  if (c.quorum.kind !== 'stands' || leaderSeen(s) !== null) return null;
  const text = `${s.name} answers and knows of no leader: it is cut off from the others`;
  return etcdReason(`cut-off/${s.key}`, 'warn', text, s.state.since ?? 0, [voterProof(s)]);
});

const unstarted = each((s, c) => {
  if (s.hearing.kind !== 'unstarted') return null;
  const text = s.voter
    ? `${s.name} was added and has never started, and counts for the quorum`
    : `learner ${s.name} was added and has never started`;
  return etcdReason(`unstarted/${s.key}`, costs(c), text, 0, [voterProof(s)]);
});

/** It is we who cannot ask: nothing is wrong with the cluster for that, and nothing is known to be well. */
const barred = each((s) => {
  if (s.hearing.kind !== 'barred' && s.hearing.kind !== 'metrics') return null;
  const { failure } = s.hearing;
  if (s.hearing.kind === 'metrics' && !isOurs(failure)) return null;
  const { message, hint = '', kind, on } = failure;
  // Where it was asked stands in its line; which file is in the way stands nowhere else.
  const file = kind === 'misconfigured' && on !== undefined ? ` (${oneLine(on)})` : '';
  const why = `${oneLine(message)}${file}${hint === '' ? '' : `: ${oneLine(hint)}`}`;
  const text = `${s.name} cannot be asked: ${why}`;
  return etcdReason(`barred/${s.key}`, 'warn', text, 0, []);
});

const problems: EtcdRule = ({ cluster }) =>
  cluster.problems.map((p, i) => {
    const text = `${oneLine(failureText(p))}${p.hint === undefined ? '' : `: ${oneLine(p.hint)}`}`;
    return etcdReason(`problem/${i}`, 'warn', text, 0, []);
  });

/** Two members are a trap: twice as likely to stop as one. */
const pair: EtcdRule = ({ quorum }) =>
  quorum.voters === 2 && quorum.kind === 'stands'
    ? [
        etcdReason('pair', 'warn', 'two members: the loss of either one stops writes', 0, [
          proofOf('etcd', `${countText(2)} voters, both are needed`, 0),
        ]),
      ]
    : [];

/** In the order in which they are told, where they are equally bad. */
const rules: readonly EtcdRule[] = [
  quorumLost,
  noLeader,
  alarms,
  lostData,
  split,
  podTrouble,
  down,
  cutOff,
  unstarted,
  pair,
  ...etcdWearRules,
  barred,
  problems,
];

/** What is to be known of a cluster, worst first. */
export const etcdReasons = (c: EtcdCase): readonly EtcdReason[] => {
  const all = rules.flatMap((rule) => rule(c));
  return [...all.filter((r) => r.tone === 'bad'), ...all.filter((r) => r.tone === 'warn')];
};

/** A reason that tells of the cluster, and not of what keeps us from asking it. */
export const isOfCluster = ({ key }: EtcdReason): boolean => !/^(barred|problem)\//.test(key);

/** When the first of them began, as far as is known. */
export const reasonsSince = (reasons: readonly EtcdReason[]) =>
  earliest(reasons.map((r) => r.since));
