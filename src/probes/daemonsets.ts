import type { ObjectKind } from '../kernel/kind.ts';
import { int, msg, type Read } from '../kernel/shape.ts';
import { conditions } from './condition.ts';
import { rolledMetadata } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, type Parsed } from './schema.ts';
import {
  appsConditions,
  selectorField,
  templateField,
  workloadBase,
  workloadSchema,
} from './workload.ts';
import { workloadChange } from './workload-change.ts';

const fields = {
  metadata: rolledMetadata,
  spec: msg(2, { selector: selectorField(1), template: templateField(2) }),
  status: msg(3, {
    numberMisscheduled: int(2),
    desiredNumberScheduled: int(3),
    numberReady: int(4),
    observedGeneration: int(5),
    updatedNumberScheduled: int(6),
    numberAvailable: int(7),
    numberUnavailable: int(8),
    conditions: appsConditions(10),
  }),
} as const;

export const daemonSetSchema = workloadSchema.extend({
  /** Pods on nodes where they should not run. */
  misscheduled: countSchema,
});
export type DaemonSet = Parsed<typeof daemonSetSchema>;

const slim = ({ metadata, spec = {}, status = {} }: Read<typeof fields>): DaemonSet => ({
  ...workloadBase(metadata, spec.selector, spec.template),
  desired: status.desiredNumberScheduled ?? 0,
  ready: status.numberReady ?? 0,
  updated: status.updatedNumberScheduled ?? 0,
  available: status.numberAvailable ?? 0,
  unavailable: status.numberUnavailable ?? 0,
  observed: status.observedGeneration ?? 0,
  paused: false,
  conditions: conditions(status.conditions),
  misscheduled: status.numberMisscheduled ?? 0,
});

export const daemonSetKind: ObjectKind<DaemonSet, typeof fields> = {
  ref: {
    group: 'apps',
    version: 'v1',
    resource: 'daemonsets',
    kind: 'DaemonSet',
    namespaced: true,
  },
  fields,
  slim,
  schema: daemonSetSchema,
  change: workloadChange('daemon set'),
};

export const daemonsets = objectProbe<DaemonSet>(daemonSetKind);
