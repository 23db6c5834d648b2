import type { ObjectKind } from '../kernel/kind.ts';
import { int, msg, type Read } from '../kernel/shape.ts';
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
import { workloadChange } from './workload-change.ts';

const fields = {
  metadata: rolledMetadata,
  spec: msg(2, { replicas: int(1), selector: selectorField(2), template: templateField(3) }),
  status: msg(3, {
    observedGeneration: int(1),
    readyReplicas: int(3),
    updatedReplicas: int(5),
    conditions: appsConditions(10),
    availableReplicas: int(11),
  }),
} as const;

export const statefulSetSchema = workloadSchema;
export type StatefulSet = Workload;

const slim = ({ metadata, spec = {}, status = {} }: Read<typeof fields>): StatefulSet => {
  const desired = spec.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  return {
    ...workloadBase(metadata, spec.selector, spec.template),
    desired,
    ready: status.readyReplicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    available,
    unavailable: Math.max(0, desired - available),
    observed: status.observedGeneration ?? 0,
    paused: false,
    conditions: conditions(status.conditions),
  };
};

export const statefulSetKind: ObjectKind<StatefulSet, typeof fields> = {
  ref: {
    group: 'apps',
    version: 'v1',
    resource: 'statefulsets',
    kind: 'StatefulSet',
    namespaced: true,
  },
  fields,
  slim,
  schema: statefulSetSchema,
  change: workloadChange('stateful set'),
};

export const statefulsets = objectProbe<StatefulSet>(statefulSetKind);
