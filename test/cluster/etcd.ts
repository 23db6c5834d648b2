import { join } from 'node:path';
import { type ApiAccess, createApiClient } from './api-client.ts';
import type { Binaries } from './binaries.ts';
import { caOf, pairOf } from './pki.ts';
import { startProcess, waitReady } from './process.ts';
import type { Run } from './run-dir.ts';

export const etcdAccess = (run: Run, port: number): ApiAccess => ({
  url: `https://127.0.0.1:${port}`,
  ca: caOf(run.dir).cert,
  ...pairOf(run.dir, 'etcd-client'),
});

export interface EtcdPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
}

export const startEtcd = async (
  run: Run,
  binaries: Binaries,
  { etcd, etcdPeer }: EtcdPorts,
  signal?: AbortSignal,
): Promise<void> => {
  const [client, peer] = [`https://127.0.0.1:${etcd}`, `http://127.0.0.1:${etcdPeer}`];
  const { cert, key } = pairOf(run.dir, 'etcd');
  const record = await startProcess(run, {
    name: 'etcd',
    command: binaries.path('etcd'),
    args: [
      '--name=etcd-0',
      `--data-dir=${join(run.dir, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=etcd-0=${peer}`,
      `--cert-file=${cert}`,
      `--key-file=${key}`,
      `--trusted-ca-file=${caOf(run.dir).cert}`,
      '--client-cert-auth',
      '--quota-backend-bytes=4294967296',
      // The data lives as long as the run: waiting for the disk would only make every test slower.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  });
  const client_ = createApiClient(etcdAccess(run, etcd));
  try {
    await waitReady(
      record,
      20_000,
      async () => (await client_.request('/readyz')) !== undefined,
      signal,
    );
  } finally {
    await client_.close();
  }
};

/**
 * Throws away every revision but the latest, so that a watch from an older one cannot be served.
 * @returns the revision compacted at.
 */
export const compactEtcd = async (access: ApiAccess): Promise<number> => {
  const client = createApiClient(access, 1);
  try {
    const { header } = await client.request('/v3/kv/range', {
      method: 'POST',
      body: { key: Buffer.from('/registry/health').toString('base64') },
    });
    const revision = Number(header.revision);
    await client.request('/v3/kv/compaction', {
      method: 'POST',
      body: { revision, physical: true },
    });
    return revision;
  } finally {
    await client.close();
  }
};
