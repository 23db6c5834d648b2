import { minutes, seconds } from '../kernel/units.ts';
import { type Condition, conditionOf, conditionText } from '../probes/condition.ts';
import type { Node } from '../probes/nodes.ts';
import type { Census } from './census.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Counts, Finding, Proof } from './finding.ts';
import { nodeKey } from './node-key.ts';
import { newestRenewal } from './renewal.ts';
import { some } from './words.ts';

/** A lease of 40 s that is known in steps of 30 s: no later than this after the newest of all leases. */
const leaseAllowed = seconds(40 + 30);
const rebootMinded = minutes(30);

export interface JudgedNodes {
  readonly findings: readonly Finding[];
  readonly counts: Counts['nodes'];
}

interface Problem {
  readonly tone: Finding['tone'];
  readonly reason: string;
  readonly detail: string;
  readonly since: number;
  readonly proof: readonly Proof[];
  /** Share of its pods that are hurt, 0..1. */
  readonly hurts: number;
}

const isReady = (node: Node): boolean => conditionOf(node, 'Ready')?.status === 'True';

export const nodeProblems = (facts: Facts, { groups }: Census): JudgedNodes => {
  const nodes = [...facts.nodes.values()];
  const down = nodes.filter((n) => !isReady(n)).length;
  // With a third of the nodes gone there is no room to move the pods to.
  const tone: Finding['tone'] = down * 3 >= nodes.length ? 'bad' : 'warn';
  const newest = newestRenewal(facts.leases.values());
  const waiting = unschedulablePods(groups);
  const onNode = podsOnNodes(facts);
  const findings: Finding[] = [];
  for (const node of nodes) {
    const pods = (): number => onNode(node.name);
    const problem =
      notReady(node, pods, tone, facts) ??
      leaseOverdue(node, newest, facts) ??
      condition(node) ??
      rebooted(node, facts) ??
      cordoned(node, waiting);
    if (problem === null) continue;
    const { hurts, ...said } = problem;
    findings.push({
      ...said,
      since: earliest([problem.since]),
      key: nodeKey(node.name),
      subsystem: 'nodes',
      title: `node ${node.name}`,
      ready: null,
      weight: 1 + pods() * hurts,
      object: { resource: 'nodes', namespace: '', name: node.name },
      under: null,
    });
  }
  return {
    findings,
    counts: {
      all: nodes.length,
      ready: nodes.length - down,
      cordoned: nodes.filter((n) => n.unschedulable).length,
    },
  };
};

/** Pods by node that are not finished. Counted on the first question: mostly no node is in trouble. */
const podsOnNodes = ({ pods }: Facts): ((node: string) => number) => {
  let counts: Map<string, number> | undefined;
  return (node) => {
    if (counts === undefined) {
      counts = new Map();
      for (const pod of pods.values()) {
        if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
        counts.set(pod.node, (counts.get(pod.node) ?? 0) + 1);
      }
    }
    return counts.get(node) ?? 0;
  };
};

const unschedulablePods = (groups: Census['groups']): number => {
  let n = 0;
  for (const { troubled } of groups.values()) {
    for (const t of troubled) {
      // Only then does a cordon stand in anybody's way: the scheduler says so in these words.
      if (t.trouble.kind === 'unscheduled' && /were unschedulable/.test(t.trouble.detail)) n += 1;
    }
  }
  return n;
};

const conditionProof = (node: Node, c: Condition): Proof =>
  proofOf('nodes', `${node.name}: ${c.type} ${c.status}: ${conditionText(c)}`, c.since);

const leaseProof = (node: Node, { leases }: Facts): readonly Proof[] => {
  const lease = leases.get(`kube-node-lease/${node.name}`);
  return lease?.renewed ? [proofOf('leases', `last renewal of its lease`, lease.renewed)] : [];
};

const notReady = (
  node: Node,
  pods: () => number,
  tone: Finding['tone'],
  facts: Facts,
): Problem | null => {
  if (isReady(node)) return null;
  const ready = conditionOf(node, 'Ready');
  const boot = rebooted(node, facts);
  // A node that has just joined is not ready until its network is; one that has fallen silent is lost at any age.
  if (ready?.status !== 'Unknown' && facts.now - node.created < seconds(60)) return null;
  const message = ready?.message ?? '';
  const silent = ready?.status === 'Unknown';
  const network = conditionOf(node, 'NetworkUnavailable');
  return {
    tone,
    reason: silent
      ? 'NotReady: its kubelet stopped reporting'
      : `NotReady${ready === undefined ? ': its kubelet has never reported' : shortCause(message)}`,
    detail: message,
    since: ready?.since ?? node.created,
    hurts: 1,
    proof: [
      ...(ready === undefined ? [] : [conditionProof(node, ready)]),
      ...(network?.status === 'True' ? [conditionProof(node, network)] : []),
      ...leaseProof(node, facts),
      ...(boot?.proof ?? []),
      proofOf('pods', `${some(pods(), 'pod')} on it`, 0),
    ],
  };
};

/** What kubelets commonly say, in two words; the rest stands in the detail. */
const shortCause = (message: string): string => {
  if (/cni|network plugin|NetworkPluginNotReady/i.test(message))
    return ': container network not ready';
  if (/container runtime|PLEG/i.test(message)) return ': container runtime does not answer';
  if (/shutdown|shutting down/i.test(message)) return ': node is shutting down';
  return '';
};

const leaseOverdue = (node: Node, newest: number, facts: Facts): Problem | null => {
  const lease = facts.leases.get(`kube-node-lease/${node.name}`);
  if (!lease?.renewed || newest - lease.renewed <= leaseAllowed) return null;
  return {
    tone: 'warn',
    reason: 'lease overdue, still called Ready',
    detail: '',
    since: lease.renewed,
    hurts: 0.5,
    proof: [
      proofOf('leases', `${node.name}: last renewal of its lease`, lease.renewed),
      proofOf('leases', 'newest renewal of any lease', newest),
    ],
  };
};

const pressures: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory pressure: pods are being evicted',
  DiskPressure: 'disk pressure: pods are being evicted, images removed',
  PIDPressure: 'too many processes',
  NetworkUnavailable: 'network not set up',
};

/** Any condition but Ready is a fault when it is true, also those of a node problem detector. */
const condition = (node: Node): Problem | null => {
  const faults = node.conditions.filter((c) => c.type !== 'Ready' && c.status === 'True');
  const first = faults.find((c) => c.type in pressures) ?? faults[0];
  if (first === undefined) return null;
  return {
    tone: 'warn',
    reason: pressures[first.type] ?? `${first.type}: ${first.reason}`,
    detail: first.message,
    since: first.since,
    hurts: 0.5,
    proof: faults.map((c) => conditionProof(node, c)),
  };
};

const rebooted = (node: Node, { eventsOf, now }: Facts): Problem | null => {
  const event = eventsOf('Node', '', node.name).find((e) => e.reason === 'Rebooted');
  if (event === undefined || now - event.lastSeen > rebootMinded) return null;
  return {
    tone: 'warn',
    reason: 'rebooted',
    detail: event.message,
    since: event.lastSeen,
    hurts: 0,
    proof: [proofOf('events', event.message, event.lastSeen)],
  };
};

/** A cordon is somebody's work and no fault, until pods find no place because of it. */
const cordoned = (node: Node, waiting: number): Problem | null => {
  if (!node.unschedulable || waiting === 0) return null;
  return {
    tone: 'warn',
    reason: `cordoned, ${waiting === 1 ? '1 pod finds' : `${waiting} pods find`} no node`,
    detail: '',
    since: 0,
    hurts: 0,
    proof: [proofOf('nodes', `${node.name} is marked unschedulable`, 0)],
  };
};
