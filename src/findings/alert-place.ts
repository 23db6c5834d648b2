import type { Labels } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import type { Subject } from '../probes/alert-subject.ts';
import type { Pod } from '../probes/pods.ts';
import { type AlertWorld, nodeByAddress, podCounts } from './alert-world.ts';
import type { Finding } from './finding.ts';
import { titleOf, topObject, topOf } from './owner.ts';

export type Target = NonNullable<Finding['object']>;

const workloads = [
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'cronjobs',
  'jobs',
  'services',
  'persistentvolumeclaims',
] as const;
type WorkloadResource = (typeof workloads)[number];

const isWorkload = (resource: string): resource is WorkloadResource =>
  (workloads as readonly string[]).includes(resource);

/** A pod that is gone, by how controllers name what they make; only where that one exists. */
const ownerOfGone = (namespace: string, name: string, world: AlertWorld): Target | null => {
  const tries = [
    ['deployments', /-[a-z0-9]{6,10}-[a-z0-9]{5}$/],
    ['daemonsets', /-[a-z0-9]{5}$/],
    ['statefulsets', /-\d{1,5}$/],
  ] as const;
  for (const [resource, tail] of tries) {
    const owner = name.replace(tail, '');
    if (owner !== name && world[resource].has(`${namespace}/${owner}`))
      return { resource, namespace, name: owner };
  }
  return null;
};

const nodeAt = (host: string, world: AlertWorld): Target | null => {
  const bare = host.replace(/^\[|\]$/g, '');
  const name = world.nodes.has(bare) ? bare : nodeByAddress(world.nodes).get(bare);
  return name === undefined ? null : { resource: 'nodes', namespace: '', name };
};

/** What is scraped at an address: a node, or a pod with an address of its own. */
const atInstance = (instance: string, world: AlertWorld): Target | null => {
  const host = instance.replace(/:\d{1,5}$/, '');
  const node = nodeAt(host, world);
  if (node !== null) return node;
  const pod = podCounts(world.pods).byAddress.get(host);
  return pod === undefined ? null : { resource: 'pods', namespace: pod.namespace, name: pod.name };
};

/** What its labels name, where that is in the world. */
const found = (subject: Subject, world: AlertWorld): Target | null => {
  const { resource, namespace, name } = subject;
  if (resource === null) return atInstance(name, world);
  const key = `${namespace}/${name}`;
  if (resource === 'pods') {
    return world.pods.has(key)
      ? { resource, namespace, name }
      : ownerOfGone(namespace, name, world);
  }
  if (resource === 'nodes') return nodeAt(name, world);
  if (resource === 'namespaces')
    return world.namespaces.has(name) ? { resource, namespace: '', name } : null;
  return isWorkload(resource) && world[resource].has(key) ? { resource, namespace, name } : null;
};

/** Tells of everything but itself: where it is scraped says nothing. */
const messenger = /kube-state-metrics/;

/** Where nothing but an address, a service or a namespace is named, the address leads to the thing itself. */
const objectOf = (subject: Subject | null, labels: Labels, world: AlertWorld): Target | null => {
  const told = messenger.test(labelOf(labels, 'job').slice(0, 200));
  const space = labelOf(labels, 'namespace');
  const within = told && subject?.resource === null && world.namespaces.has(space);
  if (within) return { resource: 'namespaces', namespace: '', name: space };
  const named = subject === null ? null : found(subject, world);
  const vague = named === null ? null : named.resource;
  if (subject === null || told || (vague !== 'namespaces' && vague !== 'services')) return named;
  const instance = labelOf(labels, 'instance');
  return (instance === '' ? null : atInstance(instance, world)) ?? named;
};

const ownersOf = (pod: Pod, world: AlertWorld): readonly Target[] => {
  const top = topObject(topOf(pod, world));
  const set: Target | null =
    pod.owner?.kind === 'ReplicaSet'
      ? { resource: 'replicasets', namespace: pod.namespace, name: pod.owner.name }
      : null;
  return [set, top].filter((o) => o !== null);
};

/** Owners above a workload: the deployment of a replica set, the cron job of a job. */
const above = (object: Target, world: AlertWorld): readonly Target[] => {
  const key = `${object.namespace}/${object.name}`;
  if (object.resource === 'pods') {
    const pod = world.pods.get(key);
    return pod === undefined ? [] : ownersOf(pod, world);
  }
  if (object.resource !== 'replicasets' && object.resource !== 'jobs') return [];
  const owner = world[object.resource].get(key)?.owner;
  const resource = owner?.kind === 'Deployment' ? 'deployments' : 'cronjobs';
  return owner == null || !/^(Deployment|CronJob)$/.test(owner.kind)
    ? []
    : [{ resource, namespace: object.namespace, name: owner.name }];
};

const prefixes: Readonly<Record<string, string>> = {
  nodes: 'node ',
  namespaces: 'namespace ',
  services: 'service ',
  persistentvolumeclaims: 'pvc ',
};

/** An object as people call it. */
export const targetText = (o: Target): string => `${prefixes[o.resource] ?? ''}${titleOf(o)}`;

/** What an alert is about in the world, and then what owns that, the outermost last; [] when nothing is found. */
export const objectsOf = (
  labels: Labels,
  subject: Subject | null,
  world: AlertWorld,
): readonly Target[] => {
  const object = objectOf(subject, labels, world);
  return object === null ? [] : [object, ...above(object, world)];
};
