import type { ObjectKind } from '../kernel/kind.ts';
import { int, msg, type Read } from '../kernel/shape.ts';
import { joinParts, type Part } from './change-parts.ts';
import { conditions } from './condition.ts';
import { rolledMetadata } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import {
  appsConditions,
  selectorField,
  templateField,
  type Workload,
  workloadBase,
  workloadSchema,
} from './workload.ts';
import { troubles, workloadChange } from './workload-change.ts';

const fields = {
  metadata: rolledMetadata,
  spec: msg(2, { replicas: int(1), selector: selectorField(2), template: templateField(3) }),
  status: msg(3, {
    replicas: int(1),
    observedGeneration: int(3),
    readyReplicas: int(4),
    availableReplicas: int(5),
    conditions: appsConditions(6),
  }),
} as const;

export const replicaSetSchema = workloadSchema;
export type ReplicaSet = Workload;

const slim = ({ metadata, spec = {}, status = {} }: Read<typeof fields>): ReplicaSet => {
  const desired = spec.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  return {
    ...workloadBase(metadata, spec.selector, spec.template),
    desired,
    ready: status.readyReplicas ?? 0,
    // A replica set has one template, so all its pods are of the newest.
    updated: status.replicas ?? 0,
    available,
    unavailable: Math.max(0, desired - available),
    observed: status.observedGeneration ?? 0,
    paused: false,
    conditions: conditions(status.conditions),
  };
};

const alone = workloadChange('replica set');

/** Of one that belongs to a deployment only the troubles are told: the rest is how the deployment rolls out. */
const change = (before: ReplicaSet | undefined, after: ReplicaSet | undefined): Part | null => {
  if ((after ?? before)?.owner == null) return alone(before, after);
  if (before === undefined || after === undefined) return null;
  return joinParts(troubles(before, after));
};

export const replicaSetKind: ObjectKind<ReplicaSet, typeof fields> = {
  ref: {
    group: 'apps',
    version: 'v1',
    resource: 'replicasets',
    kind: 'ReplicaSet',
    namespaced: true,
  },
  fields,
  slim,
  schema: replicaSetSchema,
  change,
};

export const replicasets = objectProbe<ReplicaSet>(replicaSetKind);
