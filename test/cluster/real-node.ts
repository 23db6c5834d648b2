import { rmSync } from 'node:fs';
import type { ApiClient } from './api-client.ts';
import type { Binaries } from './binaries.ts';
import { createCgroup, removeCgroup } from './cgroups.ts';
import type { ClusterPorts } from './cluster-record.ts';
import { runtimeDir, startContainerd } from './containerd.ts';
import { kubeletSpec } from './kubelet.ts';
import { createPodNetwork, removePodNetwork } from './pod-network.ts';
import { inPrivateMounts } from './private-mounts.ts';
import { startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

export interface RealNodeOptions {
  readonly ports: ClusterPorts;
  readonly name: string;
  readonly server: string;
  /** Of a container's log before it is rotated, e.g. `64Ki`. */
  readonly logMaxSize?: string;
}

const isNodeReady = async (api: ApiClient, name: string): Promise<boolean> => {
  const { status } = await api.request(`/api/v1/nodes/${name}`);
  return status.conditions.some(
    ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True',
  );
};

/** A bridge, containerd and a kubelet: one node whose pods are real. About ten seconds. */
export const startRealNode = async (
  run: Run,
  binaries: Binaries,
  { ports, name, server, logMaxSize }: RealNodeOptions,
  api: ApiClient,
  signal?: AbortSignal,
): Promise<void> => {
  createCgroup(run);
  const network = await createPodNetwork(run);
  const containerd = await startContainerd(run, binaries, network, signal);
  const spec = await kubeletSpec(run, binaries, {
    name,
    server,
    nodeIp: network.nodeIp,
    port: ports.kubelet,
    ...(logMaxSize === undefined ? {} : { logMaxSize }),
  });
  const kubelet = await startProcess(run, inPrivateMounts(run, containerd.identity.pid, spec));
  await waitReady(kubelet, 60_000, () => isNodeReady(api, name), signal);
};

/** Ends containers and shims and removes bridge, cgroups and sockets; harmless where there is no real node. */
export const removeRealNode = async (run: Run): Promise<void> => {
  await removeCgroup(run);
  await removePodNetwork(run);
  rmSync(runtimeDir(run), { recursive: true, force: true });
};
