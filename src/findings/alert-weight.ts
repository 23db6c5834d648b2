import type { AlertLink } from './alert-links.ts';
import type { Severity, StreamItem } from './alert-stream.ts';
import { type AlertWorld, podCounts } from './alert-world.ts';
import type { Finding } from './finding.ts';

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

/** Pods that hang on what an alert is about. Of nodes and namespaces they are counted, the others have told. */
const podsBehind = ({ top, replicas }: AlertLink, world: AlertWorld): number => {
  if (top?.resource === 'nodes') return podCounts(world.pods).byNode.get(top.name) ?? 1;
  if (top?.resource === 'namespaces')
    return (podCounts(world.pods).byNamespace.get(top.name) ?? 1) * namespaceShare;
  return replicas;
};

const blastOf = (link: AlertLink, finding: Finding | null, world: AlertWorld): number => {
  const lent = finding?.weight ?? 0;
  if (link.etcd) return Math.max(etcdBlast, lent);
  return Math.max(Math.max(1, podsBehind(link, world)) * (link.system ? 3 : 1), lent);
};

/**
 * Severity times blast radius, at least that of the finding about the same thing. No clock in it: an order must not
 * change because time passes.
 */
export const weightOf = (
  severity: Severity,
  link: AlertLink,
  finding: Finding | null,
  world: AlertWorld,
): number => severityWeights[severity] * blastOf(link, finding, world);

const places = { firing: 0, own: 1, pending: 2, event: 3, suppressed: 4, resolved: 5 } as const;

export const placeOf = ({ kind, state }: Pick<StreamItem, 'kind' | 'state'>): number =>
  kind === 'event'
    ? places.event
    : kind === 'own' && state === 'firing'
      ? places.own
      : places[state];

/** Weights within a factor of two are equals, and of equals the younger comes first: it is what somebody was woken for. */
const step = (weight: number): number => Math.floor(Math.log2(Math.max(weight, 1e-6)));

/** A line before it has its place. `top`: what a person would call the thing that it is about in the end, or ''. */
export interface Unranked {
  readonly item: StreamItem;
  readonly top: string;
}

/** A line that knows where it belongs. */
export interface Ranked extends Unranked {
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

export const placed = (item: StreamItem, top: string): Ranked => ({
  item,
  top,
  place: placeOf(item),
  step: step(item.weight),
});

/**
 * In the order of the screen; the same lines in the same order every time, however they came in. `before`: what was
 * answered last, which those that are still there need not be sorted into again.
 */
export const rankItems = (
  lines: readonly Ranked[],
  before: readonly Ranked[] = [],
): readonly Ranked[] => {
  const unseen = new Set(lines);
  const kept = before.filter((line) => unseen.delete(line));
  if (unseen.size === 0 && kept.length === before.length) return before;
  return [...kept, ...unseen].sort(compare);
};
