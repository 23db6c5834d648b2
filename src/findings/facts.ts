import type { ProbeId } from '../kernel/fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { CronJob } from '../probes/cronjobs.ts';
import type { DaemonSet } from '../probes/daemonsets.ts';
import type { Deployment } from '../probes/deployments.ts';
import type { EndpointSlice } from '../probes/endpointslices.ts';
import type { Event } from '../probes/events.ts';
import type { Job } from '../probes/jobs.ts';
import type { Lease } from '../probes/leases.ts';
import type { Node } from '../probes/nodes.ts';
import type { Objects } from '../probes/object-probe.ts';
import type { PersistentVolumeClaim } from '../probes/persistentvolumeclaims.ts';
import type { Pod } from '../probes/pods.ts';
import type { ReplicaSet } from '../probes/replicasets.ts';
import type { Service } from '../probes/services.ts';
import type { StatefulSet } from '../probes/statefulsets.ts';
import type { Proof } from './finding.ts';

/** The objects that the rules read, all by `namespace/name`. */
export interface Observed {
  readonly pods: Objects<Pod>;
  readonly nodes: Objects<Node>;
  readonly deployments: Objects<Deployment>;
  readonly replicasets: Objects<ReplicaSet>;
  readonly statefulsets: Objects<StatefulSet>;
  readonly daemonsets: Objects<DaemonSet>;
  readonly jobs: Objects<Job>;
  readonly cronjobs: Objects<CronJob>;
  readonly services: Objects<Service>;
  readonly endpointslices: Objects<EndpointSlice>;
  readonly persistentvolumeclaims: Objects<PersistentVolumeClaim>;
  readonly leases: Objects<Lease>;
  readonly events: Objects<Event>;
}

/** Input of every rule. `now` is the time up to which the objects are known, so that old data do not grow worse. */
export interface Facts extends Observed {
  readonly now: EpochMs;
  /** Warning events about one object, newest first. */
  readonly eventsOf: (kind: string, namespace: string, name: string) => readonly Event[];
  /** Names of the nodes whose Ready condition is not True. */
  readonly downNodes: ReadonlySet<string>;
  /** All pods have been read at least once: only then does a missing one mean anything. */
  readonly podsKnown: boolean;
}

export const proofOf = (source: string, text: string, at: number): Proof => ({
  text,
  source: source as ProbeId,
  at: at as EpochMs,
});

/** The earliest time that is known; 0 when none is. */
export const earliest = (times: Iterable<number>): EpochMs => {
  let found = 0;
  for (const t of times) if (t > 0 && (found === 0 || t < found)) found = t;
  return found as EpochMs;
};

const none: readonly Event[] = [];
const indexes = new WeakMap<Objects<Event>, ReadonlyMap<string, readonly Event[]>>();

/** Events by the object they are about; made once for each state of the events. */
const indexEvents = (events: Objects<Event>): ReadonlyMap<string, readonly Event[]> => {
  const had = indexes.get(events);
  if (had !== undefined) return had;
  const index = new Map<string, Event[]>();
  for (const event of events.values()) {
    const { kind, namespace, name } = event.about;
    const key = `${kind}/${namespace}/${name}`;
    const list = index.get(key);
    if (list === undefined) index.set(key, [event]);
    else list.push(event);
  }
  for (const list of index.values()) list.sort((a, b) => b.lastSeen - a.lastSeen);
  indexes.set(events, index);
  return index;
};

export const factsOf = (observed: Observed, now: EpochMs, podsKnown = true): Facts => {
  const index = indexEvents(observed.events);
  const downNodes = new Set<string>();
  for (const node of observed.nodes.values()) {
    if (node.conditions.some((c) => c.type === 'Ready' && c.status !== 'True')) {
      downNodes.add(node.name);
    }
  }
  return {
    ...observed,
    now,
    downNodes,
    podsKnown,
    eventsOf: (kind, namespace, name) =>
      index.size === 0 ? none : (index.get(`${kind}/${namespace}/${name}`) ?? none),
  };
};
