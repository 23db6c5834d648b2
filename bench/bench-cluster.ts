import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../test/cluster/api-client.ts';
import { startCluster } from '../test/cluster/cluster.ts';
import { sizeOf } from './api.ts';

export interface BenchCluster {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

const podsPerNode = 100;

/** The cluster of KUBECONFIG, or one of our own that is taken down with `close`. */
export const openBenchCluster = async (
  current: boolean,
  pods: number,
  report: (line: string) => void,
): Promise<BenchCluster> => {
  if (current) {
    const kubeconfig = process.env.KUBECONFIG;
    if (kubeconfig === undefined) throw new Error('--use-current needs KUBECONFIG');
    return { kubeconfig, close: async () => {} };
  }
  const cluster = await startCluster({ pods, nodes: Math.ceil(pods / podsPerNode), report });
  return { kubeconfig: cluster.kubeconfig, close: () => cluster.stop() };
};

const pod = (namespace: string, name: string, node: string) => ({
  metadata: { name, namespace, labels: { app: 'bulk', tier: 'backend' } },
  spec: {
    nodeName: node,
    tolerations: [{ operator: 'Exists' }],
    containers: ['main', 'proxy'].map((container) => ({
      name: container,
      image: `registry.example.com/shop/${container}:1.42.0`,
      resources: { requests: { cpu: '10m', memory: '32Mi' } },
    })),
  },
});

const atOnce = 32;

/** Adds pods until there are `total`, past the scheduler and its limits: each names its node. */
export const ensurePods = async (
  api: ApiClient,
  total: number,
  report: (line: string) => void,
): Promise<void> => {
  const { pods, namespaces } = await sizeOf(api);
  const nodes = await api.request('/api/v1/nodes?labelSelector=type=kwok&resourceVersion=0');
  const names = nodes.items.map((node: { metadata: { name: string } }) => node.metadata.name);
  const teams = [...namespaces].filter((name) => name.startsWith('team-'));
  if (teams.length === 0) throw new Error('only a cluster with simulated load can be raised');
  let next = pods;
  const create = async (): Promise<void> => {
    while (next < total) {
      const i = next;
      next += 1;
      const namespace = teams[i % teams.length] as string;
      const name = `bulk-${String(i).padStart(5, '0')}`;
      const body = pod(namespace, name, names[i % names.length]);
      const code = await api.send(`/api/v1/namespaces/${namespace}/pods`, { method: 'POST', body });
      if (code >= 300 && code !== 409)
        throw new Error(`creating ${name} was answered with ${code}`);
      if (i % 5000 === 0) report(`${i} of ${total} pods`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, create));
  await settled(api, report);
};

/** Waits until none is pending: what still changes would be measured as work of the program. */
const settled = async (api: ApiClient, report: (line: string) => void): Promise<void> => {
  const deadline = AbortSignal.timeout(30 * 60_000);
  const pending = '/api/v1/pods?fieldSelector=status.phase%3DPending&resourceVersion=0';
  for (;;) {
    const { items } = await api.request(pending);
    if (items.length === 0) return;
    report(`${items.length} pods wait to run`);
    deadline.throwIfAborted();
    await sleep(5000);
  }
};
