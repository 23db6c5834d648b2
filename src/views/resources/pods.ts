import type { Container } from '../../probes/pod-containers.ts';
import { type Pod, pods } from '../../probes/pods.ts';
import type { Column, RowTone } from '../parts/table.ts';
import { age, byteSize, cpuText } from '../parts/words.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  namespaceColumn,
} from './resource-table.ts';
import { usageColumns } from './usage.ts';

// Whatever the kubelet or the runtime calls it, these words are in the names of failures.
const failed = /BackOff|Err|Error|OOM|Invalid|Fail|Evicted|Cannot|Deadline|Signal|ExitCode/;
const waits =
  /^(?:ContainerCreating|PodInitializing|Pending|SchedulingGated|Init:\d+\/\d+|Terminating)$/;

export const podTone = (pod: Pod): RowTone => {
  if (failed.test(pod.status)) return 'bad';
  if (pod.status === 'Completed' || pod.status === 'Succeeded') return 'muted';
  if (pod.status === 'Unknown' || pod.status === 'NodeLost') return 'unknown';
  if (pod.conditions.some((c) => c.type === 'PodScheduled' && c.reason === 'Unschedulable')) {
    return 'warn';
  }
  if (waits.test(pod.status)) return 'progress';
  return pod.status === 'Running' && pod.ready >= pod.total ? 'good' : 'warn';
};

const endText = (c: Container): string => {
  const end = c.state === 'terminated' ? c : c.last;
  if (end === null || end.exitCode === null) return '';
  const why = end.reason === '' || end.reason === 'Error' ? '' : ` ${end.reason}`;
  return end.exitCode === 0 && why === ' Completed' ? '' : `exit ${end.exitCode}${why}`;
};

/** Why a container is not well: how it ended, then what was said about it. */
const containerWhy = (c: Container): string => {
  const said = c.last?.message || c.message;
  return [endText(c), said].filter((t) => t !== '').join(': ');
};

const isTroubled = (c: Container): boolean =>
  c.state === 'waiting' ||
  c.state === 'unknown' ||
  (c.state === 'terminated' && c.exitCode !== 0) ||
  (c.state === 'running' && !c.ready && c.kind !== 'init' && c.kind !== 'ephemeral');

/** The reason for the state of a pod that is not well, as its parts tell it; '' for one that is. */
export const podWhy = (pod: Pod): string => {
  if (podTone(pod) === 'good' || podTone(pod) === 'muted') return '';
  if (pod.message !== '') return pod.message;
  const unscheduled = pod.conditions.find((c) => c.type === 'PodScheduled');
  if (unscheduled !== undefined) return unscheduled.message || unscheduled.reason;
  for (const c of pod.containers) {
    if (!isTroubled(c)) continue;
    const why = containerWhy(c);
    if (why !== '') return pod.total > 1 ? `${c.name}: ${why}` : why;
  }
  const condition = pod.conditions.find((c) => c.message !== '' && c.type !== 'Ready');
  return condition?.message ?? '';
};

const sizes = (cpu: number, memory: number): string =>
  cpu + memory === 0
    ? ''
    : `${cpu === 0 ? '-' : cpuText(cpu)} ${memory === 0 ? '-' : byteSize(memory)}`;

const severity: Readonly<Record<RowTone, number>> = {
  bad: 0,
  warn: 1,
  unknown: 2,
  progress: 3,
  good: 4,
  info: 5,
  muted: 6,
};

const columns: readonly Column<Pod>[] = [
  namespaceColumn,
  nameColumn,
  {
    id: 'ready',
    title: 'READY',
    min: 5,
    max: 7,
    rank: 0,
    sort: (p) => (p.total === 0 ? 1 : p.ready / p.total),
    value: (p) => `${p.ready}/${p.total}`,
  },
  {
    id: 'status',
    title: 'STATUS',
    min: 7,
    max: 26,
    rank: 0,
    sort: (p) => `${severity[podTone(p)]}${p.status}`,
    value: (p) => p.status,
  },
  {
    id: 'node',
    title: 'NODE',
    min: 6,
    max: 40,
    rank: 4,
    value: (p) => p.node,
  },
  { id: 'ip', title: 'IP', min: 7, max: 39, rank: 8, value: (p) => p.ip },
  { id: 'qos', title: 'QOS', min: 10, max: 10, rank: 30, wide: true, value: (p) => p.qos },
  {
    id: 'requests',
    title: 'REQUESTS',
    align: 'right',
    min: 8,
    max: 18,
    rank: 31,
    wide: true,
    value: (p) => sizes(p.requests.cpu, p.requests.memory),
  },
  {
    id: 'limits',
    title: 'LIMITS',
    align: 'right',
    min: 8,
    max: 18,
    rank: 32,
    wide: true,
    value: (p) => sizes(p.limits.cpu, p.limits.memory),
  },
  {
    id: 'nominated',
    title: 'NOMINATED',
    min: 9,
    max: 30,
    rank: 40,
    wide: true,
    value: (p) => p.nominated,
  },
  {
    id: 'restarts',
    title: 'RESTARTS',
    align: 'right',
    min: 9,
    max: 9,
    rank: 2,
    volatile: true,
    largestFirst: true,
    sort: (p) => -p.restarts,
    value: (p, { now }) => {
      if (p.restarts === 0 || p.lastRestart === null) return String(p.restarts);
      const whole = `${p.restarts} (${age(now - p.lastRestart)})`;
      return whole.length <= 9 ? whole : String(p.restarts);
    },
  },
  ...usageColumns<Pod>(
    'pods',
    'R',
    (p) => p.requests,
    (p) => p.limits,
  ),
  ageColumn,
  { id: 'why', title: 'WHY', min: 14, max: 90, rank: 3, flex: true, value: podWhy },
  labelsColumn,
];

export const podTable: KindTable<Pod> = {
  ...fromProbe(pods, 'po'),
  singular: 'pod',
  columns,
  tone: podTone,
};
