import { join } from 'node:path';
import type { ApiAccess, ApiClient } from './api-client.ts';
import type { Binaries } from './binaries.ts';
import type { ClusterPorts } from './cluster-record.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { caOf, pairOf, serviceAccountKeysOf } from './pki.ts';
import { type ProcessRecord, type ProcessSpec, startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

export const SERVICE_ACCOUNT_ISSUER = 'https://kubernetes.default.svc';

export interface ControlPlaneOptions {
  readonly ports: ClusterPorts;
  /** Seconds of silence after which a node counts as lost. */
  readonly nodeGraceSeconds: number;
}

export const apiAccess = (run: Run, ports: ClusterPorts): ApiAccess => ({
  url: `https://127.0.0.1:${ports.api}`,
  ca: caOf(run.dir).cert,
  ...pairOf(run.dir, 'admin'),
});

const apiServerSpec = (
  run: Run,
  binaries: Binaries,
  { ports }: ControlPlaneOptions,
): ProcessSpec => {
  const ca = caOf(run.dir).cert;
  const serving = pairOf(run.dir, 'kube-apiserver');
  const etcd = pairOf(run.dir, 'etcd-client');
  const admin = pairOf(run.dir, 'admin');
  const proxy = pairOf(run.dir, 'front-proxy');
  const keys = serviceAccountKeysOf(run.dir);
  return {
    name: 'kube-apiserver',
    command: binaries.path('kube-apiserver'),
    args: [
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${ca}`,
      `--etcd-certfile=${etcd.cert}`,
      `--etcd-keyfile=${etcd.key}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.api}`,
      '--endpoint-reconciler-type=none',
      `--tls-cert-file=${serving.cert}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${ca}`,
      '--authorization-mode=Node,RBAC',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged=true',
      `--service-account-issuer=${SERVICE_ACCOUNT_ISSUER}`,
      `--service-account-key-file=${keys.public}`,
      `--service-account-signing-key-file=${keys.private}`,
      `--kubelet-client-certificate=${admin.cert}`,
      `--kubelet-client-key=${admin.key}`,
      `--kubelet-certificate-authority=${ca}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--requestheader-client-ca-file=${ca}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${proxy.cert}`,
      `--proxy-client-key-file=${proxy.key}`,
      '--enable-aggregator-routing=false',
      // Fairness between clients would throttle exactly the load a test wants to make.
      '--enable-priority-and-fairness=false',
      '--max-requests-inflight=0',
      '--max-mutating-requests-inflight=0',
      '--profiling=false',
    ],
  };
};

/** Ready when /readyz says so, which includes the RBAC defaults. */
export const waitApiReady = (
  record: ProcessRecord,
  api: ApiClient,
  signal?: AbortSignal,
): Promise<void> =>
  waitReady(record, 60_000, async () => (await api.request('/readyz')) === 'ok', signal);

/** Starts it the way `startControlPlane` did, or again from its record after it was stopped. */
export const startApiServer = async (
  run: Run,
  spec: ProcessSpec,
  api: ApiClient,
  signal?: AbortSignal,
): Promise<void> => waitApiReady(await startProcess(run, spec), api, signal);

const controllerKubeconfig = (run: Run, ports: ClusterPorts, name: string): string =>
  writeKubeconfig(join(run.dir, `${name}.kubeconfig`), {
    server: apiAccess(run, ports).url,
    ca: caOf(run.dir).cert,
    context: 'default',
    user: name,
    credentials: { kind: 'certificate', pair: pairOf(run.dir, name) },
  });

// The defaults (20 and 50 requests a second) make 10 000 pods take an hour.
const FAST_CLIENT = ['--kube-api-qps=500', '--kube-api-burst=1000', '--leader-elect=false'];

const controllerManagerSpec = (
  run: Run,
  binaries: Binaries,
  { ports, nodeGraceSeconds }: ControlPlaneOptions,
): ProcessSpec => {
  const kubeconfig = controllerKubeconfig(run, ports, 'controller-manager');
  return {
    name: 'kube-controller-manager',
    command: binaries.path('kube-controller-manager'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.controllerManager}`,
      `--cert-dir=${join(run.dir, 'controller-manager')}`,
      `--service-account-private-key-file=${serviceAccountKeysOf(run.dir).private}`,
      `--root-ca-file=${caOf(run.dir).cert}`,
      '--use-service-account-credentials=true',
      `--node-monitor-grace-period=${nodeGraceSeconds}s`,
      '--node-monitor-period=2s',
      '--concurrent-deployment-syncs=20',
      '--concurrent-replicaset-syncs=20',
      ...FAST_CLIENT,
    ],
  };
};

const schedulerSpec = (
  run: Run,
  binaries: Binaries,
  { ports }: ControlPlaneOptions,
): ProcessSpec => {
  const kubeconfig = controllerKubeconfig(run, ports, 'scheduler');
  return {
    name: 'kube-scheduler',
    command: binaries.path('kube-scheduler'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.scheduler}`,
      `--cert-dir=${join(run.dir, 'scheduler')}`,
      ...FAST_CLIENT,
    ],
  };
};

/** API server, then controller manager and scheduler, which need no waiting for. */
export const startControlPlane = async (
  run: Run,
  binaries: Binaries,
  options: ControlPlaneOptions,
  api: ApiClient,
  signal?: AbortSignal,
): Promise<void> => {
  await startApiServer(run, apiServerSpec(run, binaries, options), api, signal);
  await startProcess(run, controllerManagerSpec(run, binaries, options));
  await startProcess(run, schedulerSpec(run, binaries, options));
};
