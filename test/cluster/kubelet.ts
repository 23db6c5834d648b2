import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { cgroupName } from './cgroups.ts';
import { containerdSocket } from './containerd.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { caOf, issueCertificate } from './pki.ts';
import type { ProcessSpec } from './process.ts';
import type { Run } from './run-dir.ts';

export interface KubeletOptions {
  readonly name: string;
  readonly nodeIp: string;
  readonly port: number;
  readonly server: string;
  /** Of a container's log before it is rotated, e.g. `64Ki`; looked at every few seconds. */
  readonly logMaxSize?: string;
}

/** Manifests put here run without the API server, as a control plane's own pods do. */
export const staticPodDir = (run: Run): string => join(run.dir, 'manifests');

const configuration = (
  run: Run,
  { nodeIp, port, logMaxSize }: KubeletOptions,
  pair: { cert: string; key: string },
) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: nodeIp,
  port,
  healthzPort: 0,
  readOnlyPort: 0,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: caOf(run.dir).cert },
  },
  authorization: { mode: 'Webhook' },
  tlsCertFile: pair.cert,
  tlsPrivateKeyFile: pair.key,
  containerRuntimeEndpoint: `unix://${containerdSocket(run)}`,
  cgroupDriver: 'cgroupfs',
  cgroupRoot: `/${cgroupName(run)}`,
  failCgroupV1: false,
  failSwapOn: false,
  // The machine's disk and firewall are not the run's to judge or to change.
  localStorageCapacityIsolation: false,
  evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  makeIPTablesUtilChains: false,
  resolvConf: '',
  // Nothing answers there, but without an address every pod is warned about.
  clusterDNS: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  staticPodPath: staticPodDir(run),
  podLogsDir: join(run.dir, 'pod-logs'),
  fileCheckFrequency: '2s',
  nodeStatusUpdateFrequency: '4s',
  nodeLeaseDurationSeconds: 20,
  registerNode: true,
  ...(logMaxSize === undefined
    ? {}
    : { containerLogMaxSize: logMaxSize, containerLogMonitorInterval: '3s' }),
});

export const kubeletSpec = async (
  run: Run,
  binaries: Binaries,
  options: KubeletOptions,
): Promise<ProcessSpec> => {
  const { name, nodeIp, server } = options;
  const pair = await issueCertificate(run.dir, {
    name: `kubelet-${name}`,
    user: `system:node:${name}`,
    groups: ['system:nodes'],
    names: [`DNS:${name}`, 'DNS:localhost', `IP:${nodeIp}`, 'IP:127.0.0.1'],
  });
  const kubeconfig = writeKubeconfig(join(run.dir, 'kubelet.kubeconfig'), {
    server,
    ca: caOf(run.dir).cert,
    context: 'default',
    user: `system:node:${name}`,
    credentials: { kind: 'certificate', pair },
  });
  for (const dir of [staticPodDir(run), join(run.dir, 'kubelet')]) mkdirSync(dir);
  const config = join(run.dir, 'kubelet.json');
  writeFileSync(config, JSON.stringify(configuration(run, options, pair), undefined, 2));
  return {
    name: 'kubelet',
    command: binaries.path('kubelet'),
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${join(run.dir, 'kubelet')}`,
      `--hostname-override=${name}`,
      `--node-ip=${nodeIp}`,
      '--node-labels=midwatch.dev/node=real',
    ],
  };
};
