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
import { said } from '../support/pod-said.ts';

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
