import { describe, expect, it } from 'vitest';
import type { Pod } from '../../src/probes/pods.ts';
import {
  ago,
  condition,
  container,
  day,
  hour,
  minute,
  owner,
  pod,
  sickPod,
  waiting,
} from '../support/objects.ts';
import { said, stateOf } from '../support/pod-said.ts';

const pending = { phase: 'Pending', node: '' } as const;

describe('a pod that is well, or on its way, or over', () => {
  it.each<[string, Pod, string]>([
    ['runs and is ready', pod('a'), 'well'],
    ['has completed', pod('a', { phase: 'Succeeded', status: 'Completed', ready: 0 }), 'over'],
    ['is leaving within its grace', pod('a', { status: 'Terminating', deleting: ago(30) }), 'over'],
    [
      'restarted two hours ago, seven times',
      pod('a', {
        restarts: 7,
        lastRestart: ago(2 * hour),
        containers: [
          container({
            restarts: 7,
            last: { reason: 'Error', exitCode: 1, message: '', finishedAt: ago(2 * hour) },
          }),
        ],
      }),
      'well',
    ],
    [
      'restarted once at its start and is ready',
      pod('a', {
        restarts: 1,
        lastRestart: ago(3 * minute),
        containers: [
          container({
            restarts: 1,
            last: { reason: 'Error', exitCode: 1, message: '', finishedAt: ago(3 * minute) },
          }),
        ],
      }),
      'well',
    ],
    [
      'is a failed attempt of a job',
      pod('a', { phase: 'Failed', status: 'Error', ready: 0, owner: owner('Job', 'j') }),
      'over',
    ],
    [
      'is a job of two containers, one of which is done',
      pod('a', {
        status: 'NotReady',
        ready: 1,
        total: 2,
        owner: owner('Job', 'j'),
        containers: [
          container(),
          container({ name: 'done', ready: false, state: 'terminated', exitCode: 0 }),
        ],
        conditions: [condition('Ready', 'False', hour)],
      }),
      'well',
    ],
    [
      'waits for the scheduler for half a minute',
      sickPod('a', 'Pending', waiting(''), 30, { ...pending, created: ago(30) }),
      'starting',
    ],
    [
      'finds no node, since half a minute, and the scheduler says why',
      sickPod('a', 'Pending', waiting(''), 30, {
        ...pending,
        created: ago(30),
        conditions: [
          condition(
            'PodScheduled',
            'False',
            30,
            'Unschedulable',
            '0/3 nodes are available: 3 Insufficient cpu.',
          ),
        ],
      }),
      'starting: FailedScheduling: 0/3 nodes, 3 Insufficient cpu',
    ],
    [
      'creates its container for a minute and a half, with no event that says it fails',
      sickPod('a', 'ContainerCreating', waiting('ContainerCreating'), 90, { created: ago(90) }),
      'starting',
    ],
    [
      'runs, not ready yet, for 40 seconds',
      sickPod('a', 'Running', container({ ready: false, startedAt: ago(40) }), 40, {
        phase: 'Running',
        created: ago(50),
      }),
      'starting',
    ],
    [
      'crashed for the first time half a minute after it was made',
      sickPod(
        'a',
        'Error',
        container({ ready: false, state: 'terminated', reason: 'Error', exitCode: 1 }),
        10,
        { created: ago(30) },
      ),
      'starting',
    ],
    [
      'is held back by a scheduling gate for a day',
      sickPod('a', 'SchedulingGated', waiting(''), day, { ...pending, created: ago(day) }),
      'starting',
    ],
    [
      'was evicted two hours ago',
      pod('a', {
        phase: 'Failed',
        status: 'Evicted',
        reason: 'Evicted',
        ready: 0,
        owner: owner('ReplicaSet', 'r'),
        conditions: [condition('Ready', 'False', 2 * hour)],
      }),
      'over',
    ],
  ])('given one that %s', (_, p, expected) => {
    expect(said(p)).toBe(expected);
  });
});

describe('a pod in a crash loop that runs for a moment', () => {
  const again = (seconds: number, restarts: number, over: Partial<Pod> = {}): Pod =>
    pod('a', {
      restarts,
      lastRestart: ago(seconds),
      containers: [
        container({
          restarts,
          last: { reason: 'Error', exitCode: 1, message: 'no etcd', finishedAt: ago(seconds) },
        }),
      ],
      ...over,
    });

  it.each<[string, Pod, string]>([
    ['ended 20 seconds ago', again(20, 1), 'crash: CrashLoopBackOff, exit 1 | no etcd'],
    ['ended 20 seconds ago, just made', again(20, 1, { created: ago(50) }), 'starting'],
    [
      'ended two minutes ago, again and again',
      again(120, 5),
      'restarted: runs again, was at exit 1, restarts 5 | no etcd',
    ],
    ['ended two minutes ago, once', again(120, 1), 'well'],
  ])('given that it %s', (_, p, expected) => {
    expect(said(p)).toBe(expected);
  });

  it('given that it runs now, then it is still counted as one that does not serve', () => {
    expect(stateOf(again(20, 4))).toMatchObject({ kind: 'trouble', counted: true });
    expect(stateOf(again(120, 4))).toMatchObject({ kind: 'trouble', counted: false });
  });
});
