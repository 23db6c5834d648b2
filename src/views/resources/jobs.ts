import { conditionOf, conditionText, isTrue } from '../../probes/condition.ts';
import { type CronJob, cronjobs } from '../../probes/cronjobs.ts';
import { type Job, jobs } from '../../probes/jobs.ts';
import type { Column, RowTone } from '../parts/table.ts';
import { age, ageOf } from '../parts/words.ts';
import {
  ageColumn,
  fromProbe,
  type KindTable,
  labelsColumn,
  nameColumn,
  namespaceColumn,
  podsOf,
} from './resource-table.ts';

/** The STATUS column of kubectl. */
export const jobStatus = (job: Job): string => {
  if (job.deleting !== null) return 'Terminating';
  if (isTrue(job, 'Failed')) return 'Failed';
  if (isTrue(job, 'Complete')) return 'Complete';
  if (job.suspended) return 'Suspended';
  if (isTrue(job, 'FailureTarget')) return 'FailureTarget';
  return 'Running';
};

export const jobTone = (job: Job): RowTone => {
  if (job.deleting !== null) return 'progress';
  if (isTrue(job, 'Failed')) return 'bad';
  if (isTrue(job, 'Complete') || job.suspended) return 'muted';
  return job.failed > 0 ? 'warn' : 'progress';
};

export const jobWhy = (job: Job): string => {
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True') return conditionText(failed);
  return job.failed > 0 && !isTrue(job, 'Complete')
    ? `${job.failed} failed, ${job.backoffLimit} may`
    : '';
};

const jobColumns: readonly Column<Job>[] = [
  namespaceColumn,
  nameColumn,
  { id: 'status', title: 'STATUS', min: 8, max: 13, rank: 0, value: jobStatus },
  {
    id: 'ready',
    title: 'COMPLETIONS',
    min: 5,
    max: 11,
    rank: 2,
    sort: (j) => j.succeeded / Math.max(1, j.completions),
    value: (j) => `${j.succeeded}/${j.completions === 0 ? `1 of ${j.parallelism}` : j.completions}`,
  },
  {
    id: 'restarts',
    title: 'FAILED',
    align: 'right',
    min: 6,
    max: 6,
    rank: 4,
    largestFirst: true,
    sort: (j) => -j.failed,
    value: (j) => String(j.failed),
  },
  {
    id: 'duration',
    title: 'DURATION',
    align: 'right',
    min: 8,
    max: 8,
    rank: 3,
    volatile: true,
    value: (j, { now }) => (j.started === null ? '' : age((j.completed ?? now) - j.started)),
  },
  ageColumn,
  { id: 'why', title: 'WHY', min: 20, max: 90, rank: 2, flex: true, value: jobWhy },
  labelsColumn,
];

export const jobTable: KindTable<Job> = {
  ...fromProbe(jobs, ''),
  singular: 'job',
  columns: jobColumns,
  tone: jobTone,
  open: podsOf('jobs'),
};

const cronColumns: readonly Column<CronJob>[] = [
  namespaceColumn,
  nameColumn,
  { id: 'schedule', title: 'SCHEDULE', min: 9, max: 30, rank: 0, value: (c) => c.schedule },
  { id: 'zone', title: 'TIMEZONE', min: 4, max: 20, rank: 6, value: (c) => c.timeZone },
  {
    id: 'status',
    title: 'SUSPEND',
    min: 7,
    max: 7,
    rank: 2,
    value: (c) => (c.suspended ? 'yes' : 'no'),
  },
  {
    id: 'active',
    title: 'ACTIVE',
    align: 'right',
    min: 6,
    max: 6,
    rank: 3,
    largestFirst: true,
    sort: (c) => -c.active,
    value: (c) => String(c.active),
  },
  {
    id: 'last',
    title: 'LAST',
    align: 'right',
    min: 4,
    max: 5,
    rank: 1,
    volatile: true,
    sort: (c) => -(c.lastSchedule ?? 0),
    value: (c, { now }) => ageOf(c.lastSchedule ?? 0, now),
  },
  {
    id: 'success',
    title: 'LAST OK',
    align: 'right',
    min: 7,
    max: 7,
    rank: 4,
    volatile: true,
    sort: (c) => -(c.lastSuccess ?? 0),
    value: (c, { now }) => ageOf(c.lastSuccess ?? 0, now),
  },
  ageColumn,
  labelsColumn,
];

export const cronJobTable: KindTable<CronJob> = {
  ...fromProbe(cronjobs, 'cj'),
  singular: 'cronjob',
  columns: cronColumns,
  tone: (c) => {
    if (c.deleting !== null) return 'progress';
    if (c.suspended) return 'muted';
    return c.active > 0 ? 'progress' : 'good';
  },
  open: podsOf('cronjobs'),
};
