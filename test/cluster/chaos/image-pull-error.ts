import { namespaceOf, workload } from '../workloads.ts';
import { CHAOS_NAMESPACE, type ChaosCase } from './chaos-case.ts';

// Nobody listens on that port, so the pull fails without leaving the machine.
const IMAGE = '127.0.0.1:1/shop/checkout:9.9.9';

const deployment = (cluster: Parameters<ChaosCase['apply']>[0]) =>
  workload(cluster, {
    name: 'checkout',
    namespace: CHAOS_NAMESPACE,
    image: IMAGE,
    failure: { kind: 'image-pull', message: `Back-off pulling image "${IMAGE}": ErrImagePull` },
  });

export const imagePullError: ChaosCase = {
  name: 'image-pull-error',
  summary: 'a deployment whose image does not exist',
  needs: 'any',
  apply: (cluster) => cluster.apply([namespaceOf(CHAOS_NAMESPACE), deployment(cluster)]),
  undo: (cluster) => cluster.remove([deployment(cluster)]),
};
