import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { type Condition, condition, conditionSchema } from './condition.ts';
import {
  brief,
  deletingSince,
  epochOrNull,
  meta,
  metaSchema,
  noStrings,
  ownerOf,
  ownerSchema,
} from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { podChange } from './pod-change.ts';
import { containerSchema, containersOf } from './pod-containers.ts';
import { podDebugOf, podDebugSchema } from './pod-debug.ts';
import { podFields, type ReadPod, type ReadPodSpec, type ReadPodStatus } from './pod-fields.ts';
import { podResources, resourcesSchema } from './pod-resources.ts';
import { podColumns } from './pod-status.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

export const podSchema = metaSchema.extend({
  owner: ownerSchema.nullable(),
  /** '' until it is scheduled. */
  node: z.string(),
  ip: z.string(),
  hostNetwork: z.boolean(),
  qos: z.string(),
  priorityClass: z.string(),
  phase: z.string(),
  /** The STATUS column of kubectl: `CrashLoopBackOff`, `Init:0/2`, `Terminating`, … */
  status: z.string(),
  /** Containers that are ready, and that count: main ones and sidecars. */
  ready: countSchema,
  total: countSchema,
  /** The RESTARTS column of kubectl. */
  restarts: countSchema,
  lastRestart: epochSchema.nullable(),
  containers: z.array(containerSchema),
  /** Only those that are not as they should be: `PodScheduled` False, `DisruptionTarget` True. */
  conditions: z.array(conditionSchema),
  /** Of the pod as a whole, e.g. `Evicted` and why. */
  reason: z.string(),
  message: z.string(),
  requests: resourcesSchema,
  limits: resourcesSchema,
  deleting: epochSchema.nullable(),
  /** Names of the volume claims it mounts. */
  claims: z.array(z.string()),
  /** Node that it may preempt others on; '' mostly. */
  nominated: z.string(),
  /** Conditions that must hold, besides the containers, for it to be ready. */
  readinessGates: z.array(z.string()),
  /** Only of a pod that somebody debugs, and not in recordings of versions that did not look at it. */
  debug: podDebugSchema.optional(),
});
export type Pod = Parsed<typeof podSchema>;

/** Conditions that are a fault when they are true; all others are one when they are not. */
const faults = new Set(['DisruptionTarget', 'PodResizePending', 'PodResizeInProgress']);

const noConditions: readonly Condition[] = [];

const faultsOf = (status: ReadPodStatus): readonly Condition[] => {
  const found = (status.conditions ?? []).filter(
    (c) => (c.status === 'True') === faults.has(c.type ?? ''),
  );
  return found.length === 0 ? noConditions : found.map(condition);
};

const claimsOf = (spec: ReadPodSpec): readonly string[] => {
  const names = (spec.volumes ?? []).flatMap(
    (v) => v.volumeSource?.persistentVolumeClaim?.claimName ?? [],
  );
  return names.length === 0 ? noStrings : names;
};

const gatesOf = (spec: ReadPodSpec): readonly string[] =>
  spec.readinessGates === undefined
    ? noStrings
    : spec.readinessGates.flatMap((gate) => gate.conditionType ?? []);

const slim = (pod: ReadPod): Pod => {
  const { metadata, spec = {}, status = {} } = pod;
  const columns = podColumns(pod);
  const debug = podDebugOf(pod);
  return {
    ...meta(metadata),
    owner: ownerOf(metadata),
    node: spec.nodeName ?? '',
    ip: status.podIP ?? '',
    hostNetwork: spec.hostNetwork ?? false,
    qos: status.qosClass ?? '',
    priorityClass: spec.priorityClassName ?? '',
    phase: status.phase ?? '',
    ...columns,
    lastRestart: epochOrNull(columns.lastRestart),
    containers: containersOf(pod),
    conditions: faultsOf(status),
    reason: status.reason ?? '',
    message: brief(status.message),
    requests: podResources(spec, 'requests'),
    limits: podResources(spec, 'limits'),
    deleting: deletingSince(metadata),
    claims: claimsOf(spec),
    nominated: status.nominatedNodeName ?? '',
    readinessGates: gatesOf(spec),
    ...(debug === undefined ? {} : { debug }),
  };
};

export const podKind: ObjectKind<Pod, typeof podFields> = {
  ref: { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true },
  fields: podFields,
  slim,
  schema: podSchema,
  change: podChange,
};

export const pods = objectProbe<Pod>(podKind);
