import { REAL_NODE } from '../../cluster.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { endProcess } from '../../process.ts';
import { silenceNode, wakeNode } from '../../silent-node.ts';
import { waitFor } from '../../wait.ts';
import { namespaceOf } from '../../workloads.ts';
import type { Lab } from './lab.ts';
import { simulatedPod } from './manifests.ts';
import type { RunbookCase } from './runbook-case.ts';

const SILENT = 'sim-000';
const SILENT_TOO = 'sim-001';
const FLAPPING = 'sim-002';
const NAMESPACE = 'node-lost';

const readiness = async ({ request }: Cluster, node: string): Promise<string> => {
  const { status } = await request(`/api/v1/nodes/${node}`);
  return status.conditions.find(({ type }: { type: string }) => type === 'Ready')?.status;
};

const seenAs = async ({ prometheus }: Lab, node: string, ready: 0 | 1): Promise<void> => {
  const series = `kube_node_status_condition{node="${node}",condition="Ready",status="true"}`;
  await waitFor(
    { until: `${node} is seen as ${ready}`, timeoutMs: 120_000 },
    async () => (await prometheus.query(`${series} == ${ready}`)).length > 0,
  );
};

/** Stops a node and wakes it until Prometheus has seen three changes; it ends silent. */
const flap = async (lab: Lab): Promise<void> => {
  await silenceNode(lab.cluster, FLAPPING);
  await seenAs(lab, FLAPPING, 0);
  await wakeNode(lab.cluster, FLAPPING);
  await seenAs(lab, FLAPPING, 1);
  await silenceNode(lab.cluster, FLAPPING);
  await seenAs(lab, FLAPPING, 0);
};

/** What a kubelet would report; set by hand, since the machine's memory and disk are not ours to use up. */
const pressed =
  (node: string, type: string) =>
  async ({ cluster }: Lab): Promise<void> => {
    const now = new Date().toISOString();
    const condition = {
      type,
      status: 'True',
      reason: `KubeletHas${type}`,
      message: `kubelet has ${type}`,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    await cluster.request(`/api/v1/nodes/${node}/status`, {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [condition] } },
    });
  };

const pressure = (type: string, node: string, to: string): RunbookCase => ({
  alert: 'KubeNodePressure',
  given: `a node that reports ${type}`,
  labels: { node, condition: type },
  make: pressed(node, type),
  leads: [
    ['kind', to],
    ['gone', 'owner'],
  ],
});

/** They bear each other, and whatever pods do. */
export const nodeCases: readonly RunbookCase[] = [
  {
    alert: 'KubeNodeNotReady',
    given: 'a kubelet that has gone silent',
    labels: { node: SILENT },
    make: async ({ cluster }) => {
      await cluster.apply([
        namespaceOf(NAMESPACE),
        simulatedPod(NAMESPACE, 'cart', { node: SILENT }),
      ]);
      await cluster.waitFor({ until: 'its pod is ready', timeoutMs: 60_000 }, async () => {
        const { status } = await cluster.request(`/api/v1/namespaces/${NAMESPACE}/pods/cart`);
        return status.phase === 'Running';
      });
      await silenceNode(cluster, SILENT);
    },
    leads: [
      ['many', 'says'],
      ['says', 'reach'],
      ['back', 'owner'],
    ],
  },
  {
    alert: 'KubeNodeUnreachable',
    given: 'a node that is not heard',
    labels: { node: SILENT },
    leads: [
      ['back', 'owner'],
      ['many', 'alive'],
      ['alive', 'asks'],
    ],
  },
  pressure('MemoryPressure', 'sim-003', 'memory'),
  pressure('DiskPressure', 'sim-004', 'disk'),
  pressure('PIDPressure', 'sim-005', 'pid'),
];

const readyAgain = async ({ cluster }: Lab): Promise<void> => {
  await cluster.waitFor(
    { until: 'the real node is ready again', timeoutMs: 180_000 },
    async () => (await readiness(cluster, REAL_NODE)) === 'True',
  );
};

/** One after the other: each changes how many nodes are not well. */
export const nodeCasesInTurn: readonly RunbookCase[] = [
  {
    alert: 'KubeNodeReadinessFlapping',
    given: 'a node that has come and gone, and is silent now',
    labels: { node: FLAPPING },
    make: flap,
    leads: [
      ['many', 'hold'],
      ['says', 'network'],
      ['calm', 'owner'],
    ],
  },
  {
    alert: 'KubeNodeNotReady',
    given: 'several nodes that have gone silent',
    labels: { node: SILENT },
    make: ({ cluster }) => silenceNode(cluster, SILENT_TOO),
    leads: [['many', 'shared']],
  },
  {
    alert: 'KubeNodeUnreachable',
    given: 'several nodes that are not heard',
    labels: { node: SILENT },
    leads: [['many', 'network']],
  },
];

/** What becomes of the real node. Nothing starts on it meanwhile. */
export const realNodeCases: readonly RunbookCase[] = [
  {
    alert: 'KubePodNotReady',
    given: 'a pod on a node whose kubelet is frozen',
    labels: { namespace: 'quota-full', pod: 'cart' },
    make: ({ cluster }) => silenceNode(cluster, REAL_NODE),
    undo: async (lab) => {
      await wakeNode(lab.cluster, REAL_NODE);
      await readyAgain(lab);
    },
    leads: [['state', 'node']],
  },
  {
    alert: 'KubeNodeNotReady',
    given: 'a kubelet that says its runtime is down',
    labels: { node: REAL_NODE },
    // For good: what it had mounted is gone with it.
    make: ({ cluster }) => endProcess(cluster.run, 'containerd'),
    leads: [['says', 'reason']],
  },
  {
    alert: 'KubeNodeReadinessFlapping',
    given: 'a runtime that is down',
    labels: { node: REAL_NODE },
    leads: [['says', 'runtime']],
  },
];
