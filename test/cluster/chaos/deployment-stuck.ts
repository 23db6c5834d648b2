import type { Cluster } from '../cluster-handle.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

const PROGRESS_DEADLINE_SECONDS = 10;
const common = {
  name: 'cart',
  namespace: CHAOS_NAMESPACE,
  replicas: 2,
  progressDeadlineSeconds: PROGRESS_DEADLINE_SECONDS,
};

const before = (cluster: Cluster) => workload(cluster, common);

const after = (cluster: Cluster) =>
  workload(cluster, {
    ...common,
    image: '127.0.0.1:1/shop/cart:2.0.0-rc1',
    failure: { kind: 'image-pull', message: 'Back-off pulling image: not found' },
  });

export const deploymentStuck: ChaosCase = {
  name: 'deployment-stuck',
  summary: `a rollout that exceeds its progress deadline of ${PROGRESS_DEADLINE_SECONDS} s while the old pods serve`,
  needs: 'any',
  apply: async (cluster) => {
    await cluster.apply([namespaceOf(CHAOS_NAMESPACE), before(cluster)]);
    await cluster.waitFor({ until: 'the old pods are available', timeoutMs: 60_000 }, async () => {
      const { status } = await cluster.read(before(cluster));
      return status.availableReplicas === common.replicas;
    });
    await cluster.apply([after(cluster)]);
  },
  undo: (cluster) => cluster.remove([before(cluster)]),
};
