import { claimTable, definitionTable, leaseTable, namespaceTable } from './cluster.ts';
import { eventTable } from './events.ts';
import { cronJobTable, jobTable } from './jobs.ts';
import { nodeTable } from './nodes.ts';
import { podTable } from './pods.ts';
import type { AnyKindTable } from './resource-table.ts';
import { endpointSliceTable, serviceTable } from './services.ts';
import { daemonSetTable, deploymentTable, replicaSetTable, statefulSetTable } from './workloads.ts';

/** How the built-in kinds are listed, in the order in which command mode knows them. */
export const kindTables: readonly AnyKindTable[] = [
  podTable,
  nodeTable,
  namespaceTable,
  deploymentTable,
  statefulSetTable,
  daemonSetTable,
  replicaSetTable,
  jobTable,
  cronJobTable,
  serviceTable,
  endpointSliceTable,
  eventTable,
  claimTable,
  leaseTable,
  definitionTable,
];

export const kindTable: ReadonlyMap<string, AnyKindTable> = new Map(
  kindTables.map((table) => [table.resource, table]),
);
