import type { Cluster } from './cluster-handle.ts';
import { SILENT_NODE_LABEL } from './kwok.ts';
import { signalProcess } from './process.ts';

const setLabel = async (cluster: Cluster, node: string, value: 'true' | null): Promise<void> => {
  await cluster.request(`/api/v1/nodes/${node}`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels: { [SILENT_NODE_LABEL]: value } } },
  });
};

/**
 * A node's kubelet says nothing any more. A real one is frozen: its pods go on, and the node counts as
 * lost when its grace period is over. A simulated one is lost at once.
 */
export const silenceNode = async (cluster: Cluster, node: string): Promise<void> =>
  cluster.record.realNodes.includes(node)
    ? signalProcess(cluster.run, 'kubelet', 'SIGSTOP')
    : setLabel(cluster, node, 'true');

export const wakeNode = async (cluster: Cluster, node: string): Promise<void> =>
  cluster.record.realNodes.includes(node)
    ? signalProcess(cluster.run, 'kubelet', 'SIGCONT')
    : setLabel(cluster, node, null);
