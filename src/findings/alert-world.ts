import type { EtcdState } from '../probes/etcd.ts';
import type { Node } from '../probes/nodes.ts';
import type { Objects } from '../probes/object-probe.ts';
import type { Pod } from '../probes/pods.ts';
import { etcdMembers } from './alert-etcd-link.ts';
import { isLoopback } from './etcd-places.ts';
import type { Observed } from './facts.ts';
import type { Finding } from './finding.ts';

/** What of the cluster the alerts are laid beside. */
export interface AlertWorld
  extends Pick<
    Observed,
    | 'pods'
    | 'nodes'
    | 'deployments'
    | 'replicasets'
    | 'statefulsets'
    | 'daemonsets'
    | 'jobs'
    | 'cronjobs'
    | 'services'
    | 'persistentvolumeclaims'
  > {
  readonly namespaces: ReadonlyMap<string, unknown>;
  readonly etcd: EtcdState;
  readonly findings: readonly Finding[];
}

export interface PodCounts {
  readonly byNode: ReadonlyMap<string, number>;
  readonly byNamespace: ReadonlyMap<string, number>;
  /** Pods with an address of their own. */
  readonly byAddress: ReadonlyMap<string, Pod>;
}

const counted = new WeakMap<Objects<Pod>, PodCounts>();

const addTo = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** One pass over all pods for each state of them. Those that are over, or on their way out, hurt nobody. */
export const podCounts = (pods: Objects<Pod>): PodCounts => {
  const had = counted.get(pods);
  if (had !== undefined) return had;
  const byNode = new Map<string, number>();
  const byNamespace = new Map<string, number>();
  const byAddress = new Map<string, Pod>();
  for (const pod of pods.values()) {
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.deleting !== null) continue;
    if (pod.node !== '') addTo(byNode, pod.node);
    addTo(byNamespace, pod.namespace);
    if (pod.ip !== '' && !pod.hostNetwork) byAddress.set(pod.ip, pod);
  }
  const counts = { byNode, byNamespace, byAddress };
  counted.set(pods, counts);
  return counts;
};

const addressed = new WeakMap<Objects<Node>, ReadonlyMap<string, string>>();

/** Names of nodes by their internal addresses; an address that several have, or that each has for itself, names none. */
export const nodeByAddress = (nodes: Objects<Node>): ReadonlyMap<string, string> => {
  const had = addressed.get(nodes);
  if (had !== undefined) return had;
  const index = new Map<string, string>();
  const shared = new Set<string>();
  for (const { internalIp: address, name } of nodes.values()) {
    if (address === '' || isLoopback(address)) continue;
    if (index.has(address)) shared.add(address);
    index.set(address, name);
  }
  for (const address of shared) index.delete(address);
  addressed.set(nodes, index);
  return index;
};

const keyed = new WeakMap<readonly Finding[], ReadonlyMap<string, Finding>>();

/** Findings by key, without the events that nothing explains: those are lines of the stream themselves. */
export const findingsByKey = (findings: readonly Finding[]): ReadonlyMap<string, Finding> => {
  const had = keyed.get(findings);
  if (had !== undefined) return had;
  const index = new Map(
    findings.filter((f) => f.subsystem !== 'alerts').map((f) => [f.key, f] as const),
  );
  keyed.set(findings, index);
  return index;
};

const stamped = new WeakMap<
  object,
  { readonly inputs: readonly unknown[]; readonly stamp: object }
>();

/** The same object as long as nothing but pods and findings has changed: what was found by names is found again. */
export const worldStamp = (world: AlertWorld): object => {
  const { pods: _, findings: __, etcd, ...rest } = world;
  const inputs = [...Object.values(rest), etcdMembers(etcd)];
  const had = stamped.get(world.nodes);
  if (had?.inputs.every((input, i) => input === inputs[i])) return had.stamp;
  const stamp = {};
  stamped.set(world.nodes, { inputs, stamp });
  return stamp;
};
