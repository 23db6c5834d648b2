import { minutes } from '../kernel/units.ts';
import { conditionOf, conditionText } from '../probes/condition.ts';
import type { Workload } from '../probes/workload.ts';
import type { Census, Group, Troubled } from './census.ts';
import { createRefusal, type Refusal } from './create-refusal.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding, Progress, Proof } from './finding.ts';
import { nodeKey } from './node-key.ts';
import { type Top, titleOf, topKey, topObject } from './owner.ts';
import { type Peers, peersOf } from './peers.ts';
import { readiness, summarise } from './pod-group.ts';
import { startAllowed } from './pod-problem.ts';
import { isOutage, weigh } from './rank.ts';

export interface Judged {
  readonly findings: readonly Finding[];
  readonly progress: readonly Progress[];
}

/** How far the newest template is rolled out. */
type Rollout = 'done' | 'advancing' | 'stuck';

interface Case {
  readonly top: Top;
  readonly want: number;
  readonly have: number;
  /** Pods in trouble by themselves. */
  readonly troubled: readonly Troubled[];
  /** Pods whose node does not answer. */
  readonly lost: readonly Troubled[];
  readonly starting: number;
  readonly waits: string;
  readonly rollout: Rollout;
  readonly rolloutSince: number;
  readonly refusal: Refusal | null;
  readonly status: readonly Proof[];
  readonly peers: () => Peers;
  /** When it was made, and when it last went from complete to not. */
  readonly created: number;
  readonly changed: number;
  /** Since when too few are available, by the controller's own rule; 0 when enough are, or when it does not say. */
  readonly shortSince: number;
}

type Kind = 'deployments' | 'statefulsets' | 'daemonsets' | 'replicasets';

/** What of the deployments, stateful sets, daemon sets and bare replica sets is broken, and what is on its way. */
export const workloadProblems = (facts: Facts, { groups }: Census): Judged => {
  const findings: Finding[] = [];
  const progress: Progress[] = [];
  const peers = peersOf(facts);
  const keep = (found: Finding | Progress | null) => {
    if (found === null) return;
    if ('tone' in found) findings.push(found);
    else progress.push(found);
  };
  const seen = new Set<string>();
  for (const kind of ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const) {
    for (const w of facts[kind].values()) {
      if (kind === 'replicasets' && w.owner !== null) continue;
      const complete = isComplete(w);
      // The many that are complete, with no pod in the census, need no more than this.
      if (complete && groups.size === 0) continue;
      const top: Top = { resource: kind, namespace: w.namespace, name: w.name, known: true };
      const key = topKey(top);
      const group = groups.get(key);
      if (group !== undefined) seen.add(key);
      else if (complete) continue;
      keep(judge(caseOf(kind, w, top, group, facts, peers), facts));
    }
  }
  for (const [key, group] of groups) {
    if (seen.has(key) || group.top.resource === 'jobs' || group.top.resource === 'cronjobs')
      continue;
    keep(judge(looseCase(group, peers), facts));
  }
  return { findings, progress };
};

const isComplete = (w: Workload): boolean =>
  w.ready >= w.desired && w.updated >= w.desired && w.observed >= w.generation;

const rolloutOf = (kind: Kind, w: Workload): { rollout: Rollout; since: number } => {
  const progressing = conditionOf(w, 'Progressing');
  if (progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded') {
    return { rollout: 'stuck', since: progressing.since };
  }
  const behind = w.observed < w.generation || w.updated < w.desired;
  const said = progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
  if (w.paused || kind === 'replicasets') return { rollout: 'done', since: 0 };
  return { rollout: behind || said ? 'advancing' : 'done', since: progressing?.since ?? 0 };
};

const caseOf = (
  kind: Kind,
  w: Workload,
  top: Top,
  group: Group | undefined,
  facts: Facts,
  peers: (top: Top) => Peers,
): Case => {
  const { rollout, since } = rolloutOf(kind, w);
  let all = group?.troubled ?? [];
  let excused = 0;
  if (kind === 'daemonsets') {
    // On a cordoned node somebody is at work; its daemons are theirs to break.
    const minded = all.filter((t) => facts.nodes.get(t.pod.node)?.unschedulable !== true);
    excused = all.length - minded.length;
    all = minded;
  }
  const isLost = (t: Troubled): boolean =>
    t.trouble.kind === 'node-lost' || (kind === 'daemonsets' && facts.downNodes.has(t.pod.node));
  const available = conditionOf(w, 'Available');
  const text = `${w.ready} of ${w.desired} ready, ${w.updated} of the newest template`;
  return {
    top,
    want: w.desired - excused,
    have:
      w.ready - all.filter((t) => t.counted && t.pod.ready === t.pod.total && !isLost(t)).length,
    troubled: all.filter((t) => !isLost(t)),
    lost: all.filter(isLost),
    starting: group?.startingCount ?? 0,
    waits: group?.waits ?? '',
    rollout,
    rolloutSince: since,
    refusal: createRefusal(kind, w, facts),
    status: [
      proofOf(kind, text, 0),
      ...w.conditions
        .filter((c) => (c.type === 'ReplicaFailure' ? c.status === 'True' : c.status === 'False'))
        .map((c) => proofOf(kind, `${c.type} ${c.status}: ${conditionText(c)}`, c.since)),
    ],
    peers: () => peers(top),
    created: w.created,
    changed: available?.since ?? 0,
    shortSince: available?.status === 'False' ? available.since : 0,
  };
};

/** Pods without an owner that is watched: what should be there is what is there. */
const looseCase = (group: Group, peers: (top: Top) => Peers): Case => {
  const unwell = group.troubled.filter((t) => t.counted).length;
  // Runs, and has been in trouble a moment ago. Remains are not wanted back: nobody replaces a bare pod.
  const again = group.troubled.some((t) => !t.counted && t.pod.phase === 'Running');
  const all = group.top.resource === 'pods' ? unwell + group.startingCount : peers(group.top).all;
  const want = Math.max(all, unwell, again && all === 0 ? 1 : 0);
  return {
    top: group.top,
    want,
    have: want - unwell - group.startingCount,
    troubled: group.troubled.filter((t) => t.trouble.kind !== 'node-lost'),
    lost: group.troubled.filter((t) => t.trouble.kind === 'node-lost'),
    starting: group.startingCount,
    waits: group.waits,
    rollout: 'done',
    rolloutSince: 0,
    refusal: null,
    status: [],
    peers: () => peers(group.top),
    created: 0,
    changed: 0,
    shortSince: 0,
  };
};

const judge = (c: Case, facts: Facts): Finding | Progress | null => {
  const missing = Math.max(0, c.want - c.have);
  const serious = c.troubled.filter((t) => t.counted);
  if (c.want === 0 && serious.length === 0) return remainder(c);
  const quiet = serious.length === 0 && c.refusal === null && c.rollout !== 'stuck';
  if (quiet) {
    if (missing > 0 && missing <= c.lost.length + c.starting && c.lost.length > 0)
      return lostCase(c);
    if (c.rollout === 'advancing') return onItsWay(c, 'rolling out');
    if (missing === 0) return remainder(c);
    if (c.starting > 0) return onItsWay(c, 'starting');
    return absent(c, missing, facts);
  }
  const slow = serious.every((t) => t.trouble.kind === 'unready') && c.refusal === null;
  if (slow && c.rollout === 'advancing' && !isOutage(c.have, c.want)) {
    return onItsWay(c, 'rolling out, new pods are not ready yet');
  }
  return broken(c, serious, missing);
};

const base = (c: Case) => ({
  key: topKey(c.top),
  subsystem: 'pods' as const,
  title: titleOf(c.top),
  ready: c.want > 0 ? readiness(c.have, c.want) : null,
  object: topObject(c.top),
  under: null,
});

const onItsWay = (c: Case, reason: string): Progress => ({
  key: topKey(c.top),
  title: titleOf(c.top),
  reason: c.waits === '' ? reason : c.waits,
  ready: readiness(c.have, c.want),
  since: earliest([c.rolloutSince]),
  object: topObject(c.top),
});

const broken = (c: Case, serious: readonly Troubled[], missing: number): Finding => {
  const pods = serious.length === 0 ? null : summarise(serious);
  const refused = c.refusal;
  const why = refused?.reason ?? pods?.reason ?? `${c.have} of ${c.want} ready`;
  const hurt = Math.max(missing, c.rollout === 'stuck' ? 1 : Math.min(serious.length, c.want));
  return {
    ...base(c),
    tone: isOutage(c.have, c.want) ? 'bad' : 'warn',
    reason: c.rollout === 'stuck' ? `rollout stuck: ${why}` : why,
    detail: refused?.detail ?? pods?.detail ?? '',
    weight: weigh(hurt, c.want, c.top.namespace),
    since: earliest([
      c.shortSince,
      pods?.since ?? 0,
      refused?.since ?? 0,
      c.rollout === 'stuck' ? c.rolloutSince : 0,
    ]),
    proof: [...c.status, ...(refused === null ? [] : [refused.proof]), ...(pods?.proof ?? [])],
  };
};

/** Some of it ran on a node that is down. Worth a line of its own only when too little of it is left. */
const lostCase = (c: Case): Finding | null => {
  if (!isOutage(c.have, c.want)) return null;
  const { detail, since, proof } = summarise(c.lost);
  const nodes = [...new Set(c.lost.map((t) => t.pod.node))];
  return {
    ...base(c),
    tone: 'bad',
    reason: `lost with ${nodes.length === 1 ? `node ${nodes[0]}` : `${nodes.length} nodes`}`,
    detail: nodes.length === 1 ? '' : detail,
    weight: weigh(c.want - c.have, c.want, c.top.namespace),
    since,
    proof: [...c.status, ...proof],
    under: nodeKey(nodes[0] ?? ''),
  };
};

/** Everything serves; what is left over is worth a look: evicted remains, pods that do not end, recent kills. */
const remainder = (c: Case): Finding | null => {
  const left = [...c.troubled, ...c.lost.filter((t) => t.counted)];
  if (left.length === 0) return null;
  const { reason, detail, since, proof } = summarise(left);
  const weight = weigh(left.length, Math.max(c.want, left.length), c.top.namespace) / 10;
  return {
    ...base(c),
    tone: 'warn',
    reason,
    detail,
    weight,
    since,
    proof: [...c.status, ...proof],
  };
};

/** A scale-up of many replicas may take this long to be carried out. */
const createsAllowed = minutes(2);

/** Pods are missing and none of them says why: they do not exist, or they cannot be read. */
const absent = (c: Case, missing: number, { now, podsKnown }: Facts): Finding | null => {
  const peers = c.peers();
  // The pods are there and well: the controller's count is about to follow.
  if (podsKnown && peers.all >= c.want) return null;
  const last = Math.max(peers.newest, c.created, c.changed);
  if (now - last < (peers.all > 0 ? createsAllowed : startAllowed)) return null;
  const reason = podsKnown
    ? `only ${peers.all} of ${c.want} pods exist, nothing creates the rest`
    : `${c.have} of ${c.want} ready`;
  return {
    ...base(c),
    tone: isOutage(c.have, c.want) ? 'bad' : 'warn',
    reason,
    detail: c.status.slice(1)[0]?.text ?? '',
    weight: weigh(missing, c.want, c.top.namespace),
    since: earliest([c.shortSince]),
    proof: c.status,
  };
};
