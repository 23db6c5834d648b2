import { afterAll, beforeAll, describe, it } from 'vitest';
import type { EtcdConfig } from '../../../src/cli/source-config.ts';
import { namedSources } from '../../../src/cli/sources.ts';
import type { NamedSources } from '../../../src/kernel/source-target.ts';
import { type EtcdClusterOptions, startEtcdCluster } from '../etcd-cluster.ts';
import type { EtcdCluster } from '../etcd-cluster-handle.ts';
import { etcdObstacle } from '../etcd-cluster-tools.ts';
import { skipReason } from '../skip-reason.ts';
import type { Cluster } from '../support.ts';
import { waitFor } from '../wait.ts';
import { SourceScreen } from './source-screen.ts';

/** The cluster as a configuration names it: `payments`, known by its first member. */
export const sourcesOf = (etcd: EtcdCluster, over: Partial<EtcdConfig> = {}): NamedSources => {
  const { ca, cert, key } = etcd.credentials;
  const config: EtcdConfig = {
    name: 'payments',
    endpoints: etcd.endpoints.slice(0, 1),
    caFile: ca,
    certFile: cert,
    keyFile: key,
    ...over,
  };
  const sources = namedSources({ discover: false }, {}, { etcd: [config] });
  if (!sources.ok) throw new Error(sources.failure.message);
  return sources.value;
};

/** Resolves with the member that leads, as soon as one does. */
export const leaderOf = (etcd: EtcdCluster): Promise<number> =>
  waitFor({ until: 'somebody leads', timeoutMs: 15_000, everyMs: 50 }, () => etcd.leader());

/** So much of a revision, and of a log, that it is seen to be gone. */
export const write = async (etcd: EtcdCluster, times: number): Promise<void> => {
  for (let i = 0; i < times; i += 1) await etcd.put(`key-${i % 50}`, `value-${i}`);
};

export interface EtcdOnScreen {
  readonly etcd: EtcdCluster;
  readonly screen: SourceScreen;
}

const STARTS_MS = 120_000;

/**
 * A part of a suite with an etcd of its own, which a session beside the suite's API server watches. Where it cannot be
 * started, one skipped test says why.
 */
export const describeEtcdOnScreen = (
  title: string,
  cluster: () => Cluster,
  options: EtcdClusterOptions & { readonly writes?: number },
  body: (watched: () => EtcdOnScreen) => void,
): void => {
  const reason = skipReason('an etcd cluster', () => etcdObstacle(options.etcd));
  if (reason) {
    describe(title, () => it.skip(`skipped: ${reason}`, () => {}));
    return;
  }
  describe(title, () => {
    let etcd: EtcdCluster | undefined;
    let screen: SourceScreen | undefined;
    beforeAll(async () => {
      etcd = await startEtcdCluster(options);
      await leaderOf(etcd);
      await write(etcd, options.writes ?? 0);
      screen = await SourceScreen.open({
        kubeconfig: cluster().kubeconfig,
        sources: sourcesOf(etcd),
      });
    }, STARTS_MS);
    afterAll(async () => {
      await screen?.close();
      await etcd?.stop();
    }, STARTS_MS);
    body(() => {
      if (etcd === undefined || screen === undefined) throw new Error('not before the first test');
      return { etcd, screen };
    });
  });
};
