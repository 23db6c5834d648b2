import { describe, expect, it } from 'vitest';
import { cronPeriod } from '../../src/findings/cron-period.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import { hours, minutes } from '../../src/kernel/units.ts';
import { claim, cronJob, endpointSlice, job, lease, service } from '../support/more-objects.ts';
import {
  ago,
  condition,
  container,
  crashing,
  day,
  event,
  hour,
  minute,
  node,
  now,
  owner,
  pod,
  sickPod,
  waiting,
  workload,
} from '../support/objects.ts';
import { controlPlaneState, type Listed, linkState, worldOf } from '../support/world-of.ts';

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

const waitsForClaim = (name: string) =>
  sickPod(name, 'Pending', waiting(''), 300, {
    node: '',
    claims: ['data'],
    owner: owner('StatefulSet', 'db'),
    conditions: [
      condition(
        'PodScheduled',
        'False',
        300,
        'Unschedulable',
        '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
      ),
    ],
  });

describe('claims', () => {
  it.each<[string, Listed, readonly string[]]>([
    ['a claim that is bound', { persistentvolumeclaims: [claim('data')] }, []],
    [
      'one that waits for its first pod',
      { persistentvolumeclaims: [claim('data', { phase: 'Pending' })] },
      [],
    ],
    [
      'one that lost its volume',
      { persistentvolumeclaims: [claim('data', { phase: 'Lost' })] },
      ['bad claim payments/data: its volume pv-1 is gone'],
    ],
    [
      'one that the provisioner refuses',
      {
        persistentvolumeclaims: [claim('data', { phase: 'Pending' })],
        events: [
          event(
            'PersistentVolumeClaim',
            'data',
            'ProvisioningFailed',
            'storageclass "fast" not found',
          ),
        ],
      },
      ['warn claim payments/data: no volume: ProvisioningFailed, class fast'],
    ],
    [
      'one that holds up a stateful set: it is the cause',
      {
        persistentvolumeclaims: [claim('data', { phase: 'Pending', storageClass: '' })],
        statefulsets: [workload('db', { desired: 1, ready: 0 })],
        pods: [waitsForClaim('db-0')],
      },
      [
        'bad claim payments/data: no volume: still Pending, no storage class',
        'bad payments/db: volume claim not bound: data (under claim/payments/data)',
      ],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(allSaid(listed)).toEqual(expected);
  });
});

describe('services', () => {
  const gone = { service: [service('gw')], endpointslices: [endpointSlice('gw', 0, 2)] };
  const labels = { app: 'gw' };
  const two = (ready: number) => ({
    deployments: [workload('gw', { desired: 4, ready })],
    replicasets: [workload('gw-1', { desired: 4, ready, owner: owner('Deployment', 'gw') })],
  });
  const sick = [1, 2].map((i) =>
    crashing(`gw-1-${i}`, '', { labels, owner: owner('ReplicaSet', 'gw-1') }),
  );

  it('given one whose owner is down, then the owner says so', () => {
    const { findings } = health(
      worldOf({
        nodes,
        ...two(0),
        pods: sick,
        services: gone.service,
        endpointslices: gone.endpointslices,
      }),
      now,
    );
    expect(findings.map(said)).toEqual(['bad payments/gw: CrashLoopBackOff, exit 1']);
    expect(findings[0]?.proof.map((p) => p.text)).toContain('service gw has no ready endpoint');
  });

  it('given one that selects only what is broken of its owner, then it stands under it', () => {
    const listed = {
      ...two(2),
      pods: sick,
      services: gone.service,
      endpointslices: gone.endpointslices,
    };
    expect(allSaid(listed)).toEqual([
      'bad payments/gw: CrashLoopBackOff, exit 1',
      'bad service payments/gw: no ready endpoint (under workload/payments/deployments/gw)',
    ]);
  });

  it('given one without any pod, then nothing is said', () => {
    expect(
      allSaid({ services: gone.service, endpointslices: [endpointSlice('gw', 0, 0)] }),
    ).toEqual([]);
  });

  it('given one whose slices cannot be read, then nothing is said of it', () => {
    expect(allSaid({ ...two(2), pods: sick, services: gone.service })).toHaveLength(1);
  });
});

describe('the control plane', () => {
  it.each<[string, Listed, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'an etcd check of readyz fails: it is etcd that is broken',
      {},
      {
        'control-plane': controlPlaneState({
          etcd: 'reason withheld',
          'etcd-readiness': 'reason withheld',
        }),
      },
      ['bad etcd, as the API server sees it: readyz fails: etcd, etcd-readiness'],
    ],
    [
      'another check fails',
      {},
      { 'control-plane': controlPlaneState({ 'poststarthook/rbac': 'not finished' }) },
      ['bad API server: readyz fails: poststarthook/rbac'],
    ],
    [
      'the link is down',
      {},
      {
        link: linkState({
          state: 'unhealthy',
          since: ago(40),
          lastAnswer: ago(70),
          missed: 3,
          why: 'timeout',
        }),
      },
      ['bad API link: the API server does not answer us'],
    ],
    [
      'nobody renews the lease of the scheduler',
      {
        leases: [
          lease('kube-scheduler', 300, { namespace: 'kube-system' }),
          lease('kube-controller-manager', 10, { namespace: 'kube-system' }),
        ],
      },
      {},
      ['bad kube-scheduler: its lease is not renewed: no pod gets a node'],
    ],
    [
      'a lease was left behind a week ago',
      {
        leases: [
          lease('kube-scheduler', 7 * day, { namespace: 'kube-system' }),
          lease('worker-1', 10),
        ],
      },
      {},
      [],
    ],
    [
      'our clock is ten minutes ahead, as the link has measured',
      { leases: [lease('kube-scheduler', 620, { namespace: 'kube-system' })] },
      { link: linkState({ serverSkew: -minutes(10) as ReturnType<typeof minutes> }) },
      [],
    ],
  ])('given that %s', (_, listed, states, expected) => {
    expect(allSaid(listed, states)).toEqual(expected);
  });
});

describe('warning events', () => {
  const scaler = (name: string, over = {}) =>
    event('HorizontalPodAutoscaler', name, 'FailedGetResourceMetric', 'no metrics', {
      count: 40,
      ...over,
    });

  it.each<[string, Listed, readonly string[]]>([
    [
      'events that nothing explains, folded',
      { events: [scaler('gw')] },
      ['warn payments/gw: FailedGetResourceMetric x40'],
    ],
    [
      'events that are half an hour old',
      { events: [scaler('gw', { lastSeen: ago(40 * minute) })] },
      [],
    ],
    [
      'events about a workload that is broken: they are explained',
      {
        deployments: [workload('gw', { desired: 1, ready: 0 })],
        replicasets: [workload('gw-1', { owner: owner('Deployment', 'gw') })],
        pods: [crashing('gw-1-1', '', { owner: owner('ReplicaSet', 'gw-1') })],
        events: [event('Pod', 'gw-1-1', 'BackOff', 'Back-off restarting failed container')],
      },
      ['bad payments/gw: CrashLoopBackOff, exit 1'],
    ],
    [
      'events about a pod that is gone',
      { events: [event('Pod', 'gw-1-1', 'Unhealthy', 'Readiness probe failed')] },
      [],
    ],
    [
      'a single failed probe of a pod that is well',
      {
        pods: [pod('a')],
        events: [event('Pod', 'a', 'Unhealthy', 'Readiness probe failed', { count: 1 })],
      },
      [],
    ],
    [
      'a probe of a pod that is well and fails again and again',
      {
        pods: [pod('a')],
        events: [event('Pod', 'a', 'Unhealthy', 'Readiness probe failed', { count: 50 })],
      },
      ['warn payments/a: Unhealthy x50'],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(allSaid(listed)).toEqual(expected);
  });

  it('given the same reason about several pods of one owner, then one line counts them', () => {
    const pods = [1, 2, 3].map((i) => pod(`db-${i}`, { owner: owner('StatefulSet', 'db') }));
    const events = pods.map((p) =>
      event('Pod', p.name, 'DNSConfigForming', 'too many search paths', { count: 10 }),
    );
    expect(allSaid({ pods, events })).toEqual([
      'warn payments/db: DNSConfigForming x30 on 3 objects',
    ]);
  });
});
