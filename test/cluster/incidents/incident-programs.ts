import { findBinaries } from '../binaries.ts';
import { type ClusterOptions, clusterObstacle } from '../cluster.ts';
import { monitoringObstacle } from '../debian-packages.ts';
import type { ModuleName } from '../go-modules.ts';

/** What incidents run beside a cluster's own parts. */
export const incidentModules: readonly ModuleName[] = [
  'etcd-tools',
  'kube-state-metrics',
  'payment-gateway',
];

/** Why no incident with monitoring can be had here, with what would help; undefined when it can. */
export const incidentObstacle = (options: ClusterOptions): string | undefined => {
  const found = findBinaries(incidentModules);
  return (
    clusterObstacle(options) ??
    monitoringObstacle() ??
    (found.kind === 'missing' ? found.reason : undefined)
  );
};
