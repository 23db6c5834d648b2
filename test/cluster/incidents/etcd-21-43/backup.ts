import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../../apply.ts';
import { findBinaries } from '../../binaries.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { type ClusterToken, ETCD_IMAGE } from './member-pod.ts';
import {
  backupDir,
  clientUrl,
  dataDir,
  ETCD_HOST_DIR,
  ETCD_NAMESPACE,
  initialCluster,
  keeper,
  members,
  peerUrl,
  SNAPSHOT,
} from './payments-etcd.ts';

const exec = promisify(execFile);
const BACKUP = 'payments-etcd-backup';

const jobSpec = (ip: string) => ({
  backoffLimit: 3,
  template: {
    metadata: { labels: { app: BACKUP } },
    spec: {
      restartPolicy: 'Never',
      hostNetwork: true,
      nodeSelector: { 'midwatch.dev/node': 'real' },
      containers: [
        {
          name: 'etcdctl',
          image: ETCD_IMAGE,
          imagePullPolicy: 'IfNotPresent',
          command: [
            'etcdctl',
            `--endpoints=${clientUrl(ip, keeper)}`,
            '--cacert=/pki/ca.crt',
            '--cert=/pki/client.crt',
            '--key=/pki/client.key',
            'snapshot',
            'save',
            `/backup/${SNAPSHOT}`,
          ],
          volumeMounts: [
            { name: 'pki', mountPath: '/pki', readOnly: true },
            { name: 'backup', mountPath: '/backup' },
          ],
        },
      ],
      volumes: [
        { name: 'pki', hostPath: { path: `${ETCD_HOST_DIR}/pki`, type: 'Directory' } },
        { name: 'backup', hostPath: { path: `${ETCD_HOST_DIR}/backup`, type: 'Directory' } },
      ],
    },
  },
});

const job = (ip: string): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: `${BACKUP}-manual`, namespace: ETCD_NAMESPACE },
  spec: jobSpec(ip),
});

const cronJob = (ip: string): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: BACKUP, namespace: ETCD_NAMESPACE },
  // Seldom enough not to come between an incident and its telling.
  spec: { schedule: '43 3 * * 0', jobTemplate: { spec: jobSpec(ip) } },
});

/** Has the members' backup job in the cluster, and a first snapshot from it on the node. */
export const takeBackup = async (
  cluster: Cluster,
  ip: string,
  signal?: AbortSignal,
): Promise<void> => {
  mkdirSync(backupDir(cluster.run), { recursive: true, mode: 0o700 });
  await cluster.apply([cronJob(ip), job(ip)], signal);
  await cluster.waitFor(
    { until: 'the snapshot has been taken', timeoutMs: 60_000 },
    async () => {
      const { status } = await cluster.read(job(ip));
      return status.succeeded === 1 && existsSync(join(backupDir(cluster.run), SNAPSHOT));
    },
    signal,
  );
};

/**
 * Makes the data of all three members anew from the snapshot, under a new cluster token. What was there is kept
 * beside it. The members must not be running.
 */
export const restoreBackup = async (
  { run }: Cluster,
  ip: string,
  token: ClusterToken,
  signal?: AbortSignal,
): Promise<void> => {
  const found = findBinaries(['etcd-tools']);
  if (found.kind === 'missing') throw new Error(found.reason);
  for (const member of members) {
    const dir = dataDir(run, member);
    const before = `${dir}.before-restore`;
    if (!existsSync(before) && readdirSync(dir).length > 0) renameSync(dir, before);
    await exec(
      found.binaries.path('etcdutl'),
      [
        'snapshot',
        'restore',
        join(backupDir(run), SNAPSHOT),
        `--name=${member.name}`,
        `--initial-cluster=${initialCluster(ip)}`,
        `--initial-cluster-token=${token}`,
        `--initial-advertise-peer-urls=${peerUrl(ip, member)}`,
        `--data-dir=${dir}`,
      ],
      signal ? { signal } : {},
    );
  }
};
