import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { findBinaries } from '../../binaries.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { giveImage } from '../../images/give-image.ts';
import { processRecord } from '../../process.ts';
import { namespaceOf } from '../../workloads.ts';
import { allReady, crowd, service } from '../crowd.ts';
import { incidentModules } from '../incident-programs.ts';
import type { AlertDelays } from './alert-rules.ts';
import { takeBackup } from './backup.ts';
import { createEtcdPki } from './etcd-pki.ts';
import { GATEWAY_IMAGE, gateway } from './gateway.ts';
import { attachVolume, ETCD_IMAGE, memberService, placeManifest } from './member-pod.ts';
import { startMonitoring } from './monitoring.ts';
import { readyEndpoints } from './observed.ts';
import { dataDir, ETCD_HOST_DIR, hostDir, keeper, members, nodeAddress } from './payments-etcd.ts';

const exec = promisify(execFile);

export interface Preparation {
  readonly replicas: number;
  readonly delays: AlertDelays;
}

/** Gives the node a directory of its own where others have theirs, in the mounts that only its pods see. */
const mountHostDir = async (cluster: Cluster): Promise<void> => {
  const containerd = processRecord(cluster.run, 'containerd');
  if (!containerd) throw new Error('this incident needs a real node');
  if (existsSync(hostDir(cluster.run))) {
    throw new Error(
      'this cluster has had this incident: take it up at a later stage, or start another',
    );
  }
  mkdirSync(hostDir(cluster.run), { recursive: true });
  // The empty mount point stays on the machine; another run may be using it.
  mkdirSync(ETCD_HOST_DIR, { recursive: true });
  await exec('nsenter', [
    `--mount=/proc/${containerd.identity.pid}/ns/mnt`,
    'mount',
    '--bind',
    hostDir(cluster.run),
    ETCD_HOST_DIR,
  ]);
};

const giveImages = async (cluster: Cluster, signal?: AbortSignal): Promise<void> => {
  const found = findBinaries(['kubernetes', 'containerd', ...incidentModules]);
  if (found.kind === 'missing') throw new Error(found.reason);
  const { path } = found.binaries;
  await giveImage(
    cluster,
    {
      name: ETCD_IMAGE,
      programs: {
        '/usr/local/bin/etcd': path('etcd'),
        '/usr/local/bin/etcdctl': path('etcdctl'),
        '/usr/local/bin/etcdutl': path('etcdutl'),
      },
      entrypoint: ['/usr/local/bin/etcd'],
    },
    signal,
  );
  await giveImage(
    cluster,
    {
      name: GATEWAY_IMAGE,
      programs: { '/app/payment-gateway': path('payment-gateway') },
      entrypoint: ['/app/payment-gateway'],
    },
    signal,
  );
};

/** Waits until the service has an endpoint for each member. */
export const allEndpoints = async (
  cluster: Cluster,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> => {
  await cluster.waitFor(
    { until: 'every member is an endpoint of its service', timeoutMs },
    async () => (await readyEndpoints(cluster)).length === members.length,
    signal,
  );
};

/** What a cluster has besides: on simulated nodes, and never in trouble. */
const background = [
  crowd('payments', 'ledger', 12),
  crowd('payments', 'fraud-check', 8),
  crowd('web', 'storefront', 24),
  crowd('web', 'catalog', 18),
  crowd('platform', 'ingress', 6),
  crowd('platform', 'metrics', 4),
  crowd('data', 'warehouse', 10),
  service('web', 'storefront'),
];

/** Brings up all that the incident is about, and waits until it is well. About half a minute. */
export const prepareEtcd2143 = async (
  cluster: Cluster,
  { replicas, delays }: Preparation,
  signal?: AbortSignal,
): Promise<void> => {
  const { run } = cluster;
  const ip = await nodeAddress(cluster);
  await mountHostDir(cluster);
  await createEtcdPki(run, ip);
  await giveImages(cluster, signal);
  await cluster.apply(['payments', 'web', 'platform', 'data'].map(namespaceOf), signal);
  await cluster.apply([memberService({ client: keeper.clientPort }), ...background], signal);
  for (const member of members) {
    mkdirSync(dataDir(run, member), { recursive: true, mode: 0o700 });
    attachVolume(run, member);
    placeManifest(run, ip, member, 'payments-1');
  }
  await allEndpoints(cluster, 90_000, signal);
  await cluster.apply(gateway(run, ip, replicas), signal);
  await startMonitoring(cluster, ip, delays, signal);
  await allReady(cluster, signal);
  await takeBackup(cluster, ip, signal);
};
