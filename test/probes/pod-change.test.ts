import { describe, expect, it } from 'vitest';
import type { ReadPod } from '../../src/probes/pod-fields.ts';
import { type Pod, podKind } from '../../src/probes/pods.ts';
import { called, slimmed } from './objects.ts';

type State = NonNullable<
  NonNullable<NonNullable<ReadPod['status']>['containerStatuses']>[number]['state']
>;

const running: State = { running: { startedAt: 1000 } };
const waiting = (reason: string, message = ''): State => ({ waiting: { reason, message } });
const ended = (exitCode: number, reason = 'Error', message = ''): State => ({
  terminated: { exitCode, reason, message },
});

interface Options {
  readonly phase?: string;
  readonly restarts?: number;
  readonly last?: State;
  readonly ready?: boolean;
  readonly status?: object;
  readonly metadata?: object;
  readonly spec?: object;
}

/** A pod of one container in the given state. */
const pod = (state: State, options: Options = {}): Pod => {
  const ready = options.ready ?? state.running !== undefined;
  return slimmed(podKind, {
    metadata: options.metadata ?? {},
    spec: { nodeName: 'node-3', containers: [{ name: 'main' }], ...options.spec },
    status: {
      phase: options.phase ?? (state.running ? 'Running' : 'Pending'),
      containerStatuses: [
        {
          name: 'main',
          state,
          ready,
          restartCount: options.restarts ?? 0,
          ...(options.last && { lastState: options.last }),
        },
      ],
      ...options.status,
    },
  });
};

const up = pod(running);
const pending = slimmed(podKind, { spec: { containers: [{}] }, status: { phase: 'Pending' } });
const creating = pod(waiting('ContainerCreating'));
const crashed = pod(waiting('CrashLoopBackOff', 'back-off 10s'), { restarts: 3 });
const condition = (type: string, status: string, reason: string, message: string) => ({
  status: { conditions: [{ type, status, reason, message }] },
});

describe('what happened to a pod', () => {
  it.each<[string, Pod | undefined, Pod | undefined, string | null]>([
    ['nothing', up, up, null],
    ['created', undefined, pending, 'info: created'],
    ['deleted', up, undefined, 'info: deleted, was Running on node-3'],
    ['deleted before it ran', pending, undefined, 'info: deleted, was Pending'],
    ['replaced', up, pod(running, { metadata: { uid: 'uid-2' } }), 'info: replaced, was Running'],
    ['on its way', pending, creating, null],
    ['up, not ready yet', creating, pod(running, { ready: false }), null],
    ['ready', pod(running, { ready: false }), up, 'good: ready'],
    ['up and ready at once', creating, up, 'good: ready'],
    [
      'restarted',
      pod(running, { restarts: 3 }),
      pod(running, { restarts: 4, last: ended(1, 'Error', 'no such table') }),
      'bad: restarts 3 → 4, exit 1: no such table',
    ],
    [
      'killed for memory and restarted',
      pod(running, { restarts: 3 }),
      pod(running, { restarts: 4, last: ended(137, 'OOMKilled') }),
      'bad: restarts 3 → 4, exit 137 (OOMKilled)',
    ],
    [
      'ended well and restarted',
      pod(running),
      pod(running, { restarts: 1, last: ended(0, 'Completed') }),
      'warn: restarts 0 → 1, exit 0',
    ],
    [
      'restarted, and waits now',
      pod(running, { restarts: 2 }),
      pod(waiting('CrashLoopBackOff', 'back-off 10s'), {
        restarts: 3,
        last: ended(2),
        phase: 'Running',
      }),
      'bad: restarts 2 → 3, exit 2, Running → CrashLoopBackOff',
    ],
    [
      'crashing',
      up,
      pod(waiting('CrashLoopBackOff', 'back-off 10s'), { phase: 'Running' }),
      'bad: Running → CrashLoopBackOff: back-off 10s',
    ],
    [
      'failed',
      up,
      pod(ended(1, 'Error', 'no such table')),
      'bad: Running → Error: exit 1: no such table',
    ],
    ['killed for memory', up, pod(ended(137, 'OOMKilled')), 'bad: Running → OOMKilled: exit 137'],
    [
      'cannot pull',
      creating,
      pod(waiting('ErrImagePull', 'not found: nosuch:1')),
      'bad: ContainerCreating → ErrImagePull: not found: nosuch:1',
    ],
    [
      'pulled again in vain',
      pod(waiting('ImagePullBackOff', 'Back-off pulling')),
      pod(waiting('ErrImagePull', 'not found: nosuch:1')),
      null,
    ],
    ['recovered', crashed, pod(running, { restarts: 3 }), 'good: CrashLoopBackOff → Running'],
    [
      'completed',
      up,
      pod(ended(0, 'Completed'), { phase: 'Succeeded' }),
      'good: Running → Completed',
    ],
    [
      'killed while it is terminating',
      pod(running, { metadata: { deletionTimestamp: 5000 } }),
      pod(ended(137), { phase: 'Failed', metadata: { deletionTimestamp: 5000 } }),
      null,
    ],
    [
      'terminating',
      up,
      pod(running, { metadata: { deletionTimestamp: 5000 } }),
      'info: terminating',
    ],
    [
      'evicted',
      up,
      pod({}, { phase: 'Failed', status: { reason: 'Evicted', message: 'low on memory' } }),
      'bad: Running → Evicted: low on memory',
    ],
    [
      'no longer ready',
      up,
      pod(running, {
        ready: false,
        ...condition('Ready', 'False', 'ContainersNotReady', 'unready: [main]'),
      }),
      'warn: not ready, 0 of 1 containers: unready: [main]',
    ],
    [
      'fits nowhere',
      pending,
      slimmed(podKind, {
        spec: { containers: [{}] },
        status: {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/11 nodes',
            },
          ],
        },
      }),
      'warn: cannot be scheduled: 0/11 nodes',
    ],
    [
      'to be disrupted',
      up,
      pod(running, condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI', 'evicting')),
      'warn: is to be disrupted: evicting',
    ],
    [
      'still to be disrupted, in other words',
      pod(running, condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI', 'evicting')),
      pod(running, condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI', 'evicting it')),
      null,
    ],
    [
      'being debugged',
      up,
      pod(running, {
        spec: {
          containers: [{ name: 'main' }],
          ephemeralContainers: [{ ephemeralContainerCommon: { name: 'debugger' } }],
        },
      }),
      'info: debug container debugger added',
    ],
  ])('given a pod that is %s, when told, then it is one line', (_, before, after, line) => {
    expect(called(podKind, before, after)).toBe(line);
  });

  it('given several containers, when one restarts, then it is named', () => {
    const two = (restarts: number) =>
      slimmed(podKind, {
        spec: { containers: [{ name: 'main' }, { name: 'proxy' }] },
        status: {
          phase: 'Running',
          containerStatuses: [
            { name: 'main', state: running, ready: true },
            {
              name: 'proxy',
              state: running,
              ready: true,
              restartCount: restarts,
              lastState: ended(1),
            },
          ],
        },
      });
    expect(called(podKind, two(1), two(2))).toBe('bad: proxy restarts 1 → 2, exit 1');
  });
});
