import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinaries } from '../binaries.ts';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';
import type { Cluster } from '../cluster-handle.ts';
import { containerdSocket } from '../containerd.ts';

const exec = promisify(execFile);

/** Gives the busybox of the real node a name by its digest, as policies name images; the name. */
export const shellImage = async (cluster: Cluster): Promise<string> => {
  const found = findBinaries(['containerd']);
  if (found.kind === 'missing') throw new Error(found.reason);
  const ctr = (...args: string[]) =>
    exec(found.binaries.path('ctr'), [
      `--address=${containerdSocket(cluster.run)}`,
      '--namespace=k8s.io',
      'images',
      ...args,
    ]);
  const { stdout } = await ctr('ls', `name==${BUSYBOX_IMAGE}`);
  const digest = /sha256:[0-9a-f]{64}/.exec(stdout)?.[0];
  if (digest === undefined) throw new Error(`no digest of ${BUSYBOX_IMAGE} in:\n${stdout}`);
  const name = `docker.io/library/midwatch-shell@${digest}`;
  await ctr('tag', '--force', BUSYBOX_IMAGE, name);
  return name;
};

/** By a digest that no registry has. */
export const absentImage = `docker.io/library/absent@sha256:${'0'.repeat(64)}`;
