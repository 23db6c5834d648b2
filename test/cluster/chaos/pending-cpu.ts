import { namespaceOf, workload } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

const deployment = (cluster: Parameters<ChaosCase['apply']>[0]) =>
  workload(cluster, {
    name: 'search-index',
    namespace: CHAOS_NAMESPACE,
    resources: { requests: { cpu: '4000' } },
  });

export const pendingCpu: ChaosCase = {
  name: 'pending-cpu',
  summary: 'a pod that asks for more CPU than any node has',
  needs: 'any',
  apply: (cluster) => cluster.apply([namespaceOf(CHAOS_NAMESPACE), deployment(cluster)]),
  undo: (cluster) => cluster.remove([deployment(cluster)]),
};
