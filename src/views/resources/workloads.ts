import { conditionOf } from '../../probes/condition.ts';
import { type DaemonSet, daemonsets } from '../../probes/daemonsets.ts';
import { deployments } from '../../probes/deployments.ts';
import { replicasets } from '../../probes/replicasets.ts';
import { statefulsets } from '../../probes/statefulsets.ts';
import type { Workload } from '../../probes/workload.ts';
import { selectorOf } from '../parts/label-selector.ts';
import type { Column, RowTone } from '../parts/table.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  namespaceColumn,
  podsOf,
} from './resource-table.ts';

const rollingOut = (w: Workload): boolean => w.observed < w.generation || w.updated < w.desired;

/** A replica set that stopped creating pods, or a rollout that ran out of time, will not mend itself. */
const stuck = (w: Workload): boolean =>
  conditionOf(w, 'ReplicaFailure')?.status === 'True' ||
  conditionOf(w, 'Progressing')?.status === 'False';

export const workloadTone = (w: Workload): RowTone => {
  if (w.deleting !== null) return 'progress';
  if (w.desired === 0) return w.ready > 0 ? 'progress' : 'muted';
  if (w.available >= w.desired && !rollingOut(w)) return stuck(w) ? 'warn' : 'good';
  if (stuck(w)) return w.available === 0 ? 'bad' : 'warn';
  if (rollingOut(w) && w.available > 0) return 'progress';
  return w.available === 0 ? 'bad' : 'warn';
};

/** What the controller says is wrong; '' while nothing is. */
export const workloadWhy = (w: Workload): string => {
  const tone = workloadTone(w);
  if (tone === 'good' || tone === 'muted') return w.paused ? 'paused' : '';
  const failure = conditionOf(w, 'ReplicaFailure');
  if (failure?.status === 'True') return failure.message || failure.reason;
  const progress = conditionOf(w, 'Progressing');
  if (progress?.status === 'False') return progress.message || progress.reason;
  if (w.paused) return 'paused';
  if (w.observed < w.generation) return 'the controller has not looked yet';
  if (w.updated < w.desired) return `rolling out, ${w.updated} of ${w.desired} updated`;
  const missing = w.desired - w.available;
  return missing > 0 ? `${missing} of ${w.desired} not available` : '';
};

const share = (have: number, want: number): number => (want === 0 ? 1 : have / want);

const number = (
  id: string,
  title: string,
  rank: number,
  of: (w: Workload) => number,
): Column<Workload> => ({
  id,
  title,
  align: 'right',
  min: title.length,
  max: 10,
  rank,
  sort: of,
  value: (w) => String(of(w)),
});

const ready: Column<Workload> = {
  id: 'ready',
  title: 'READY',
  min: 5,
  max: 11,
  rank: 0,
  sort: (w) => share(w.ready, w.desired),
  value: (w) => `${w.ready}/${w.desired}`,
};

const why: Column<Workload> = {
  id: 'why',
  title: 'WHY',
  min: 20,
  max: 90,
  rank: 2,
  flex: true,
  value: workloadWhy,
};

const ending: readonly Column<Workload>[] = [
  {
    id: 'images',
    title: 'IMAGES',
    min: 12,
    max: 60,
    rank: 30,
    wide: true,
    value: (w) => w.images.join(','),
  },
  {
    id: 'selector',
    title: 'SELECTOR',
    min: 12,
    max: 60,
    rank: 31,
    wide: true,
    value: (w) => selectorOf(w.selector),
  },
  ageColumn,
  why,
  labelsColumn,
];

const updated = number('updated', 'UP-TO-DATE', 4, (w) => w.updated);
const available = number('available', 'AVAILABLE', 3, (w) => w.available);

const rolled: readonly Column<Workload>[] = [
  namespaceColumn,
  nameColumn,
  ready,
  updated,
  available,
  ...ending,
];

export const deploymentTable: KindTable<Workload> = {
  ...fromProbe(deployments, 'deploy dp'),
  singular: 'deployment',
  columns: rolled,
  tone: workloadTone,
  open: podsOf('deployments'),
};

export const statefulSetTable: KindTable<Workload> = {
  ...fromProbe(statefulsets, 'sts'),
  singular: 'statefulset',
  columns: rolled,
  tone: workloadTone,
  open: podsOf('statefulsets'),
};

export const replicaSetTable: KindTable<Workload> = {
  ...fromProbe(replicasets, 'rs'),
  singular: 'replicaset',
  columns: [
    namespaceColumn,
    nameColumn,
    ready,
    available,
    {
      id: 'owner',
      title: 'OWNER',
      min: 6,
      max: 40,
      rank: 5,
      value: (w) => w.owner?.name ?? '',
    },
    number('revision', 'REVISION', 6, (w) => Number(w.revision) || 0),
    ...ending,
  ],
  tone: workloadTone,
  open: podsOf('replicasets'),
};

const daemonTone = (d: DaemonSet): RowTone => {
  const tone = workloadTone(d);
  return tone === 'good' && d.misscheduled > 0 ? 'warn' : tone;
};

const daemonWhy = (d: DaemonSet): string =>
  workloadWhy(d) ||
  (d.misscheduled > 0 ? `${d.misscheduled} on nodes where they should not be` : '');

export const daemonSetTable: KindTable<DaemonSet> = {
  ...fromProbe(daemonsets, 'ds'),
  singular: 'daemonset',
  columns: [
    namespaceColumn,
    nameColumn,
    ready,
    updated,
    available,
    ...ending.map((c): Column<DaemonSet> => (c.id === 'why' ? { ...why, value: daemonWhy } : c)),
  ],
  tone: daemonTone,
  open: podsOf('daemonsets'),
};
