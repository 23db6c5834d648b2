import { hours, minutes } from '../kernel/units.ts';
import { conditionOf, conditionText } from '../probes/condition.ts';
import type { CronJob } from '../probes/cronjobs.ts';
import type { Job } from '../probes/jobs.ts';
import type { Census } from './census.ts';
import { containerProblem } from './container-problem.ts';
import { createRefusal } from './create-refusal.ts';
import { cronPeriod } from './cron-period.ts';
import { earliest, type Facts, proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';
import { type Top, titleOf, topKey, topObject } from './owner.ts';
import { summarise } from './pod-group.ts';
import { weigh } from './rank.ts';

/** A failed job stays in the cluster until somebody deletes it; after a day it is history. */
const failureMinded = hours(24);
/** A run may be late by what a restart of the controller manager takes. */
const lateAllowed = minutes(10);

/** Jobs that gave up or cannot get their work done, and cron jobs that were not run. Nothing serves by them: warnings. */
export const jobProblems = (facts: Facts, { groups }: Census): readonly Finding[] => {
  const found = new Map<string, Finding>();
  const keep = (finding: Finding | null) => {
    if (finding !== null && !found.has(finding.key)) found.set(finding.key, finding);
  };
  for (const job of latest(facts.jobs.values())) keep(jobFailed(job, facts));
  for (const { top, troubled } of groups.values()) {
    if (top.resource !== 'jobs' && top.resource !== 'cronjobs') continue;
    const counted = troubled.filter((t) => t.counted);
    if (counted.length > 0) keep(finding(top, summarise(counted), counted.length));
  }
  for (const job of facts.jobs.values()) {
    const wanted = { ...job, desired: 1, ready: job.active + job.succeeded + job.failed };
    const refusal = job.completed === null ? createRefusal('jobs', wanted, facts) : null;
    if (refusal !== null) keep(finding(topOfJob(job), { ...refusal, proof: [refusal.proof] }, 1));
  }
  for (const cron of facts.cronjobs.values()) keep(missed(cron, facts));
  return [...found.values()];
};

const topOfJob = (job: Job): Top => ({
  resource: job.owner?.kind === 'CronJob' ? 'cronjobs' : 'jobs',
  namespace: job.namespace,
  name: job.owner?.kind === 'CronJob' ? job.owner.name : job.name,
  known: true,
});

interface Said {
  readonly reason: string;
  readonly detail: string;
  readonly since: number;
  readonly proof: readonly Proof[];
}

const finding = (top: Top, said: Said, pods: number): Finding => ({
  key: topKey(top),
  subsystem: 'pods',
  tone: 'warn',
  title: titleOf(top),
  reason: said.reason,
  detail: said.detail,
  ready: null,
  weight: weigh(pods, pods, top.namespace),
  since: earliest([said.since]),
  object: topObject(top),
  proof: said.proof,
  under: null,
});

/** Of a cron job's runs only the last that has ended speaks: an earlier failure was made good, or was not the last. */
const latest = (jobs: Iterable<Job>): readonly Job[] => {
  const last = new Map<string, Job>();
  for (const job of jobs) {
    const ended = job.conditions.some(
      (c) => (c.type === 'Failed' || c.type === 'Complete') && c.status === 'True',
    );
    if (!ended) continue;
    const key = topKey(topOfJob(job));
    const had = last.get(key);
    if (had === undefined || had.created < job.created) last.set(key, job);
  }
  return [...last.values()];
};

const reasons: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: 'gave up after repeated failures',
  DeadlineExceeded: 'took longer than its deadline',
  PodFailurePolicy: 'its failure policy ended it',
  FailedIndexes: 'some of its indexes failed',
};

const jobFailed = (job: Job, facts: Facts): Finding | null => {
  const failed = conditionOf(job, 'Failed');
  if (failed?.status !== 'True' || facts.now - failed.since > failureMinded) return null;
  const words = reasons[failed.reason] ?? failed.reason;
  const end = lastEnd(job, facts);
  const pods = job.failed === 1 ? '1 pod failed' : `${job.failed} pods failed`;
  return finding(
    topOfJob(job),
    {
      reason: `job failed: ${words}${end === null ? '' : `, ${end.reason}`}`,
      detail: end === null || end.detail === '' ? failed.message : end.detail,
      since: failed.since,
      proof: [
        proofOf('jobs', `${job.name}: ${conditionText(failed)}; ${pods}`, failed.since),
        ...(end === null ? [] : [proofOf('pods', `${end.pod}: ${end.reason}`, end.at)]),
      ],
    },
    Math.max(1, job.failed),
  );
};

/** How the last failed pod of a job ended, when it is still there. */
const lastEnd = (job: Job, { pods }: Facts) => {
  let found: { pod: string; reason: string; detail: string; at: number } | null = null;
  for (const pod of pods.values()) {
    if (pod.phase !== 'Failed' || pod.owner?.name !== job.name) continue;
    if (pod.namespace !== job.namespace || pod.owner.kind !== 'Job') continue;
    for (const c of pod.containers) {
      const problem = containerProblem(c, []);
      const at = c.finishedAt ?? 0;
      if (problem === null || (found !== null && found.at >= at)) continue;
      found = { pod: pod.name, reason: problem.reason, detail: problem.detail, at };
    }
  }
  return found;
};

const missReasons = ['MissSchedule', 'TooManyMissedTimes', 'FailedNeedsStart', 'InvalidSchedule'];

const missed = (cron: CronJob, { now, eventsOf }: Facts): Finding | null => {
  // A run that still goes on may forbid the next one; that is the owner's choice.
  if (cron.suspended || cron.deleting !== null || cron.active > 0) return null;
  const event = eventsOf('CronJob', cron.namespace, cron.name).find(
    (e) => missReasons.includes(e.reason) && now - e.lastSeen < hours(1),
  );
  const last = cron.lastSchedule ?? cron.created;
  const period = cronPeriod(cron.schedule);
  const late = period !== null && now - last > 2 * period + lateAllowed;
  if (!late && (event === undefined || last > event.lastSeen)) return null;
  const top = { resource: 'cronjobs', namespace: cron.namespace, name: cron.name, known: true };
  const ran = cron.lastSchedule === null ? 'never run' : 'last run';
  return finding(
    top,
    {
      reason: `not run: schedule ${cron.schedule} was missed`,
      detail: event?.message ?? '',
      since: last,
      proof: [
        proofOf('cronjobs', `schedule ${cron.schedule}, ${ran}`, last),
        ...(event === undefined ? [] : [proofOf('events', event.message, event.lastSeen)]),
      ],
    },
    1,
  );
};
