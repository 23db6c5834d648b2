import type { Finding } from './finding.ts';

/** Namespaces whose pods everything else leans on. */
export const isSystem = (namespace: string): boolean =>
  /^(kube-system|kube-public|kube-node-lease|openshift-.*|.*-(operator|system))$/.test(namespace);

/**
 * How much it hurts: what is lost, up to twice when nothing of it is left, three times in system namespaces.
 * Twelve of twelve lost weigh 24, one of twelve about 1, a single pod that was all there was 2.
 */
export const weigh = (lost: number, want: number, namespace: string): number => {
  if (lost <= 0) return 0;
  const share = want <= 0 ? 1 : Math.min(1, lost / want);
  return lost * (1 + share) * (isSystem(namespace) ? 3 : 1);
};

/** Half of what should be there is gone, or all of it. */
export const isOutage = (have: number, want: number): boolean => want > 0 && have * 2 <= want;

/** Weights within a factor of two are equals: one pod more or less must not move a line under the reader's eye. */
const step = (weight: number): number => Math.floor(Math.log2(Math.max(1, weight)));

/** A folded warning event, as opposed to an alert that somebody has written a rule for. */
export const isEvent = (f: Finding): boolean =>
  f.subsystem === 'alerts' && !f.key.startsWith('alert/');

/** Events by themselves come last: they tell of something that may well be over. */
const place = (f: Finding): number => (isEvent(f) ? 2 : f.tone === 'bad' ? 0 : 1);

/**
 * Worst first. Among equals the younger one: what began last is what somebody was woken for, and what began long
 * ago has been lived with. The key decides the rest, so that the order is the same every time.
 */
const compare = (a: Finding, b: Finding): number =>
  place(a) - place(b) ||
  step(b.weight) - step(a.weight) ||
  b.since - a.since ||
  (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** In the order of the screen: each finding with a proven cause after that cause, whatever its own weight. */
export const rank = (findings: readonly Finding[]): readonly Finding[] => {
  const keys = new Set(findings.map((f) => f.key));
  const isRoot = (f: Finding): boolean => f.under === null || !keys.has(f.under);
  const children = Map.groupBy(
    findings.filter((f) => !isRoot(f)),
    (f) => f.under,
  );
  const withChildren = (f: Finding): readonly Finding[] => [
    f,
    ...(children.get(f.key) ?? []).toSorted(compare).flatMap(withChildren),
  ];
  return findings.filter(isRoot).sort(compare).flatMap(withChildren);
};
