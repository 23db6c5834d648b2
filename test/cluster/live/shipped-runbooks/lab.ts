import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSession } from '../../../../src/cli/cluster-session.ts';
import { liveWalker } from '../../../../src/cli/live-walks.ts';
import { localSources } from '../../../../src/cli/local-sources.ts';
import { namedSources } from '../../../../src/cli/sources.ts';
import type { Walker } from '../../../../src/cli/walker.ts';
import { newSession, placeOf, SessionStore } from '../../../../src/views/session.ts';
import { findBinaries } from '../../binaries.ts';
import { type ClusterOptions, clusterObstacle, startCluster } from '../../cluster.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { monitoringObstacle } from '../../debian-packages.ts';
import { startEtcdCluster } from '../../etcd-cluster.ts';
import type { EtcdCluster } from '../../etcd-cluster-handle.ts';
import { freePort } from '../../free-port.ts';
import { type Alertmanager, startAlertmanager } from '../../monitoring/alertmanager.ts';
import { type Prometheus, startPrometheus } from '../../monitoring/prometheus.ts';
import { startProcess, waitReady } from '../../process.ts';
import { openSession } from '../live-screen.ts';
import { operatorKind } from './manifests.ts';
import { standingRules } from './rules.ts';
import { scrapesOf } from './scrapes.ts';

/** Small enough to be filled in a moment. */
const QUOTA_BYTES = 8 << 20;

export const labCluster: ClusterOptions = {
  nodes: 8,
  realNode: true,
  metrics: true,
  // A real kubelet tells every 5 s that it is there.
  nodeGraceSeconds: 20,
};

/** Why there can be no such lab here; undefined when there can. */
export const labObstacle = (): string | undefined => {
  const found = findBinaries(['kube-state-metrics']);
  return (
    clusterObstacle(labCluster) ??
    monitoringObstacle() ??
    (found.kind === 'missing' ? found.reason : undefined)
  );
};

/** A cluster with its monitoring, an etcd of three members beside it, and a session of midwatch that sees all of it. */
export interface Lab {
  readonly cluster: Cluster;
  readonly etcd: EtcdCluster;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly session: ClusterSession;
  readonly walker: Walker;
  readonly stop: () => Promise<void>;
}

const startKubeStateMetrics = async (cluster: Cluster): Promise<string> => {
  const found = findBinaries(['kube-state-metrics']);
  if (found.kind === 'missing') throw new Error(found.reason);
  const [port, telemetryPort] = [await freePort(), await freePort()];
  const record = await startProcess(cluster.run, {
    name: 'kube-state-metrics',
    command: found.binaries.path('kube-state-metrics'),
    args: [
      `--kubeconfig=${cluster.kubeconfig}`,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--telemetry-host=127.0.0.1',
      `--telemetry-port=${telemetryPort}`,
    ],
  });
  const host = `127.0.0.1:${port}`;
  await waitReady(record, 60_000, async () => (await fetch(`http://${host}/healthz`)).ok);
  return host;
};

const kubeletOf = async ({ record, request }: Cluster): Promise<string> => {
  const { status } = await request(`/api/v1/nodes/${record.realNodes[0]}`);
  const found = status.addresses.find(({ type }: { type: string }) => type === 'InternalIP');
  return `${found.address}:${record.ports.kubelet}`;
};

/** The kinds of the Prometheus operator, as a session finds them in nearly every cluster. */
const serveOperatorKinds = async (cluster: Cluster): Promise<void> => {
  await cluster.apply([
    operatorKind('PrometheusRule', 'prometheusrules'),
    operatorKind('AlertmanagerConfig', 'alertmanagerconfigs'),
  ]);
  const path = '/apis/monitoring.coreos.com/v1';
  await cluster.waitFor({ until: 'its kinds are served', timeoutMs: 60_000 }, async () => {
    const { resources } = await cluster.request(path);
    return resources.length >= 2;
  });
};

const hostOf = (url: string): string => new URL(url).host;

interface Started {
  stop(): Promise<void>;
}

const openWalker = async (
  lab: Omit<Lab, 'session' | 'walker' | 'stop'>,
  keep: (one: Started) => void,
): Promise<Pick<Lab, 'session' | 'walker'>> => {
  const { ca, cert, key } = lab.etcd.credentials;
  const sources = namedSources(
    {},
    {},
    {
      discover: false,
      etcd: [
        {
          name: 'payments',
          endpoints: [...lab.etcd.endpoints],
          caFile: ca,
          certFile: cert,
          keyFile: key,
        },
      ],
      alertmanagers: [{ name: 'am-0', url: lab.alertmanager.url }],
      prometheus: [{ name: 'prometheus', url: lab.prometheus.url }],
    },
  );
  if (!sources.ok) throw new Error(sources.failure.message);
  const home = mkdtempSync(join(tmpdir(), 'midwatch-lab-'));
  const env = { HOME: home, XDG_STATE_HOME: home };
  const local = localSources({}, {}, env);
  if (!local.ok) throw new Error(local.failure.message);
  const session = await openSession(
    { kubeconfig: lab.cluster.kubeconfig },
    sources.value,
    local.value,
  );
  const end = new AbortController();
  const running = session.run(end.signal);
  keep({
    stop: async () => {
      end.abort();
      await running;
      await session.close();
      rmSync(home, { recursive: true, force: true });
    },
  });
  const looked = new SessionStore(newSession(placeOf('home')));
  const walker = await liveWalker(session, looked, {
    config: {},
    env,
    version: 'test',
    door: async () => null,
  })();
  return { session, walker };
};

/** About a minute. What was started is ended again when it does not come up. */
export const startLab = async (): Promise<Lab> => {
  const started: Started[] = [];
  const keep = <T extends Started>(one: T): T => {
    started.push(one);
    return one;
  };
  const stop = async (): Promise<void> => {
    for (const one of started.splice(0).toReversed()) await one.stop();
  };
  try {
    const [cluster, etcd] = await Promise.all([
      startCluster(labCluster).then(keep),
      startEtcdCluster({ quotaBytes: QUOTA_BYTES, measured: true }).then(keep),
    ]);
    const { run } = cluster;
    const alertmanager = keep(await startAlertmanager({ run }));
    const [kubeStateMetrics, kubelet, port] = [
      await startKubeStateMetrics(cluster),
      await kubeletOf(cluster),
      await freePort(),
    ];
    const scrape = scrapesOf(cluster, {
      kubelet,
      kubeStateMetrics,
      prometheus: `127.0.0.1:${port}`,
      alertmanager: hostOf(alertmanager.url),
      etcd: etcd.metricsUrls.map(hostOf),
    });
    const prometheus = keep(
      await startPrometheus({
        run,
        port,
        scrape,
        scrapeInterval: '2s',
        rules: standingRules,
        alertmanagers: [alertmanager.access],
      }),
    );
    await serveOperatorKinds(cluster);
    const parts = { cluster, etcd, prometheus, alertmanager };
    return { ...parts, ...(await openWalker(parts, keep)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
