import type { Cluster } from '../../cluster-handle.ts';
import { silenceNode, wakeNode } from '../../silent-node.ts';
import { allReady } from '../crowd.ts';
import type { Incident } from '../incident.ts';
import { prepareBackground } from './background.ts';

const node = 'sim-002';

const nodeReady = async (cluster: Cluster, wanted: boolean): Promise<void> => {
  await cluster.waitFor(
    { until: `${node} is ${wanted ? 'ready' : 'lost'}`, timeoutMs: 120_000 },
    async () => {
      const { status } = await cluster.request(`/api/v1/nodes/${node}`);
      const ready = status.conditions.find((c: { type: string }) => c.type === 'Ready');
      return (ready?.status === 'True') === wanted;
    },
  );
};

/** A node falls silent and takes its pods with it; then it is heard again. */
export const nodeLost = (): Incident => ({
  name: 'node-lost',
  summary: 'a node falls silent, and its pods with it; then it is heard again',
  nodes: 4,
  realNode: false,
  opensAt: 'a node falls silent',
  prepare: prepareBackground,
  sources: () => ({ config: { discover: false } }),
  stages: [
    { name: 'healthy', mark: '', act: async () => {}, thenSeconds: 15 },
    {
      name: 'silent',
      mark: 'a node falls silent',
      act: (cluster) => silenceNode(cluster, node),
      until: (cluster) => nodeReady(cluster, false),
      thenSeconds: 60,
    },
    {
      name: 'awake',
      mark: 'the node is heard again',
      act: (cluster) => wakeNode(cluster, node),
      until: async (cluster, signal) => {
        await nodeReady(cluster, true);
        await allReady(cluster, signal);
      },
      thenSeconds: 20,
    },
  ],
});
