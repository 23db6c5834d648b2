import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/probes/events.ts';
import type { Pod } from '../../src/probes/pods.ts';
import {
  ago,
  condition,
  container,
  crashing,
  downNode,
  event,
  hour,
  minute,
  pod,
  sickPod,
  waiting,
} from '../support/objects.ts';
import { said, stateOf } from '../support/pod-said.ts';

const pending = { phase: 'Pending', node: '' } as const;
const etcdDown = 'failed to connect to etcd: context deadline exceeded';

describe('why a pod is not well', () => {
  it.each<[string, Pod, readonly Event[], string]>([
    [
      'crashes with a message',
      crashing('a', etcdDown),
      [],
      `crash: CrashLoopBackOff, exit 1 | ${etcdDown}`,
    ],
    [
      'crashes with a signal',
      crashing('a', '', {}, { exitCode: 139 }),
      [],
      'crash: CrashLoopBackOff, exit 139 (SIGSEGV, segmentation fault)',
    ],
    [
      'has no such command',
      crashing('a', '', {}, { exitCode: 127 }),
      [],
      'crash: CrashLoopBackOff, exit 127 (command not found)',
    ],
    [
      'may not execute its command',
      crashing('a', '', {}, { exitCode: 126 }),
      [],
      'crash: CrashLoopBackOff, exit 126 (command cannot be executed)',
    ],
    [
      'was asked to stop',
      crashing('a', '', {}, { exitCode: 143 }),
      [],
      'crash: CrashLoopBackOff, exit 143 (SIGTERM, asked to stop)',
    ],
    [
      'is over its memory limit',
      crashing('a', '', {}, { exitCode: 137, reason: 'OOMKilled' }),
      [],
      'oom: CrashLoopBackOff, OOMKilled, over its memory limit',
    ],
    [
      'could not be started by the runtime',
      crashing('a', 'exec: "/app": no such file', {}, { exitCode: 128, reason: 'StartError' }),
      [],
      'crash: CrashLoopBackOff, exit 128 (StartError) | exec: "/app": no such file',
    ],
    [
      'is killed by its liveness probe',
      crashing('a', '', {}, { exitCode: 137 }),
      [event('Pod', 'a', 'Unhealthy', 'Liveness probe failed: connection refused')],
      'crash: CrashLoopBackOff, killed by its probe, exit 137 (SIGKILL, killed) | Liveness probe failed: connection refused',
    ],
    [
      'cannot pull, and only the event says why',
      sickPod(
        'a',
        'ImagePullBackOff',
        waiting('ImagePullBackOff', 'Back-off pulling image "r/a:9"'),
        300,
      ),
      [event('Pod', 'a', 'Failed', 'Failed to pull image "r/a:9": manifest unknown: not found')],
      'image: ImagePullBackOff: no such image or tag | Failed to pull image "r/a:9": manifest unknown: not found',
    ],
    [
      'may not pull',
      sickPod(
        'a',
        'ErrImagePull',
        waiting('ErrImagePull', 'pull access denied, authorization failed'),
        300,
      ),
      [],
      'image: ImagePullBackOff: registry denies access, or there is no such image | pull access denied, authorization failed',
    ],
    [
      'misses a secret',
      sickPod(
        'a',
        'CreateContainerConfigError',
        waiting('CreateContainerConfigError', 'secret "db" not found'),
        300,
      ),
      [],
      'config: CreateContainerConfigError | secret "db" not found',
    ],
    [
      'fails in an init container',
      sickPod(
        'a',
        'Init:CrashLoopBackOff',
        waiting('CrashLoopBackOff', 'back-off', {
          name: 'migrate',
          kind: 'init',
          restarts: 4,
          last: { reason: 'Error', exitCode: 2, message: 'no table', finishedAt: ago(30) },
        }),
        300,
      ),
      [],
      'init: init container migrate: CrashLoopBackOff, exit 2 | no table',
    ],
    [
      'has an init container that runs for an hour',
      sickPod(
        'a',
        'Init:0/1',
        container({ name: 'wait', kind: 'init', ready: false, startedAt: ago(hour) }),
        hour,
      ),
      [],
      'init: init container wait still runs',
    ],
    [
      'finds no node',
      sickPod('a', 'Pending', waiting(''), 300, {
        ...pending,
        conditions: [
          condition(
            'PodScheduled',
            'False',
            300,
            'Unschedulable',
            '0/12 nodes are available: 3 node(s) had untolerated taint(s), 9 Insufficient cpu. preemption: 0/12 nodes are available: 12 No preemption victims found.',
          ),
        ],
      }),
      [],
      'unscheduled: FailedScheduling: 0/12 nodes, 3 node(s) had untolerated taint(s), 9 Insufficient cpu | 0/12 nodes are available: 3 node(s) had untolerated taint(s), 9 Insufficient cpu. preemption: 0/12 nodes are available: 12 No preemption victims found.',
    ],
    [
      'waits for a volume',
      sickPod('a', 'Pending', waiting(''), 300, {
        ...pending,
        claims: ['data-0'],
        conditions: [
          condition(
            'PodScheduled',
            'False',
            300,
            'Unschedulable',
            '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
          ),
        ],
      }),
      [],
      'unscheduled: volume claim not bound: data-0 | 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    ],
    [
      'is looked at by no scheduler',
      sickPod('a', 'Pending', waiting(''), 300, { ...pending, conditions: [] }),
      [],
      'unscheduled: no scheduler has looked at it',
    ],
    [
      'fails its readiness probe',
      sickPod('a', 'Running', container({ ready: false }), 300, { phase: 'Running' }),
      [
        event(
          'Pod',
          'a',
          'Unhealthy',
          'Readiness probe failed: HTTP probe failed with statuscode: 503',
        ),
      ],
      'unready: not ready, readiness probe fails | Readiness probe failed: HTTP probe failed with statuscode: 503',
    ],
    [
      'is not ready and nothing says why',
      sickPod('a', 'Running', container({ ready: false }), 300, { phase: 'Running' }),
      [],
      'unready: not ready | containers with unready status: [app]',
    ],
    [
      'misses a readiness gate',
      pod('a', {
        readinessGates: ['target-health'],
        conditions: [
          condition('target-health', 'False', 300, 'Initial', 'target registration is in progress'),
          condition('Ready', 'False', 300, 'ReadinessGatesNotReady'),
        ],
      }),
      [],
      'gate: readiness gate target-health does not hold | target registration is in progress',
    ],
    [
      'cannot mount',
      sickPod('a', 'ContainerCreating', waiting('ContainerCreating'), 90),
      [event('Pod', 'a', 'FailedMount', 'MountVolume.SetUp failed for volume "v": not found')],
      'creating: FailedMount | MountVolume.SetUp failed for volume "v": not found',
    ],
    [
      'creates its container for an hour in silence',
      sickPod('a', 'ContainerCreating', waiting('ContainerCreating'), hour),
      [],
      'creating: stuck in ContainerCreating',
    ],
    [
      'does not end',
      pod('a', { status: 'Terminating', deleting: ago(10 * minute) }),
      [event('Pod', 'a', 'FailedKillPod', 'error killing pod')],
      'terminating: stuck Terminating, its grace is over | error killing pod',
    ],
    [
      'was evicted ten minutes ago',
      pod('a', {
        phase: 'Failed',
        status: 'Evicted',
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        ready: 0,
        conditions: [condition('Ready', 'False', 10 * minute)],
      }),
      [],
      'evicted: Evicted | The node was low on resource: memory.',
    ],
    [
      'runs again, having been killed for memory five minutes ago',
      pod('a', {
        restarts: 1,
        lastRestart: ago(5 * minute),
        containers: [
          container({
            restarts: 1,
            last: { reason: 'OOMKilled', exitCode: 137, message: '', finishedAt: ago(5 * minute) },
          }),
        ],
      }),
      [],
      'oom: runs again, was OOMKilled, over its memory limit, restarts 1',
    ],
    [
      'names the container when there are two',
      crashing('a', '', {
        containers: [container({ name: 'proxy' }), ...crashing('x').containers],
      }),
      [],
      'crash: app: CrashLoopBackOff, exit 1',
    ],
  ])('given one that %s', (_, p, events, expected) => {
    expect(said(p, events)).toBe(expected);
  });

  it('given a node that does not answer, when the node controller took Ready away, then the node is the reason', () => {
    const p = pod('a', { node: 'worker-7', conditions: [condition('Ready', 'False', 6 * minute)] });
    expect(said(p, [], [downNode('worker-7')])).toBe(
      'node-lost: its node does not answer | runs on worker-7',
    );
  });

  it('given a pod that crashed on such a node, then the node is not blamed', () => {
    const p = crashing('a', etcdDown, { node: 'worker-7' });
    expect(said(p, [], [downNode('worker-7')])).toMatch(/^crash/);
  });

  it('given remains and leavers, then they are not counted as missing', () => {
    const state = stateOf(pod('a', { status: 'Terminating', deleting: ago(10 * minute) }));
    expect(state).toMatchObject({ kind: 'trouble', counted: false });
  });

  it('given a crash loop that was ready for moments, then it began with the first back-off', () => {
    const backOff = event('Pod', 'a', 'BackOff', 'Back-off restarting', { firstSeen: ago(hour) });
    const state = stateOf(crashing('a'), [backOff]);
    expect(state).toMatchObject({ trouble: { since: ago(hour) } });
  });
});
