import type { ObjectKind } from '../kernel/kind.ts';
import { bool, int, msg, msgs, type Read, str, time } from '../kernel/shape.ts';
import { conditions } from './condition.ts';
import { rolledMetadata } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import {
  selectorField,
  templateField,
  type Workload,
  workloadBase,
  workloadSchema,
} from './workload.ts';
import { workloadChange } from './workload-change.ts';

const fields = {
  metadata: rolledMetadata,
  spec: msg(2, {
    replicas: int(1),
    selector: selectorField(2),
    template: templateField(3),
    paused: bool(7),
  }),
  status: msg(3, {
    observedGeneration: int(1),
    updatedReplicas: int(3),
    availableReplicas: int(4),
    unavailableReplicas: int(5),
    conditions: msgs(6, {
      type: str(1),
      status: str(2),
      reason: str(4),
      message: str(5),
      lastTransitionTime: time(7),
    }),
    readyReplicas: int(7),
  }),
} as const;

export const deploymentSchema = workloadSchema;
export type Deployment = Workload;

const slim = ({ metadata, spec = {}, status = {} }: Read<typeof fields>): Deployment => ({
  ...workloadBase(metadata, spec.selector, spec.template),
  desired: spec.replicas ?? 0,
  ready: status.readyReplicas ?? 0,
  updated: status.updatedReplicas ?? 0,
  available: status.availableReplicas ?? 0,
  unavailable: status.unavailableReplicas ?? 0,
  observed: status.observedGeneration ?? 0,
  paused: spec.paused ?? false,
  conditions: conditions(status.conditions),
});

export const deploymentKind: ObjectKind<Deployment, typeof fields> = {
  ref: {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    kind: 'Deployment',
    namespaced: true,
  },
  fields,
  slim,
  schema: deploymentSchema,
  change: workloadChange('deployment'),
};

export const deployments = objectProbe<Deployment>(deploymentKind);
