import type { Cluster } from '../cluster-handle.ts';
import { silenceNode, wakeNode } from '../silent-node.ts';
import type { ChaosCase } from './chaos-case.ts';

/** The real node, or the first simulated one by name: undo has to meet the one that apply did. */
const victim = async (cluster: Cluster): Promise<string> => {
  const [real] = cluster.record.realNodes;
  if (real) return real;
  const { items } = await cluster.request('/api/v1/nodes?labelSelector=type=kwok');
  if (items.length === 0) throw new Error('there is no node that could fail');
  return items[0].metadata.name;
};

export const nodeNotReady: ChaosCase = {
  name: 'node-not-ready',
  summary: 'a kubelet that falls silent; a real one counts as lost after the grace period (40 s)',
  needs: 'any',
  apply: async (cluster) => silenceNode(cluster, await victim(cluster)),
  undo: async (cluster) => wakeNode(cluster, await victim(cluster)),
};
