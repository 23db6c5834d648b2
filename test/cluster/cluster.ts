import { join } from 'node:path';
import { type ApiClient, createApiClient } from './api-client.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, clusterHandle } from './cluster-handle.ts';
import {
  type ClusterRecord,
  pickPorts,
  readClusterRecord,
  writeClusterRecord,
} from './cluster-record.ts';
import { apiAccess, startControlPlane } from './control-plane.ts';
import { missingHostTools, realNodeObstacle } from './debian-packages.ts';
import { startEtcd } from './etcd.ts';
import type { Report } from './go-build.ts';
import type { ModuleName } from './go-modules.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { startKwok } from './kwok.ts';
import { startMetricsServer } from './metrics-server.ts';
import { caOf, createPki, pairOf } from './pki.ts';
import { killAllNow } from './process.ts';
import { startRealNode } from './real-node.ts';
import { createRun, detachRun, type Run } from './run-dir.ts';
import { createSimulatedLoad } from './simulate.ts';
import { reapAbandonedRuns, tearDown } from './tear-down.ts';

export interface ClusterOptions {
  /** Simulated nodes; default enough for `pods`, or three. */
  readonly nodes?: number;
  /** Simulated pods, in deployments; default none. */
  readonly pods?: number;
  /** How many of `pods` fail. */
  readonly failing?: number;
  /** A real kubelet with containerd: needs root and Debian packages. */
  readonly realNode?: boolean;
  /** Size of a container's log on the real node before it is rotated, e.g. `64Ki`; default that of the kubelet. */
  readonly logMaxSize?: string;
  /** metrics.k8s.io; has something to say about the real node only. */
  readonly metrics?: boolean;
  /** Stays up after this process ends, until it is taken down. */
  readonly detached?: boolean;
  /** Seconds of silence after which a node is NotReady; default 40. */
  readonly nodeGraceSeconds?: number;
  readonly report?: Report;
}

export const REAL_NODE = 'real-1';

export const modulesFor = ({ realNode, metrics }: ClusterOptions): readonly ModuleName[] => [
  'kubernetes',
  'kwok',
  ...(realNode ? (['containerd'] as const) : []),
  ...(metrics ? (['metrics-server'] as const) : []),
];

/** What is missing for such a cluster, and what would help; undefined when it can be started. */
export const clusterObstacle = (options: ClusterOptions): string | undefined => {
  if (process.platform !== 'linux') return 'a cluster on this machine needs Linux';
  if (missingHostTools().includes('openssl')) return 'a cluster needs openssl for its certificates';
  const found = findBinaries(modulesFor(options));
  if (found.kind === 'missing') return found.reason;
  return options.realNode ? realNodeObstacle() : undefined;
};

const bringUp = async (
  run: Run,
  options: ClusterOptions,
  signal?: AbortSignal,
): Promise<Cluster> => {
  const { realNode = false, metrics = false, report = () => {} } = options;
  const found = findBinaries(modulesFor(options));
  if (found.kind === 'missing') throw new Error(found.reason);
  const { binaries } = found;
  const ports = await pickPorts();
  await createPki(run.dir);
  const access = apiAccess(run, ports);
  const kubeconfig = writeKubeconfig(join(run.dir, 'kubeconfig'), {
    server: access.url,
    ca: caOf(run.dir).cert,
    context: `midwatch-${run.id}`,
    user: 'admin',
    credentials: { kind: 'certificate', pair: pairOf(run.dir, 'admin') },
  });
  const record: ClusterRecord = {
    ports,
    realNodes: realNode ? [REAL_NODE] : [],
    metrics,
    kubectl: binaries.path('kubectl'),
  };
  const api: ApiClient = createApiClient(access);
  try {
    await startEtcd(run, binaries, ports, signal);
    report('etcd is ready');
    await startControlPlane(
      run,
      binaries,
      { ports, nodeGraceSeconds: options.nodeGraceSeconds ?? 40 },
      api,
      signal,
    );
    report('the API server is ready');
    await startKwok(run, binaries, ports, kubeconfig, signal);
    const addRealNode = async (): Promise<void> => {
      if (realNode) {
        const { logMaxSize } = options;
        const limit = logMaxSize === undefined ? {} : { logMaxSize };
        const node = { ports, name: REAL_NODE, server: access.url, ...limit };
        await startRealNode(run, binaries, node, api, signal);
        report('the real node is ready');
      }
      if (metrics) await startMetricsServer(run, binaries, { ports, kubeconfig }, api, signal);
    };
    await Promise.all([createSimulatedLoad(api, options, report, signal), addRealNode()]);
  } finally {
    await api.close();
  }
  writeClusterRecord(run, record);
  return clusterHandle(run, record, kubeconfig);
};

/**
 * Starts a cluster on free loopback ports: etcd, API server, controller manager, scheduler, simulated
 * nodes, and what else the options ask for. About four seconds where nothing else runs.
 * Builds and installs nothing. First takes down what killed runs left behind.
 */
export const startCluster = async (
  options: ClusterOptions = {},
  signal?: AbortSignal,
): Promise<Cluster> => {
  const obstacle = clusterObstacle(options);
  if (obstacle) throw new Error(obstacle);
  await reapAbandonedRuns();
  const run = createRun();
  const lastResort = () => killAllNow(run);
  // A test program that dies of an error must not leave a gigabyte of servers until the next run.
  process.once('exit', lastResort);
  try {
    const cluster = await bringUp(run, options, signal);
    if (options.detached) {
      process.off('exit', lastResort);
      return { ...cluster, run: detachRun(run) };
    }
    return {
      ...cluster,
      stop: async () => {
        await cluster.stop();
        process.off('exit', lastResort);
      },
    };
  } catch (error) {
    // The logs go with the run: the error carries the end of the one that matters.
    await tearDown(run);
    process.off('exit', lastResort);
    throw error;
  }
};

/** Takes up a cluster that some program started and left running; undefined when it never came up. */
export const openCluster = (run: Run): Cluster | undefined => {
  const record = readClusterRecord(run);
  return record && clusterHandle(run, record, join(run.dir, 'kubeconfig'));
};
