import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import type { Pod } from '../../src/probes/pods.ts';
import { lease } from '../support/more-objects.ts';
import {
  ago,
  condition,
  crashing,
  daemonSet,
  downNode,
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
import { type Listed, worldOf } from '../support/world-of.ts';

const said = (f: Finding): string => `${f.tone} ${f.title}: ${f.reason}`;
const seen = (listed: Listed) => health(worldOf(listed), now);
const nodesSaid = (listed: Listed): readonly string[] =>
  seen(listed)
    .findings.filter((f) => f.subsystem === 'nodes')
    .map(said);

const six = [1, 2, 3, 4, 5, 6].map((i) => node(`worker-${i}`));

const under = (set: string, over: Partial<Pod> = {}): Partial<Pod> => ({
  owner: owner('ReplicaSet', set),
  ...over,
});

const gateway = (pods: readonly Pod[], desired: number, ready: number): Listed => ({
  deployments: [workload('gw', { desired, ready })],
  replicasets: [workload('gw-1', { desired, ready, owner: owner('Deployment', 'gw') })],
  pods,
});

describe('a node that is not well', () => {
  it.each<[string, Listed, readonly string[]]>([
    ['all are ready', { nodes: six }, []],
    [
      'one of seven does not report: look',
      { nodes: [...six, downNode('worker-7')] },
      ['warn node worker-7: NotReady: its kubelet stopped reporting'],
    ],
    [
      'one of two does not report: act now',
      { nodes: [node('worker-1'), downNode('worker-7')] },
      ['bad node worker-7: NotReady: its kubelet stopped reporting'],
    ],
    [
      'one says that its network is not set up',
      {
        nodes: [
          ...six,
          node('worker-7', {
            conditions: [
              condition(
                'Ready',
                'False',
                300,
                'KubeletNotReady',
                'container runtime network not ready: NetworkPluginNotReady',
              ),
            ],
          }),
        ],
      },
      ['warn node worker-7: NotReady: container network not ready'],
    ],
    [
      'one has just joined',
      {
        nodes: [
          ...six,
          node('worker-7', {
            created: ago(30),
            conditions: [condition('Ready', 'False', 20, 'KubeletNotReady', 'network not ready')],
          }),
        ],
      },
      [],
    ],
    [
      'one has fallen silent just after it joined',
      { nodes: [...six, downNode('worker-7', 20, { created: ago(30) })] },
      ['warn node worker-7: NotReady: its kubelet stopped reporting'],
    ],
    [
      'one is short of memory',
      {
        nodes: [
          node('worker-1', {
            conditions: [
              condition('Ready', 'True', hour),
              condition(
                'MemoryPressure',
                'True',
                120,
                'KubeletHasInsufficientMemory',
                'kubelet has insufficient memory available',
              ),
            ],
          }),
        ],
      },
      ['warn node worker-1: memory pressure: pods are being evicted'],
    ],
    [
      'a node problem detector found something',
      {
        nodes: [
          node('worker-1', {
            conditions: [
              condition('Ready', 'True', hour),
              condition('KernelDeadlock', 'True', 120, 'DockerHung', 'task blocked'),
            ],
          }),
        ],
      },
      ['warn node worker-1: KernelDeadlock: DockerHung'],
    ],
    [
      'one rebooted ten minutes ago',
      {
        nodes: six,
        events: [
          event('Node', 'worker-2', 'Rebooted', 'Node worker-2 has been rebooted', {
            in: '',
            lastSeen: ago(10 * minute),
          }),
        ],
      },
      ['warn node worker-2: rebooted'],
    ],
    ['one is cordoned', { nodes: [...six, node('worker-7', { unschedulable: true })] }, []],
    [
      'one is cordoned and a pod finds no place because of it',
      {
        nodes: [...six, node('worker-7', { unschedulable: true })],
        pods: [
          sickPod('a', 'Pending', waiting(''), 300, {
            node: '',
            conditions: [
              condition(
                'PodScheduled',
                'False',
                300,
                'Unschedulable',
                '0/7 nodes are available: 1 node(s) were unschedulable, 6 Insufficient cpu.',
              ),
            ],
          }),
        ],
      },
      ['warn node worker-7: cordoned, 1 pod finds no node'],
    ],
    [
      'the lease of one is overdue against the others, before anybody calls it NotReady',
      {
        nodes: six,
        leases: [1, 2, 3, 4, 5, 6].map((i) => lease(`worker-${i}`, i === 6 ? 120 : 10)),
      },
      ['warn node worker-6: lease overdue, still called Ready'],
    ],
    [
      'all leases look old alike: it is our clock, or our watch, that is wrong',
      { nodes: six, leases: [1, 2, 3, 4, 5, 6].map((i) => lease(`worker-${i}`, 600)) },
      [],
    ],
    [
      'kubelets are four minor versions behind',
      { nodes: [...six, node('worker-7', { kubelet: 'v1.32.1' })] },
      ['warn kubelet versions: 1 node more than 3 minor versions behind the API server v1.36.3'],
    ],
    [
      'a kubelet is three minor versions behind, as is allowed',
      { nodes: [...six, node('worker-7', { kubelet: 'v1.33.1+k3s1' })] },
      [],
    ],
  ])('given that %s', (_, listed, expected) => {
    expect(nodesSaid(listed)).toEqual(expected);
  });

  it('given a node that is down, then its proof has the condition, the lease and the pods on it', () => {
    const { findings } = seen({
      nodes: [...six, downNode('worker-7')],
      leases: [lease('worker-1', 10), lease('worker-7', 500)],
      pods: [pod('a', { node: 'worker-7' })],
    });
    expect(findings[0]?.proof).toEqual([
      {
        source: 'nodes',
        text: 'worker-7: Ready Unknown: Kubelet stopped posting node status.',
        at: ago(7 * minute),
      },
      { source: 'leases', text: 'last renewal of its lease', at: ago(500) },
      { source: 'pods', text: '1 pod on it', at: 0 },
    ]);
  });
});

describe('pods of a node that is down', () => {
  const lost = (name: string, over: Partial<Pod>): Pod =>
    pod(name, { node: 'worker-7', conditions: [condition('Ready', 'False', 6 * minute)], ...over });
  const nodes = [...six, downNode('worker-7')];

  it('given a workload that has others, then only the node is told', () => {
    const wells = [1, 2].map((i) => pod(`gw-1-${i}`, under('gw-1')));
    const { findings } = seen({
      nodes,
      ...gateway([...wells, lost('gw-1-l', under('gw-1'))], 3, 2),
    });
    expect(findings.map(said)).toEqual([
      'warn node worker-7: NotReady: its kubelet stopped reporting',
    ]);
  });

  it('given a workload that has nothing else, then it hangs under the node and makes it bad', () => {
    const { findings, verdict } = seen({
      nodes,
      ...gateway([lost('gw-1-l', under('gw-1'))], 1, 0),
    });
    expect(findings.map(said)).toEqual([
      'bad node worker-7: NotReady: its kubelet stopped reporting',
      'bad payments/gw: lost with node worker-7',
    ]);
    expect(findings[1]?.under).toBe('node/worker-7');
    expect(verdict.text).toBe('1 cause, 1 pod not ready');
  });

  it('given a pod on it that crashed by itself, then it stands on its own', () => {
    const pods = [crashing('gw-1-c', '', under('gw-1', { node: 'worker-7' }))];
    const { findings } = seen({ nodes, ...gateway(pods, 1, 0) });
    expect(findings.find((f) => f.title === 'payments/gw')?.under).toBeNull();
  });

  it('given its daemons, then they are not told', () => {
    const pods = [lost('cni-7', { namespace: 'kube-system', owner: owner('DaemonSet', 'cni') })];
    const daemonsets = [daemonSet('cni', { desired: 7, ready: 6 })];
    expect(seen({ nodes, daemonsets, pods }).findings.map((f) => f.title)).toEqual([
      'node worker-7',
    ]);
  });
});
