import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import type { Pod } from '../../src/probes/pods.ts';
import type { Workload } from '../../src/probes/workload.ts';
import {
  ago,
  condition,
  container,
  crashing,
  event,
  hour,
  node,
  now,
  owner,
  pod,
  sickPod,
  waiting,
  workload,
} from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const seen = (listed: Listed) =>
  health(
    worldOf({ nodes: [node('worker-1'), node('worker-2'), node('worker-3')], ...listed }),
    now,
  );

/** `tone title have/want reason`, without nodes. */
const said = (f: Finding): string =>
  `${f.tone} ${f.title} ${f.ready === null ? '-' : `${f.ready.have}/${f.ready.want}`} ${f.reason}`;

const workloadsSaid = (listed: Listed): readonly string[] =>
  seen(listed)
    .findings.filter((f) => f.subsystem === 'pods')
    .map(said);

const under = (set: string, over: Partial<Pod> = {}): Partial<Pod> => ({
  owner: owner('ReplicaSet', set),
  ...over,
});

/** A deployment `gw` with its replica set, and the pods given. */
const gateway = (pods: readonly Pod[], over: Partial<Workload> = {}): Listed => ({
  deployments: [workload('gw', over)],
  replicasets: [workload('gw-1', { ...over, owner: owner('Deployment', 'gw'), conditions: [] })],
  pods,
});

const crashes = (n: number, message = 'no etcd'): readonly Pod[] =>
  Array.from({ length: n }, (_, i) => crashing(`gw-1-${i}`, message, under('gw-1')));

const wells = (n: number): readonly Pod[] =>
  Array.from({ length: n }, (_, i) => pod(`gw-1-w${i}`, under('gw-1')));

const unschedulable = (name: string, over: Partial<Pod> = {}): Pod =>
  sickPod(name, 'Pending', waiting(''), 300, {
    node: '',
    conditions: [
      condition(
        'PodScheduled',
        'False',
        300,
        'Unschedulable',
        '0/3 nodes are available: 3 Insufficient cpu.',
      ),
    ],
    ...over,
  });

const stuck = condition('Progressing', 'False', 60, 'ProgressDeadlineExceeded', 'has timed out');

describe('a workload that is broken', () => {
  it.each<[string, Listed, readonly string[]]>([
    [
      'none of its pods is well: one line, act now',
      gateway(crashes(12), { desired: 12, ready: 0 }),
      ['bad payments/gw 0/12 CrashLoopBackOff, exit 1'],
    ],
    [
      'one of twelve finds no node: look',
      gateway([...wells(11), unschedulable('gw-1-x', under('gw-1'))], { desired: 12, ready: 11 }),
      ['warn payments/gw 11/12 FailedScheduling: 0/3 nodes, 3 Insufficient cpu'],
    ],
    [
      'pods have different reasons: the most common, and how many say otherwise',
      gateway([...crashes(3), unschedulable('gw-1-x', under('gw-1'))], { desired: 4, ready: 0 }),
      ['bad payments/gw 0/4 CrashLoopBackOff, exit 1 (3 pods), 1 more otherwise'],
    ],
    [
      'a rollout that is stuck while the old pods serve: look',
      gateway([...wells(3), ...crashes(1)], {
        desired: 3,
        ready: 3,
        updated: 1,
        conditions: [stuck],
      }),
      ['warn payments/gw 3/3 rollout stuck: CrashLoopBackOff, exit 1'],
    ],
    [
      'a quota that lets no pod be created',
      gateway([], {
        desired: 2,
        ready: 0,
        conditions: [
          condition(
            'ReplicaFailure',
            'True',
            120,
            'FailedCreate',
            'pods "gw-1" is forbidden: exceeded quota: small',
          ),
        ],
      }),
      ['bad payments/gw 0/2 pods cannot be created: quota exceeded'],
    ],
    [
      'a stateful set whose pods the server refuses, by its events',
      {
        statefulsets: [workload('db', { desired: 3, ready: 1 })],
        pods: [pod('db-0', { owner: owner('StatefulSet', 'db') })],
        events: [
          event(
            'StatefulSet',
            'db',
            'FailedCreate',
            'create Pod db-1 failed: violates PodSecurity "restricted"',
          ),
        ],
      },
      ['bad payments/db 1/3 pods cannot be created: violates PodSecurity'],
    ],
    [
      'pods that nothing creates',
      {
        statefulsets: [workload('db', { desired: 3, ready: 2 })],
        pods: [0, 1].map((i) => pod(`db-${i}`, { owner: owner('StatefulSet', 'db') })),
      },
      ['warn payments/db 2/3 only 2 of 3 pods exist, nothing creates the rest'],
    ],
    [
      'a crash loop that is ready for a moment: the count of the controller is not believed',
      gateway(
        [0, 1].map((i) =>
          pod(`gw-1-${i}`, {
            ...under('gw-1'),
            lastRestart: ago(20),
            containers: [
              container({
                restarts: 4,
                last: { reason: 'Error', exitCode: 1, message: '', finishedAt: ago(20) },
              }),
            ],
          }),
        ),
        { desired: 2, ready: 2 },
      ),
      ['bad payments/gw 0/2 CrashLoopBackOff, exit 1'],
    ],
    [
      'a bare pod',
      { pods: [crashing('alone')] },
      ['bad payments/alone 0/1 CrashLoopBackOff, exit 1'],
    ],
    [
      'a static pod',
      {
        pods: [
          crashing('etcd-cp-1', '', { owner: owner('Node', 'cp-1'), namespace: 'kube-system' }),
        ],
      },
      ['bad kube-system/etcd-cp-1 0/1 CrashLoopBackOff, exit 1'],
    ],
    [
      'pods of an owner that is not watched: of all that it has',
      {
        pods: [
          crashing('r-0', '', { owner: owner('Rollout', 'r') }),
          ...[1, 2].map((i) => pod(`r-${i}`, { owner: owner('Rollout', 'r') })),
        ],
      },
      ['warn payments/r 2/3 CrashLoopBackOff, exit 1'],
    ],
    [
      'a deployment whose replica sets may not be read, by the hash of its template',
      {
        deployments: [workload('gw', { desired: 2, ready: 0 })],
        pods: [1, 2].map((i) =>
          crashing(`gw-7d9f-${i}`, '', {
            ...under('gw-7d9f'),
            labels: { 'pod-template-hash': '7d9f' },
          }),
        ),
      },
      ['bad payments/gw 0/2 CrashLoopBackOff, exit 1'],
    ],
    [
      'evicted remains of a workload that is complete: look',
      gateway(
        [
          ...wells(2),
          pod('gw-1-e', {
            ...under('gw-1'),
            phase: 'Failed',
            status: 'Evicted',
            reason: 'Evicted',
            ready: 0,
            conditions: [condition('Ready', 'False', 600)],
          }),
        ],
        { desired: 2 },
      ),
      ['warn payments/gw 2/2 Evicted'],
    ],
    [
      'a bare pod that was evicted: nothing of it is ready',
      {
        pods: [
          pod('import', {
            phase: 'Failed',
            status: 'Evicted',
            reason: 'Evicted',
            ready: 0,
            conditions: [condition('Ready', 'False', 600)],
          }),
        ],
      },
      ['warn payments/import - Evicted'],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(workloadsSaid(listed)).toEqual(expected);
  });

  it('given pods with messages, then the most common one is the detail, verbatim', () => {
    const pods = [...crashes(2, 'connection refused'), crashing('gw-1-9', 'panic', under('gw-1'))];
    const [found] = seen(gateway(pods, { desired: 3, ready: 0 })).findings;
    expect(found?.detail).toBe('connection refused');
  });

  it('given many pods, then three are quoted and all are counted', () => {
    const [found] = seen(gateway(crashes(12), { desired: 12, ready: 0 })).findings;
    const quoted = found?.proof.filter((p) => p.source === 'pods').map((p) => p.text) ?? [];
    expect(quoted).toHaveLength(4);
    expect(quoted.at(-1)).toBe('12 pods of it are not well');
  });

  it('given that too few have been available for longer than the pods say, then it began then', () => {
    const available = condition('Available', 'False', hour, 'MinimumReplicasUnavailable');
    const [found] = seen(
      gateway(crashes(3), { desired: 3, ready: 0, conditions: [available] }),
    ).findings;
    expect(found?.since).toBe(ago(hour));
  });
});
