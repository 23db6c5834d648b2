import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { bool, metadata, msg, msgs, quantityMap, type Read, str, time } from '../kernel/shape.ts';
import { conditionSchema, conditions } from './condition.ts';
import { deletingSince, meta, metaSchema, noStrings } from './meta.ts';
import { nodeChange } from './node-change.ts';
import { objectProbe } from './object-probe.ts';
import { bytesOf, countOf, cpuOf } from './quantity.ts';
import { bytesSchema, countSchema, epochSchema, milliCpuSchema, type Parsed } from './schema.ts';

const sized = ['cpu', 'memory', 'pods'] as const;

const fields = {
  metadata,
  spec: msg(2, {
    unschedulable: bool(4),
    taints: msgs(5, { key: str(1), value: str(2), effect: str(3) }),
  }),
  status: msg(3, {
    capacity: quantityMap(1, sized),
    allocatable: quantityMap(2, sized),
    conditions: msgs(4, {
      type: str(1),
      status: str(2),
      lastTransitionTime: time(4),
      reason: str(5),
      message: str(6),
    }),
    addresses: msgs(5, { type: str(1), address: str(2) }),
    nodeInfo: msg(7, {
      bootID: str(3),
      kernelVersion: str(4),
      osImage: str(5),
      containerRuntimeVersion: str(6),
      kubeletVersion: str(7),
      architecture: str(10),
    }),
  }),
} as const;

const roomSchema = z.object({ cpu: milliCpuSchema, memory: bytesSchema, pods: countSchema });

export const nodeSchema = metaSchema.extend({
  roles: z.array(z.string()),
  unschedulable: z.boolean(),
  taints: z.array(z.object({ key: z.string(), value: z.string(), effect: z.string() })),
  /** Without the heartbeat times: those change every few seconds and say nothing. */
  conditions: z.array(conditionSchema),
  bootId: z.string(),
  kubelet: z.string(),
  os: z.string(),
  kernel: z.string(),
  runtime: z.string(),
  architecture: z.string(),
  internalIp: z.string(),
  capacity: roomSchema,
  allocatable: roomSchema,
  deleting: epochSchema.nullable(),
});
export type Node = Parsed<typeof nodeSchema>;

const rolePrefix = 'node-role.kubernetes.io/';

const rolesOf = (labels: Readonly<Record<string, string>>): readonly string[] => {
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === 'kubernetes.io/role' ? value : [];
  });
  return roles.length === 0 ? noStrings : [...new Set(roles.filter((r) => r !== ''))].sort();
};

const room = (of: Readonly<Record<string, string>> = {}): Node['capacity'] => ({
  cpu: cpuOf(of.cpu),
  memory: bytesOf(of.memory),
  pods: countOf(of.pods),
});

const slim = ({ metadata: m, spec = {}, status = {} }: Read<typeof fields>): Node => {
  const base = meta(m);
  const info = status.nodeInfo ?? {};
  return {
    ...base,
    roles: rolesOf(base.labels),
    unschedulable: spec.unschedulable ?? false,
    taints: (spec.taints ?? []).map(({ key = '', value = '', effect = '' }) => ({
      key,
      value,
      effect,
    })),
    conditions: conditions(status.conditions),
    bootId: info.bootID ?? '',
    kubelet: info.kubeletVersion ?? '',
    os: info.osImage ?? '',
    kernel: info.kernelVersion ?? '',
    runtime: info.containerRuntimeVersion ?? '',
    architecture: info.architecture ?? '',
    internalIp: status.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '',
    capacity: room(status.capacity),
    allocatable: room(status.allocatable),
    deleting: deletingSince(m),
  };
};

export const nodeKind: ObjectKind<Node, typeof fields> = {
  ref: { group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false },
  fields,
  slim,
  schema: nodeSchema,
  change: nodeChange,
};

export const nodes = objectProbe<Node>(nodeKind);
