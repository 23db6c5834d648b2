import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { EtcdGateway } from './etcd-cluster-gateway.ts';
import { type EtcdMember, initialCluster } from './etcd-cluster-member.ts';

const run = promisify(execFile);

/**
 * Writes the database of one member to a file that `etcdutl snapshot restore` takes.
 * @returns its size in bytes.
 * @throws when the stream ends early; the file is not kept.
 */
export const saveSnapshot = async (
  gateway: EtcdGateway,
  path: string,
  signal: AbortSignal,
): Promise<number> => {
  const file = await open(path, 'w', 0o600);
  let size = 0;
  try {
    for await (const message of gateway.stream('/v3/maintenance/snapshot', {}, signal)) {
      if (message.error) throw new Error(`snapshot: ${message.error.message}`);
      const blob = Buffer.from(message.result.blob ?? '', 'base64');
      await file.write(blob);
      size += blob.length;
    }
  } finally {
    await file.close();
  }
  // A database is whole pages; what is left over is the digest at the end of a complete stream.
  if (size % 512 !== createHash('sha256').digest().length) {
    await rm(path, { force: true });
    throw new Error(`the snapshot ended early, after ${size} bytes`);
  }
  return size;
};

export interface Restore {
  readonly etcdutl: string;
  readonly snapshot: string;
  readonly peers: readonly EtcdMember[];
  readonly token: string;
}

/** Makes the data directory of one member from a snapshot. It must not be there yet. */
export const restoreMember = async (
  member: EtcdMember,
  { etcdutl, snapshot, peers, token }: Restore,
  signal?: AbortSignal,
): Promise<void> => {
  await run(
    etcdutl,
    [
      ...['snapshot', 'restore', snapshot],
      `--name=${member.name}`,
      `--initial-cluster=${initialCluster(peers)}`,
      `--initial-cluster-token=${token}`,
      `--initial-advertise-peer-urls=${member.peerUrl}`,
      `--data-dir=${member.dataDir}`,
    ],
    signal ? { signal } : {},
  );
};
