import type { EpochMs } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { daemonsets } from '../probes/daemonsets.ts';
import { deployments } from '../probes/deployments.ts';
import { link } from '../probes/link.ts';
import { nodes } from '../probes/nodes.ts';
import { pods } from '../probes/pods.ts';
import { statefulsets } from '../probes/statefulsets.ts';
import type { EtcdReport } from './etcd-report.ts';
import { cutOff, type Trust, trustOf } from './trust.ts';

/** The evidence without which nothing can be called well, by what people call it. */
export type Evidence = readonly (readonly [name: string, trust: Trust])[];

/** Namespaces that the pods are read in, one by one; null where all of them are read at once. */
export const coverage = (world: World): readonly string[] | null => {
  const scopes = [...sliceOf(world, pods).scopes.keys()];
  return scopes.length === 0 || scopes.includes('') ? null : scopes.sort();
};

/** Who may only see namespaces is not asked about nodes: their rights do not end with a question mark for ever. */
export const evidenceOf = (world: World, now: EpochMs): Evidence => {
  const needed = [pods, deployments, statefulsets, daemonsets];
  const all = coverage(world) === null ? [nodes, ...needed] : needed;
  const connection = sliceOf(world, link).state;
  return all.map((probe) => [probe.title, cutOff(trustOf(world, probe, now), connection)]);
};

/** An etcd that is named or found, and that nobody here can ask. */
export interface Unasked {
  /** `etcd payments` */
  readonly what: string;
  readonly why: string;
}

/** What runs on an etcd may be well without us seeing it: that it is cannot be said. */
export const unaskedEtcd = (reports: readonly EtcdReport[]): readonly Unasked[] =>
  reports.flatMap(({ name, barred: why }) =>
    why === undefined ? [] : [{ what: `etcd ${name}`, why }],
  );

/** ` in payments`, ` in 3 namespaces`; nothing where everything is seen. */
export const withinText = (within: readonly string[] | null): string => {
  if (within === null) return '';
  return within.length === 1 ? ` in ${within[0]}` : ` in ${within.length} namespaces`;
};
