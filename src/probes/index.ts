import type { AnyKind } from '../kernel/kind.ts';
import type { AnyProbe } from '../kernel/probe.ts';
import { cronJobKind, cronjobs } from './cronjobs.ts';
import { crdKind, customresourcedefinitions } from './customresourcedefinitions.ts';
import { daemonSetKind, daemonsets } from './daemonsets.ts';
import { deploymentKind, deployments } from './deployments.ts';
import { endpointSliceKind, endpointslices } from './endpointslices.ts';
import { eventKind, events } from './events.ts';
import { jobKind, jobs } from './jobs.ts';
import { leaseKind, leases } from './leases.ts';
import { namespaceKind, namespaces } from './namespaces.ts';
import { nodeKind, nodes } from './nodes.ts';
import { claimKind, persistentvolumeclaims } from './persistentvolumeclaims.ts';
import { podKind, pods } from './pods.ts';
import { replicaSetKind, replicasets } from './replicasets.ts';
import { serviceKind, services } from './services.ts';
import { statefulSetKind, statefulsets } from './statefulsets.ts';

/** Built-in kinds that are watched, in the order in which they are asked for. */
export const objectKinds: readonly AnyKind[] = [
  nodeKind,
  podKind,
  eventKind,
  namespaceKind,
  deploymentKind,
  statefulSetKind,
  daemonSetKind,
  replicaSetKind,
  jobKind,
  cronJobKind,
  serviceKind,
  endpointSliceKind,
  claimKind,
  leaseKind,
  crdKind,
];

/** By the plural name in the path, which is also the id of the kind's probe. */
export const kindByResource: ReadonlyMap<string, AnyKind> = new Map(
  objectKinds.map((kind) => [kind.ref.resource, kind]),
);

/** The probe of every kind in `objectKinds`, in the same order. */
export const objectProbes: readonly AnyProbe[] = [
  nodes,
  pods,
  events,
  namespaces,
  deployments,
  statefulsets,
  daemonsets,
  replicasets,
  jobs,
  cronjobs,
  services,
  endpointslices,
  persistentvolumeclaims,
  leases,
  customresourcedefinitions,
];
