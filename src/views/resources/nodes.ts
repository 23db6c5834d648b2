import { sliceOf, type World } from '../../kernel/world.ts';
import { conditionOf, conditionText } from '../../probes/condition.ts';
import { type Node, nodes } from '../../probes/nodes.ts';
import { pods } from '../../probes/pods.ts';
import type { Column, RowTone } from '../parts/table.ts';
import { byteSize, cpuText } from '../parts/words.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  podsOf,
} from './resource-table.ts';
import { usageColumns } from './usage.ts';

/** Conditions that are a fault when they hold, but for `Ready`. */
const pressures = (node: Node): readonly string[] =>
  node.conditions.filter((c) => c.type !== 'Ready' && c.status === 'True').map((c) => c.type);

const isReady = (node: Node): boolean => conditionOf(node, 'Ready')?.status === 'True';

/** The STATUS column of kubectl, with the conditions that are a fault. */
export const nodeStatus = (node: Node): string => {
  const ready = conditionOf(node, 'Ready');
  const parts = [
    ready === undefined || ready.status === 'Unknown'
      ? 'Unknown'
      : isReady(node)
        ? 'Ready'
        : 'NotReady',
    ...(node.unschedulable ? ['SchedulingDisabled'] : []),
    ...pressures(node),
  ];
  // kubectl calls it NotReady too when the kubelet is silent; both words are what people look for.
  return parts.join(',').replace(/^Unknown/, 'NotReady');
};

export const nodeTone = (node: Node): RowTone => {
  if (node.deleting !== null) return 'progress';
  if (!isReady(node)) return 'bad';
  if (pressures(node).length > 0) return 'warn';
  return node.unschedulable ? 'muted' : 'good';
};

/** What the node or the node controller says is wrong; '' while nothing is. */
export const nodeWhy = (node: Node): string => {
  const ready = conditionOf(node, 'Ready');
  if (ready === undefined) return 'its kubelet has not reported yet';
  if (ready.status !== 'True') return conditionText(ready);
  const pressed = node.conditions.find((c) => c.type !== 'Ready' && c.status === 'True');
  return pressed === undefined ? '' : conditionText(pressed);
};

const counts = new WeakMap<object, ReadonlyMap<string, number>>();

/** Pods per node that have not ended; counted once per state of the pods. */
const podsPerNode = (world: World): ReadonlyMap<string, number> => {
  const { state } = sliceOf(world, pods);
  const known = counts.get(state);
  if (known !== undefined) return known;
  const found = new Map<string, number>();
  for (const pod of state.values()) {
    if (pod.node === '' || pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    found.set(pod.node, (found.get(pod.node) ?? 0) + 1);
  }
  counts.set(state, found);
  return found;
};

const podCount = (node: Node, world: World): number => podsPerNode(world).get(node.name) ?? 0;

const columns: readonly Column<Node>[] = [
  nameColumn,
  {
    id: 'status',
    title: 'STATUS',
    min: 8,
    max: 40,
    rank: 0,
    sort: (n) => `${isReady(n) ? 1 : 0}${nodeStatus(n)}`,
    value: nodeStatus,
  },
  {
    id: 'roles',
    title: 'ROLES',
    min: 5,
    max: 24,
    rank: 3,
    value: (n) => n.roles.join(',') || '<none>',
  },
  {
    id: 'taints',
    title: 'TAINTS',
    align: 'right',
    min: 6,
    max: 6,
    rank: 7,
    sort: (n) => -n.taints.length,
    largestFirst: true,
    value: (n) => String(n.taints.length),
  },
  { id: 'version', title: 'VERSION', min: 7, max: 18, rank: 4, value: (n) => n.kubelet },
  { id: 'ip', title: 'INTERNAL-IP', min: 7, max: 39, rank: 8, value: (n) => n.internalIp },
  {
    id: 'cpus',
    title: 'CPUS',
    align: 'right',
    min: 4,
    max: 6,
    rank: 30,
    wide: true,
    sort: (n) => -n.allocatable.cpu,
    largestFirst: true,
    value: (n) => cpuText(n.allocatable.cpu),
  },
  {
    id: 'room',
    title: 'ALLOCATABLE',
    align: 'right',
    min: 8,
    max: 11,
    rank: 31,
    wide: true,
    sort: (n) => -n.allocatable.memory,
    largestFirst: true,
    value: (n) => byteSize(n.allocatable.memory),
  },
  { id: 'kernel', title: 'KERNEL', min: 6, max: 24, rank: 33, wide: true, value: (n) => n.kernel },
  { id: 'os', title: 'OS', min: 6, max: 30, rank: 34, wide: true, value: (n) => n.os },
  {
    id: 'runtime',
    title: 'RUNTIME',
    min: 7,
    max: 24,
    rank: 32,
    wide: true,
    value: (n) => n.runtime,
  },
  {
    id: 'pods',
    title: 'PODS',
    align: 'right',
    min: 7,
    max: 7,
    rank: 2,
    volatile: true,
    from: (world) => sliceOf(world, pods).state,
    largestFirst: true,
    sort: (n, { world }) => -podCount(n, world),
    value: (n, { world }) =>
      `${podCount(n, world)}${n.allocatable.pods === 0 ? '' : `/${n.allocatable.pods}`}`,
  },
  ...usageColumns<Node>(
    'nodes',
    'A',
    (n) => n.allocatable,
    (n) => n.allocatable,
  ),
  ageColumn,
  { id: 'why', title: 'WHY', min: 20, max: 90, rank: 2, flex: true, value: nodeWhy },
  labelsColumn,
];

export const nodeTable: KindTable<Node> = {
  ...fromProbe(nodes, 'no'),
  singular: 'node',
  columns,
  tone: nodeTone,
  open: podsOf('nodes'),
};
