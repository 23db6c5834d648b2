import { dyingWords, namespaceOf, workload } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

const MESSAGE = 'failed to connect to etcd: context deadline exceeded';

const deployment = (cluster: Parameters<ChaosCase['apply']>[0]) =>
  workload(cluster, {
    name: 'payment-gateway',
    namespace: CHAOS_NAMESPACE,
    replicas: 2,
    script: `echo "starting payment-gateway 2.31.0"; ${dyingWords(MESSAGE, 1)}`,
    failure: { kind: 'crash-loop', message: MESSAGE, exitCode: 1 },
  });

export const crashLoop: ChaosCase = {
  name: 'crash-loop',
  summary: 'a deployment whose pods log that etcd is out of reach and exit with 1',
  needs: 'any',
  apply: (cluster) => cluster.apply([namespaceOf(CHAOS_NAMESPACE), deployment(cluster)]),
  undo: (cluster) => cluster.remove([deployment(cluster)]),
};
