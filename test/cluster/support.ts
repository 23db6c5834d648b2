import { afterAll, beforeAll, describe, it } from 'vitest';
import { type ClusterOptions, clusterObstacle, startCluster } from './cluster.ts';
import type { Cluster } from './cluster-handle.ts';
import { skipReason } from './skip-reason.ts';

export type { ClusterOptions } from './cluster.ts';
export type { Cluster } from './cluster-handle.ts';

export type RequiredCluster =
  | { readonly kind: 'ready'; readonly cluster: Cluster }
  | { readonly kind: 'skip'; readonly reason: string };

// A first pod load, or a machine that is busy with other suites, takes far longer than the usual seconds.
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;

/**
 * Why such a cluster cannot be started here, with what would enable it; undefined when it can.
 * @throws the same reason where a cluster is required (CI=true or MIDWATCH_CLUSTER=required).
 */
export const reasonToSkip = (options: ClusterOptions = {}): string | undefined =>
  skipReason('a cluster', () => clusterObstacle(options));

/** A started cluster, to be stopped by the caller, or the reason to skip. */
export const requireCluster = async (
  options: ClusterOptions = {},
  signal?: AbortSignal,
): Promise<RequiredCluster> => {
  const reason = reasonToSkip(options);
  if (reason) return { kind: 'skip', reason };
  return { kind: 'ready', cluster: await startCluster(options, signal) };
};

/**
 * A suite with a cluster of its own, started before its first test and taken down after its last. Where
 * none can be started, one skipped test says why.
 */
export const describeWithCluster = (
  title: string,
  options: ClusterOptions,
  body: (cluster: () => Cluster) => void,
): void => {
  const reason = reasonToSkip(options);
  if (reason) {
    describe(title, () => it.skip(`skipped: ${reason}`, () => {}));
    return;
  }
  describe(title, () => {
    let cluster: Cluster | undefined;
    beforeAll(async () => {
      cluster = await startCluster(options);
    }, START_TIMEOUT_MS);
    afterAll(() => cluster?.stop(), STOP_TIMEOUT_MS);
    body(() => {
      if (!cluster) throw new Error('the cluster is there from the first test on, not before');
      return cluster;
    });
  });
};
