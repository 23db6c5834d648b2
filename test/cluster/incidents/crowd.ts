import type { Manifest } from '../apply.ts';
import type { Cluster } from '../cluster-handle.ts';
import { simulatedPlacement } from '../simulated-load.ts';

/** Pods that only exist in the API server: what a cluster has besides the few that the story is about. */
export const crowd = (namespace: string, name: string, replicas: number): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        ...simulatedPlacement,
        containers: [
          {
            name,
            image: `registry.example/${namespace}/${name}:4.2.1`,
            resources: { requests: { cpu: '100m', memory: '128Mi' } },
          },
        ],
      },
    },
  },
});

export const service = (namespace: string, name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

/** Waits until every deployment has all of its pods, in their latest form. */
export const allReady = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.waitFor(
    { until: 'all deployments are available', timeoutMs: 240_000 },
    async () => {
      const { items } = await cluster.request('/apis/apps/v1/deployments');
      return items.every(
        (d: {
          spec: { replicas: number };
          status: { availableReplicas?: number; updatedReplicas?: number };
        }) =>
          d.status.availableReplicas === d.spec.replicas &&
          d.status.updatedReplicas === d.spec.replicas,
      );
    },
    signal,
  );
};
