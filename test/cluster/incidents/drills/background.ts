import type { Cluster } from '../../cluster-handle.ts';
import { namespaceOf } from '../../workloads.ts';
import { allReady, crowd, service } from '../crowd.ts';

/** What a cluster has besides what the drill is about: some sixty pods on simulated nodes. */
export const prepareBackground = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  await cluster.apply(['payments', 'web', 'platform'].map(namespaceOf), signal);
  await cluster.apply(
    [
      crowd('payments', 'ledger', 12),
      crowd('payments', 'fraud-check', 8),
      crowd('web', 'storefront', 24),
      crowd('web', 'catalog', 12),
      crowd('platform', 'ingress', 6),
      service('web', 'storefront'),
    ],
    signal,
  );
  await allReady(cluster, signal);
};
