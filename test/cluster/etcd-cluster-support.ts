import { afterAll, beforeAll, describe, it } from 'vitest';
import { type EtcdClusterOptions, startEtcdCluster } from './etcd-cluster.ts';
import type { EtcdCluster } from './etcd-cluster-handle.ts';
import { etcdObstacle } from './etcd-cluster-tools.ts';
import { skipReason } from './skip-reason.ts';

// On a machine that is busy with other suites everything takes far longer than the usual two seconds.
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * A suite with an etcd cluster of its own, started before its first test and taken down after its last.
 * Where none can be started, one skipped test says why; with CI=true that is a failure.
 */
export const describeWithEtcd = (
  title: string,
  options: EtcdClusterOptions,
  body: (cluster: () => EtcdCluster) => void,
): void => {
  const reason = skipReason('an etcd cluster', () => etcdObstacle(options.etcd));
  if (reason) {
    describe(title, () => it.skip(`skipped: ${reason}`, () => {}));
    return;
  }
  describe(title, () => {
    let cluster: EtcdCluster | undefined;
    beforeAll(async () => {
      cluster = await startEtcdCluster(options);
    }, START_TIMEOUT_MS);
    afterAll(() => cluster?.stop(), STOP_TIMEOUT_MS);
    body(() => {
      if (!cluster) throw new Error('the cluster is there from the first test on, not before');
      return cluster;
    });
  });
};
