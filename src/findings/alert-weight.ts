import type { Labels } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import type { AlertLink } from './alert-links.ts';
import type { Severity, StreamItem } from './alert-stream.ts';
import { type AlertWorld, podCounts } from './alert-world.ts';
import { isSystem } from './rank.ts';

const severityWeights: Readonly<Record<Severity, number>> = {
  critical: 4,
  warning: 1,
  info: 0.2,
  none: 0.05,
};

/** As many pods as findings about etcd count for: everything leans on it. */
const etcdBlast = 10_000;
/** Of a namespace nobody says which part is meant. */
const namespaceShare = 0.1;

const replicasOf = (link: AlertLink, world: AlertWorld): number => {
  const top = link.top;
  if (top === null) return 1;
  const key = `${top.namespace}/${top.name}`;
  switch (top.resource) {
    case 'deployments':
    case 'statefulsets':
    case 'daemonsets':
    case 'replicasets':
      return world[top.resource].get(key)?.desired ?? 1;
    case 'nodes':
      return podCounts(world.pods).byNode.get(top.name) ?? 1;
    case 'namespaces':
      return (podCounts(world.pods).byNamespace.get(top.name) ?? 1) * namespaceShare;
    default:
      return 1;
  }
};

/** How much hangs on what an alert is about, in pods. */
const blastOf = (labels: Labels, link: AlertLink, world: AlertWorld): number => {
  if (link.etcd) return Math.max(etcdBlast, link.finding?.weight ?? 0);
  const namespace = link.top === null ? labelOf(labels, 'namespace') : link.top.namespace;
  const space = link.top?.resource === 'namespaces' ? link.top.name : namespace;
  const pods = Math.max(1, replicasOf(link, world)) * (isSystem(space) ? 3 : 1);
  return Math.max(pods, link.finding?.weight ?? 0);
};

/** Severity times blast radius. No clock in it: an order must not change because time passes. */
export const weightOf = (
  severity: Severity,
  labels: Labels,
  link: AlertLink,
  world: AlertWorld,
): number => severityWeights[severity] * blastOf(labels, link, world);

const places = { firing: 0, own: 1, pending: 2, event: 3, suppressed: 4, resolved: 5 } as const;

export const placeOf = ({ kind, state }: Pick<StreamItem, 'kind' | 'state'>): number =>
  kind === 'event'
    ? places.event
    : kind === 'own' && state === 'firing'
      ? places.own
      : places[state];

/** Weights within a factor of two are equals, and of equals the younger comes first: it is what somebody was woken for. */
const step = (weight: number): number => Math.floor(Math.log2(Math.max(weight, 1e-6)));

interface Ranked {
  readonly item: StreamItem;
  readonly place: number;
  readonly step: number;
}

const compare = (a: Ranked, b: Ranked): number => {
  const first = a.place - b.place;
  if (first !== 0) return first;
  if (a.place === places.resolved) {
    const later = (b.item.resolvedAt ?? 0) - (a.item.resolvedAt ?? 0);
    if (later !== 0) return later;
  }
  return (
    b.step - a.step ||
    b.item.since - a.item.since ||
    (a.item.key < b.item.key ? -1 : a.item.key > b.item.key ? 1 : 0)
  );
};

/** In the order of the screen; the same items in the same order every time, however they came in. */
export const rankItems = (items: readonly StreamItem[]): readonly StreamItem[] =>
  items
    .map((item): Ranked => ({ item, place: placeOf(item), step: step(item.weight) }))
    .sort(compare)
    .map(({ item }) => item);
