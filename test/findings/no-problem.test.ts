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
  daemonSet,
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

const wells = (n: number): readonly Pod[] =>
  Array.from({ length: n }, (_, i) => pod(`gw-1-w${i}`, under('gw-1')));

const unready = (name: string, over: Partial<Pod> = {}): Pod =>
  sickPod(name, 'Running', container({ ready: false }), 300, { phase: 'Running', ...over });

const advancing = condition('Progressing', 'True', 60, 'ReplicaSetUpdated');

describe('what is no fault', () => {
  it.each<[string, Listed]>([
    ['a complete deployment', gateway(wells(3), { desired: 3 })],
    ['a deployment scaled to zero', gateway([], { desired: 0 })],
    [
      'a rollout in progress',
      gateway([...wells(3)], { desired: 3, ready: 3, updated: 1, conditions: [advancing] }),
    ],
    [
      'a rollout whose new pods take their time, while most of the old serve',
      gateway([...wells(3), unready('gw-1-n', under('gw-1'))], {
        desired: 4,
        ready: 3,
        updated: 1,
        conditions: [advancing],
      }),
    ],
    [
      'pods that have just been created',
      gateway(
        [0, 1].map((i) =>
          sickPod(`gw-1-${i}`, 'ContainerCreating', waiting('ContainerCreating'), 20, {
            ...under('gw-1'),
            created: ago(20),
          }),
        ),
        { desired: 2, ready: 0 },
      ),
    ],
    ['a count that is about to follow its pods', gateway(wells(3), { desired: 3, ready: 2 })],
    [
      'daemons on a cordoned node',
      {
        nodes: [node('worker-1'), node('worker-2', { unschedulable: true })],
        daemonsets: [daemonSet('cni', { desired: 2, ready: 1 })],
        pods: [
          pod('cni-1', { namespace: 'kube-system', owner: owner('DaemonSet', 'cni') }),
          crashing('cni-2', '', {
            namespace: 'kube-system',
            node: 'worker-2',
            owner: owner('DaemonSet', 'cni'),
          }),
        ],
      },
    ],
    [
      'a pod of a job that is done',
      {
        pods: [
          pod('j-1', {
            phase: 'Succeeded',
            status: 'Completed',
            ready: 0,
            owner: owner('Job', 'j'),
          }),
        ],
      },
    ],
  ])('given %s, then nothing is broken', (_, listed) => {
    expect(workloadsSaid(listed)).toEqual([]);
  });

  it('given a rollout in progress, then it is told as such', () => {
    const { progress, verdict } = seen(
      gateway(wells(3), { desired: 3, ready: 3, updated: 1, conditions: [advancing] }),
    );
    expect(progress).toMatchObject([{ title: 'payments/gw', reason: 'rolling out' }]);
    expect(verdict).toEqual({ tone: 'good', text: 'nothing broken' });
  });

  it('given a new pod that finds no node, then what it waits for is told at once', () => {
    const why = '0/3 nodes are available: 3 Insufficient cpu.';
    const { progress } = seen(
      gateway(
        [
          sickPod('gw-1-0', 'Pending', waiting(''), 5, {
            ...under('gw-1'),
            node: '',
            created: ago(5),
            conditions: [condition('PodScheduled', 'False', 5, 'Unschedulable', why)],
          }),
        ],
        { desired: 1, ready: 0, updated: 1, conditions: [advancing] },
      ),
    );
    expect(progress).toMatchObject([
      { title: 'payments/gw', reason: 'FailedScheduling: 0/3 nodes, 3 Insufficient cpu' },
    ]);
  });

  it('given a node that has just joined, then the nodes are not called well before it is ready', () => {
    const conditions = [condition('Ready', 'False', 20, 'KubeletNotReady', 'network not ready')];
    const { standings, findings } = seen({
      nodes: [node('worker-1'), node('worker-2', { created: ago(20), conditions })],
    });
    expect(findings).toEqual([]);
    expect(standings[2]).toMatchObject({ subsystem: 'nodes', tone: 'warn', text: '1/2' });
  });
});
