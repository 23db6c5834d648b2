import { join } from 'node:path';
import type { ApiClient } from './api-client.ts';
import { createApplier, type Manifest } from './apply.ts';
import type { Binaries } from './binaries.ts';
import type { ClusterPorts } from './cluster-record.ts';
import { caOf } from './pki.ts';
import { startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

export interface MetricsServerOptions {
  readonly ports: ClusterPorts;
  readonly kubeconfig: string;
}

const registration = (port: number): readonly Manifest[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics-server', namespace: 'kube-system' },
    // Endpoints on loopback are refused; a name that means loopback is not.
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      service: { name: 'metrics-server', namespace: 'kube-system', port },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
];

/** Serves metrics.k8s.io for real and simulated nodes. Usage needs two scrapes, so about 25 seconds. */
export const startMetricsServer = async (
  run: Run,
  binaries: Binaries,
  { ports, kubeconfig }: MetricsServerOptions,
  api: ApiClient,
  signal?: AbortSignal,
): Promise<void> => {
  const record = await startProcess(run, {
    name: 'metrics-server',
    command: binaries.path('metrics-server'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.metricsServer}`,
      `--cert-dir=${join(run.dir, 'metrics-server')}`,
      `--kubelet-certificate-authority=${caOf(run.dir).cert}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--kubelet-use-node-status-port',
      // The shortest it accepts, and a request has to be shorter still.
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
    ],
  });
  await createApplier(api).apply(registration(ports.metricsServer), signal);
  await waitReady(
    record,
    90_000,
    async () => {
      const { items } = await api.request('/apis/metrics.k8s.io/v1beta1/nodes');
      return items.length > 0;
    },
    signal,
  );
};
