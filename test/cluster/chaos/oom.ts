import { namespaceOf, workload } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

const deployment = (cluster: Parameters<ChaosCase['apply']>[0]) =>
  workload(cluster, {
    name: 'report-builder',
    namespace: CHAOS_NAMESPACE,
    // exec: only a process 1 that is killed makes the container end with OOMKilled.
    script: 'echo "loading everything"; exec dd if=/dev/zero of=/dev/null bs=64M count=1',
    resources: { limits: { memory: '16Mi' } },
    failure: { kind: 'oom' },
  });

export const oom: ChaosCase = {
  name: 'oom',
  summary: 'a deployment whose pods take more memory than their limit',
  needs: 'any',
  apply: (cluster) => cluster.apply([namespaceOf(CHAOS_NAMESPACE), deployment(cluster)]),
  undo: (cluster) => cluster.remove([deployment(cluster)]),
};
