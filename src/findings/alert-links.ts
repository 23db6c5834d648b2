import type { SourceAlert } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import { sameData } from '../kernel/same-data.ts';
import type { Pod } from '../probes/pods.ts';
import { etcdLinkOf, isEtcdAlert } from './alert-etcd-link.ts';
import { objectsOf, type Target, targetText } from './alert-place.ts';
import { readingOf } from './alert-reading.ts';
import type { StreamItem } from './alert-stream.ts';
import { type AlertWorld, findingsByKey } from './alert-world.ts';
import { aboutKey } from './alerts-about.ts';
import type { Finding } from './finding.ts';
import { nodeKey } from './node-key.ts';
import { topKey } from './owner.ts';
import { isSystem } from './rank.ts';

/** What an alert is about, in the world. */
export interface AlertLink extends Pick<StreamItem, 'object' | 'member' | 'about' | 'subject'> {
  /** What a person would call it: the workload of a pod, else the object itself; null when nothing is found. */
  readonly top: Target | null;
  readonly topText: string;
  /** Pods that it should have, where it is a workload; else 1. */
  readonly replicas: number;
  /** In a namespace that all others lean on. */
  readonly system: boolean;
  /** It is about etcd, on which everything leans. */
  readonly etcd: boolean;
  /** Under which a finding about the same thing may stand, the nearest first. */
  readonly findingKeys: readonly string[];
}

/** Under which key a finding about an object stands. */
const keyOfFinding = ({ resource, namespace, name }: Target): string => {
  if (resource === 'nodes') return nodeKey(name);
  if (resource === 'persistentvolumeclaims') return `claim/${namespace}/${name}`;
  if (resource === 'services') return `service/${namespace}/${name}`;
  return topKey({ resource, namespace, name, known: true });
};

/** Alerts about the control plane name its parts by the scrape. */
const controlPlaneKeys: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^KubeAPI|^apiserver$|^kube-apiserver$/i, ['api/link', 'api/readyz', 'api/livez']],
  [/^KubeScheduler|^kube-scheduler$/i, ['api/kube-scheduler']],
  [/^KubeControllerManager|^kube-controller-manager$/i, ['api/kube-controller-manager']],
];

const findingKeys = (
  { labels }: SourceAlert,
  objects: readonly Target[],
  cluster: string | null,
): readonly string[] => {
  const own = objects.map(keyOfFinding);
  const etcd = cluster === null ? [] : [`etcd/${cluster}`];
  const words = [labelOf(labels, 'alertname'), labelOf(labels, 'job')].map((w) => w.slice(0, 200));
  const parts = controlPlaneKeys.flatMap(([pattern, keys]) =>
    words.some((w) => pattern.test(w)) ? keys : [],
  );
  return isEtcdAlert(labels) ? [...etcd, ...own, ...parts] : [...own, ...etcd, ...parts];
};

const replicasOf = (top: Target | null, world: AlertWorld): number => {
  switch (top?.resource) {
    case 'deployments':
    case 'statefulsets':
    case 'daemonsets':
    case 'replicasets':
      return world[top.resource].get(`${top.namespace}/${top.name}`)?.desired ?? 1;
    default:
      return 1;
  }
};

const spaceOf = (top: Target | null, { labels }: SourceAlert): string => {
  if (top === null) return labelOf(labels, 'namespace');
  return top.resource === 'namespaces' ? top.name : top.namespace;
};

const link = (alert: SourceAlert, world: AlertWorld): AlertLink => {
  const { labels } = alert;
  const { subject } = readingOf(alert);
  const etcd = etcdLinkOf(labels, world.etcd);
  const objects = objectsOf(labels, subject, world);
  const object = objects[0] ?? null;
  const top = objects.at(-1) ?? null;
  const member = etcd?.member == null ? null : { cluster: etcd.cluster, member: etcd.member };
  const text = subject?.text ?? '';
  return {
    object,
    subject: object === null ? (member?.member ?? text) : targetText(object),
    about: objects.map(aboutKey),
    member,
    top,
    topText: top === null ? '' : targetText(top),
    replicas: replicasOf(top, world),
    system: isSystem(spaceOf(top, alert)),
    etcd: etcd !== null || isEtcdAlert(labels),
    findingKeys: findingKeys(alert, objects, etcd?.cluster ?? null),
  };
};

/** The one pod that matters to what an alert is about, whether it is there or not; '' where none does, null where any may. */
export const podKeyOf = (alert: SourceAlert): string | null => {
  const { subject } = readingOf(alert);
  switch (subject?.resource) {
    case 'pods':
      return `${subject.namespace}/${subject.name}`;
    // An address may be that of any pod.
    case null:
    case 'namespaces':
    case 'services':
      return null;
    default:
      return '';
  }
};

interface Remembered {
  /** Of all but the pods, which come and go by the second. */
  readonly stamp: object;
  /** See `podKeyOf`; `pod` is that pod as it was. */
  readonly podKey: string | null;
  readonly pod: Pod | undefined;
  readonly pods: object;
  readonly link: AlertLink;
}
const links = new WeakMap<SourceAlert, Remembered>();

const holds = (had: Remembered, world: AlertWorld, stamp: object): boolean =>
  had.stamp === stamp &&
  (had.pods === world.pods || (had.podKey !== null && world.pods.get(had.podKey) === had.pod));

/** Remembered by alert, as long as nothing that it rests on is another. `stamp`: of the world, made once for all. */
export const linkOf = (alert: SourceAlert, world: AlertWorld, stamp: object): AlertLink => {
  const had = links.get(alert);
  if (had !== undefined && holds(had, world, stamp)) return had.link;
  const found = link(alert, world);
  // Nearly always what has changed is nothing that is said of it here.
  const made = had !== undefined && sameData(had.link, found) ? had.link : found;
  const podKey = podKeyOf(alert);
  const pod = podKey === null ? undefined : world.pods.get(podKey);
  links.set(alert, { stamp, podKey, pod, pods: world.pods, link: made });
  return made;
};

/** The finding about the same thing, or about what owns it. */
export const findingOf = ({ findingKeys: keys }: AlertLink, world: AlertWorld): Finding | null => {
  const findings = findingsByKey(world.findings);
  if (findings.size === 0) return null;
  for (const key of keys) {
    const found = findings.get(key);
    if (found !== undefined) return found;
  }
  return null;
};
