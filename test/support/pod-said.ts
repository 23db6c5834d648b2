import { factsOf, type Observed } from '../../src/findings/facts.ts';
import { type PodState, podState } from '../../src/findings/pod-problem.ts';
import type { Event } from '../../src/probes/events.ts';
import type { Node } from '../../src/probes/nodes.ts';
import type { Pod } from '../../src/probes/pods.ts';
import { now } from './objects.ts';
import { objectsOf } from './world-of.ts';

export const none: Observed = {
  pods: new Map(),
  nodes: new Map(),
  deployments: new Map(),
  replicasets: new Map(),
  statefulsets: new Map(),
  daemonsets: new Map(),
  jobs: new Map(),
  cronjobs: new Map(),
  services: new Map(),
  endpointslices: new Map(),
  persistentvolumeclaims: new Map(),
  leases: new Map(),
  events: new Map(),
};

export const stateOf = (
  p: Pod,
  events: readonly Event[] = [],
  nodes: readonly Node[] = [],
): PodState =>
  podState(p, factsOf({ ...none, events: objectsOf(events), nodes: objectsOf(nodes) }, now));

/** `kind: reason | detail`, or the state alone. */
export const said = (
  p: Pod,
  events: readonly Event[] = [],
  nodes: readonly Node[] = [],
): string => {
  const state = stateOf(p, events, nodes);
  if (state.kind === 'starting' && state.waits !== '') return `starting: ${state.waits}`;
  if (state.kind !== 'trouble') return state.kind;
  const { kind, reason, detail } = state.trouble;
  return `${kind}: ${reason}${detail === '' ? '' : ` | ${detail}`}`;
};
