import type { Mentions, Saying } from './cause-mention.ts';
import { type Named, placeText, type Targets, targetsOf } from './cause-target.ts';
import type { JudgedEtcd } from './etcd-reports.ts';
import { statusOf } from './etcd-sight.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';
import { nodeKey } from './node-key.ts';
import { topKey, topOf } from './owner.ts';
import { weigh } from './rank.ts';
import { some } from './words.ts';

export interface CauseInput {
  /** Of objects, nodes and the control plane. */
  readonly findings: readonly Finding[];
  /** One for each cluster with something wrong. */
  readonly etcd: readonly Finding[];
  readonly judged: readonly JudgedEtcd[];
  readonly mentions: Mentions;
  /** Services without a ready endpoint, and the key of the finding about the pods behind them. */
  readonly dead: ReadonlyMap<string, string>;
  readonly facts: Facts;
}

/** What a finding hangs under, and the fact that proves it. */
interface Link {
  readonly under: string;
  readonly proof: Proof;
  /** It was told by the pods themselves, and is counted. */
  readonly named: boolean;
}

/**
 * Findings with their causes, where facts prove one: a message that names what is broken, pods that are members of a
 * cluster, services that lead to them, a node that took the members with it. What has no such fact stands apart.
 */
export const withCauses = (input: CauseInput): readonly Finding[] => {
  const findings = [...input.findings, ...input.etcd];
  const byKey = new Map(findings.map((f) => [f.key, f]));
  const links = new Map<string, Link>();
  for (const j of input.judged) {
    if (!byKey.has(j.report.finding)) continue;
    foldOwnPods(j, input.facts, byKey);
    linkMembers(j, input.facts, links);
    linkReadyz(j, links);
    linkNode(j, input.facts, byKey, links);
    for (const service of emptyServices(j)) byKey.set(service.key, service);
  }
  linkMentions(input, byKey, links);
  return apply([...byKey.values()], unwound(byKey, links));
};

/**
 * Pods that are nothing but a member, as static ones are: what is wrong with them is what is wrong with the member.
 * By the keys of what would be found about them.
 */
const ownPods = ({ seen }: JudgedEtcd, facts: Facts): ReadonlySet<string> =>
  new Set(
    seen.sights.flatMap(({ pod }) => {
      if (pod === null) return [];
      const top = topOf(pod, facts);
      return top.resource === 'pods' ? [topKey(top)] : [];
    }),
  );

/** Keys that no line of their own is to be told of, beside what is told of the clusters that are broken. */
export const foldedKeys = (
  judged: readonly JudgedEtcd[],
  etcd: readonly Finding[],
  facts: Facts,
): ReadonlySet<string> => {
  const told = new Set(etcd.map((f) => f.key));
  return new Set(judged.flatMap((j) => (told.has(j.report.finding) ? [...ownPods(j, facts)] : [])));
};

/** The cluster names them in its proof instead of a line for each below it, and is as bad as they are. */
const foldOwnPods = (j: JudgedEtcd, facts: Facts, byKey: Map<string, Finding>): void => {
  const own = [...ownPods(j, facts)].flatMap((key) => byKey.get(key) ?? []);
  const cause = byKey.get(j.report.finding);
  if (cause === undefined || own.length === 0) return;
  byKey.set(cause.key, {
    ...cause,
    tone: own.some((f) => f.tone === 'bad') ? 'bad' : cause.tone,
    weight: own.reduce((sum, f) => sum + f.weight, cause.weight),
    proof: [...cause.proof, ...own.map((f) => proofOf('pods', `${f.title}: ${f.reason}`, f.since))],
  });
  const folded = new Set(own.map((f) => f.key));
  for (const f of [...byKey.values()]) {
    if (folded.has(f.key)) byKey.delete(f.key);
    else if (f.under !== null && folded.has(f.under)) byKey.set(f.key, { ...f, under: cause.key });
  }
};

const linkMembers = (j: JudgedEtcd, facts: Facts, links: Map<string, Link>): void => {
  for (const { pod, name } of j.seen.sights) {
    if (pod === null) continue;
    const text = `${pod.namespace}/${pod.name} is member ${name} of ${j.report.name}`;
    const proof = proofOf('etcd', text, 0);
    links.set(topKey(topOf(pod, facts)), { under: j.report.finding, proof, named: false });
  }
};

/** What the API server says of its etcd is one more word about the same thing. */
const linkReadyz = ({ report }: JudgedEtcd, links: Map<string, Link>): void => {
  if (!report.own) return;
  const text = `${report.name} is the etcd of the API server`;
  for (const endpoint of ['readyz', 'livez']) {
    const link = { under: report.finding, proof: proofOf('etcd', text, 0), named: false };
    links.set(`etcd/${endpoint}`, link);
  }
};

/** All members that are missing were on one node, and that node is down: it took them with it. */
const linkNode = (
  { seen, report }: JudgedEtcd,
  { downNodes }: Facts,
  byKey: ReadonlyMap<string, Finding>,
  links: Map<string, Link>,
): void => {
  const missing = seen.sights.filter((s) => s.voter && statusOf(s) === null);
  const nodes = new Set(missing.map((s) => s.node?.name ?? s.pod?.node ?? ''));
  const [node = ''] = nodes;
  if (nodes.size !== 1 || !downNodes.has(node) || !byKey.has(nodeKey(node))) return;
  if (report.reasons.some((r) => /^(alarm|lost-data)\//.test(r.key))) return;
  const names = missing.map((s) => s.name).join(', ');
  const proof = proofOf('nodes', `${names} ran on ${node}, which does not answer`, 0);
  links.set(report.finding, { under: nodeKey(node), proof, named: false });
};

const emptyServices = (j: JudgedEtcd): readonly Finding[] =>
  j.services
    .filter((s) => s.ready === 0)
    .map(({ namespace, name, all }): Finding => {
      const want = Math.max(all, 1);
      return {
        key: `service/${namespace}/${name}`,
        subsystem: 'pods',
        tone: 'bad',
        title: `${namespace}/${name}`,
        reason: 'no ready endpoints',
        detail: '',
        ready: all === 0 ? null : { have: 0, want: all },
        weight: weigh(want, want, namespace),
        since: earliest(j.report.reasons.map((r) => r.since)),
        object: { resource: 'services', namespace, name },
        proof: [
          proofOf('endpointslices', 'no endpoint of it is ready', 0),
          proofOf('etcd', `its endpoints are members of ${j.report.name}`, 0),
        ],
        under: j.report.finding,
      };
    });

const linkMentions = (
  { mentions, judged, dead, facts }: CauseInput,
  byKey: ReadonlyMap<string, Finding>,
  links: Map<string, Link>,
): void => {
  if (mentions.size === 0) return;
  const targets = targetsOf(judged, dead, new Set(byKey.keys()), facts);
  for (const [key, sayings] of mentions) {
    const finding = byKey.get(key);
    if (finding === undefined || finding.under !== null || links.has(key)) continue;
    const found = namedBy(sayings, targets, key);
    if (found === null || !byKey.has(found.named.cause)) continue;
    const { named, saying } = found;
    const text = `${saying.pod.name}: its message names ${placeText(named.place)}, ${named.what}`;
    links.set(key, {
      under: named.cause,
      proof: proofOf('pods', text, finding.since),
      named: true,
    });
  }
};

interface Heard {
  readonly named: Named;
  readonly saying: Saying;
  readonly pods: number;
}

/** What at least half of the pods name that say anything at all. */
const namedBy = (sayings: readonly Saying[], targets: Targets, self: string): Heard | null => {
  const votes = new Map<string, Heard>();
  let all = 0;
  for (const saying of sayings) {
    all += saying.pods;
    const named = targets.find(saying);
    if (named === null || named.cause === self) continue;
    const had = votes.get(named.cause);
    if (had === undefined) votes.set(named.cause, { named, saying, pods: saying.pods });
    else votes.set(named.cause, { ...had, pods: had.pods + saying.pods });
  }
  const most = [...votes.values()].sort((a, b) => b.pods - a.pods)[0];
  return most !== undefined && most.pods * 2 >= all ? most : null;
};

/**
 * Without the links that lead in a circle: two workloads that wait for each other are each other's cause, and neither
 * is to be hidden under the other. Each key is walked over once.
 */
const unwound = (
  byKey: ReadonlyMap<string, Finding>,
  links: ReadonlyMap<string, Link>,
): ReadonlyMap<string, Link> => {
  const kept = new Map([...links].filter(([key]) => byKey.has(key)));
  const above = (key: string): string | null =>
    byKey.get(key)?.under ?? kept.get(key)?.under ?? null;
  const safe = new Set<string>();
  for (const start of [...kept.keys()]) {
    const path = new Set<string>();
    let at: string | null = start;
    while (at !== null && !safe.has(at) && !path.has(at)) {
      path.add(at);
      at = above(at);
    }
    if (at !== null && path.has(at)) {
      const circle = [...path].slice([...path].indexOf(at));
      for (const key of circle) kept.delete(key);
    }
    for (const key of path) safe.add(key);
  }
  return kept;
};

const apply = (
  findings: readonly Finding[],
  links: ReadonlyMap<string, Link>,
): readonly Finding[] => {
  const counts = new Map<string, number>();
  for (const [, { under, named }] of links) {
    if (named) counts.set(under, (counts.get(under) ?? 0) + 1);
  }
  return findings.map((f) => {
    const link = links.get(f.key);
    const failing = counts.get(f.key) ?? 0;
    const counted =
      failing < 2
        ? f
        : { ...f, reason: `${f.reason}; ${some(failing, 'workload')} fail to reach it` };
    if (link === undefined || f.under !== null) return counted;
    return { ...counted, under: link.under, proof: [link.proof, ...counted.proof] };
  });
};

/** A cause is as bad as the worst of what it causes, and weighs as much as all of it. No circle may be in it. */
export const weighCauses = (findings: readonly Finding[]): readonly Finding[] => {
  const children = Map.groupBy(
    findings.filter((f) => f.under !== null),
    (f) => f.under,
  );
  if (children.size === 0) return findings;
  const lifted = new Map<string, Finding>();
  const lift = (f: Finding): Finding => {
    const had = lifted.get(f.key);
    if (had !== undefined) return had;
    const below = (children.get(f.key) ?? []).map(lift);
    const whole: Finding =
      below.length === 0
        ? f
        : {
            ...f,
            tone: below.some((c) => c.tone === 'bad') ? 'bad' : f.tone,
            weight: below.reduce((sum, c) => sum + c.weight, f.weight),
          };
    lifted.set(f.key, whole);
    return whole;
  };
  return findings.map(lift);
};
