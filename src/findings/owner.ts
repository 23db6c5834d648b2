import type { Owner } from '../probes/meta.ts';
import type { Pod } from '../probes/pods.ts';
import type { Observed } from './facts.ts';
import type { Finding } from './finding.ts';

/** What a person would call the thing that a pod belongs to. */
export interface Top {
  /** Lower-case plural; the kind as it is for kinds that are not watched here. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** False when it cannot be opened, because its resource name is not known. */
  readonly known: boolean;
}

export const topKey = (top: Top): string => `workload/${top.namespace}/${top.resource}/${top.name}`;

export const topObject = (top: Top): Finding['object'] =>
  top.known ? { resource: top.resource, namespace: top.namespace, name: top.name } : null;

/** `payments/gateway`; the namespace is left out where there is none. */
export const titleOf = (o: { readonly namespace: string; readonly name: string }): string =>
  o.namespace === '' ? o.name : `${o.namespace}/${o.name}`;

const plural: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  CronJob: 'cronjobs',
  ReplicaSet: 'replicasets',
  Job: 'jobs',
};

type Owners = Pick<Observed, 'replicasets' | 'jobs'>;

const byOwner = (owner: Owner, namespace: string, labels: Pod['labels'], all: Owners): Top => {
  const { kind, name } = owner;
  if (kind === 'ReplicaSet') {
    const set = all.replicasets.get(`${namespace}/${name}`);
    if (set?.owner) return byOwner(set.owner, namespace, labels, all);
    // When replica sets cannot be read, the template's hash in the label says which part of the name is not the deployment's.
    const hash = labels['pod-template-hash'];
    if (set === undefined && hash !== undefined && name.endsWith(`-${hash}`)) {
      const deployment = name.slice(0, -hash.length - 1);
      return { resource: 'deployments', namespace, name: deployment, known: true };
    }
  }
  if (kind === 'Job') {
    const job = all.jobs.get(`${namespace}/${name}`);
    if (job?.owner) return byOwner(job.owner, namespace, labels, all);
  }
  const resource = plural[kind];
  return { resource: resource ?? kind, namespace, name, known: resource !== undefined };
};

/** Top owner of a pod: its deployment, cron job, …; a bare pod, and a static one, is its own. */
export const topOf = (pod: Pod, all: Owners): Top =>
  pod.owner === null || pod.owner.kind === 'Node'
    ? { resource: 'pods', namespace: pod.namespace, name: pod.name, known: true }
    : byOwner(pod.owner, pod.namespace, pod.labels, all);

/** Top owner of any object that an event may be about. */
export const topOfObject = (
  kind: string,
  namespace: string,
  name: string,
  all: Owners & Pick<Observed, 'pods'>,
): Top => {
  if (kind === 'Pod') {
    const pod = all.pods.get(`${namespace}/${name}`);
    if (pod !== undefined) return topOf(pod, all);
    return { resource: 'pods', namespace, name, known: true };
  }
  const top = byOwner({ kind, name, uid: '' }, namespace, {}, all);
  if (top.known) return top;
  const resource = otherPlural[kind];
  return { resource: resource ?? kind, namespace, name, known: resource !== undefined };
};

const otherPlural: Readonly<Record<string, string>> = {
  Node: 'nodes',
  Service: 'services',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  Namespace: 'namespaces',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Ingress: 'ingresses',
  Endpoints: 'endpoints',
};
