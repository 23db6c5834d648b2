import { describe, expect, it } from 'vitest';
import { cronPeriod } from '../../src/findings/cron-period.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import { hours, minutes } from '../../src/kernel/units.ts';
import { cronJob, job } from '../support/more-objects.ts';
import {
  ago,
  condition,
  container,
  crashing,
  day,
  event,
  hour,
  node,
  now,
  owner,
  pod,
} from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const nodes = [node('worker-1')];
const said = (f: Finding): string =>
  `${f.tone} ${f.title}: ${f.reason}${f.under === null ? '' : ` (under ${f.under})`}`;
const allSaid = (listed: Listed, states: Readonly<Record<string, unknown>> = {}) =>
  health(worldOf({ nodes, ...listed }, {}, states), now).findings.map(said);

const failed = (seconds: number, reason = 'BackoffLimitExceeded') =>
  condition('Failed', 'True', seconds, reason, 'Job has reached the specified backoff limit');
const done = condition('Complete', 'True', 60);
const ofCron = { owner: owner('CronJob', 'backup') };

describe('jobs', () => {
  it.each<[string, Listed, readonly string[]]>([
    [
      'a job that gave up, with what its last pod said',
      {
        jobs: [job('migrate', { failed: 7, conditions: [failed(300)] })],
        pods: [
          pod('migrate-x', {
            owner: owner('Job', 'migrate'),
            phase: 'Failed',
            status: 'Error',
            ready: 0,
            containers: [
              container({
                state: 'terminated',
                ready: false,
                reason: 'Error',
                exitCode: 3,
                message: 'no table',
                finishedAt: ago(300),
              }),
            ],
          }),
        ],
      },
      ['warn payments/migrate: job failed: gave up after repeated failures, exit 3'],
    ],
    [
      'a job that failed two days ago',
      { jobs: [job('migrate', { conditions: [failed(2 * day)] })] },
      [],
    ],
    [
      'a cron job whose last run succeeded after one that failed',
      {
        cronjobs: [cronJob('backup')],
        jobs: [
          job('backup-1', { ...ofCron, created: ago(600), conditions: [failed(500)] }),
          job('backup-2', { ...ofCron, created: ago(300), conditions: [done] }),
        ],
      },
      [],
    ],
    [
      'a cron job whose last run failed',
      {
        cronjobs: [cronJob('backup')],
        jobs: [
          job('backup-1', { ...ofCron, created: ago(600), conditions: [done] }),
          job('backup-2', {
            ...ofCron,
            created: ago(300),
            conditions: [failed(200, 'DeadlineExceeded')],
          }),
        ],
      },
      ['warn payments/backup: job failed: took longer than its deadline'],
    ],
    [
      'a job whose pod crashes',
      {
        jobs: [job('migrate', { active: 1 })],
        pods: [crashing('migrate-x', '', { owner: owner('Job', 'migrate') })],
      },
      ['warn payments/migrate: CrashLoopBackOff, exit 1'],
    ],
    [
      'a job whose pods are refused',
      {
        jobs: [job('migrate')],
        events: [event('Job', 'migrate', 'FailedCreate', 'exceeded quota: small')],
      },
      ['warn payments/migrate: pods cannot be created: quota exceeded'],
    ],
    ['a cron job that runs on time', { cronjobs: [cronJob('backup')] }, []],
    [
      'one that was not run for an hour',
      { cronjobs: [cronJob('backup', { lastSchedule: ago(hour) })] },
      ['warn payments/backup: not run: schedule */5 * * * * was missed'],
    ],
    [
      'one that was not run for an hour and is suspended',
      { cronjobs: [cronJob('backup', { lastSchedule: ago(hour), suspended: true })] },
      [],
    ],
    [
      'one whose last run still goes on',
      { cronjobs: [cronJob('backup', { lastSchedule: ago(hour), active: 1 })] },
      [],
    ],
    [
      'one with a schedule that is not plain',
      { cronjobs: [cronJob('backup', { lastSchedule: ago(20 * day), schedule: '0 3 1 * *' })] },
      [],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(allSaid(listed)).toEqual(expected);
  });

  it.each([
    ['*/5 * * * *', minutes(5)],
    ['* * * * *', minutes(1)],
    ['17 * * * *', hours(1)],
    ['0,30 * * * *', hours(1)],
    ['0 */6 * * *', hours(6)],
    ['15 3 * * *', hours(24)],
    ['@daily', hours(24)],
    ['0 3 * * 1', null],
    ['0 9-17 * * *', null],
    ['nonsense', null],
  ])('given the schedule %s, then no two runs are further apart than %s', (schedule, expected) => {
    expect(cronPeriod(schedule)).toBe(expected);
  });
});
