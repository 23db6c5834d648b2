import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinaries } from '../binaries.ts';
import type { Cluster } from '../cluster-handle.ts';
import { containerdSocket } from '../containerd.ts';
import { type ImageContent, packImage } from './pack-image.ts';

const exec = promisify(execFile);

/** Packs an image and gives it to the containerd of the real node, so that pods need no registry for it. */
export const giveImage = async (
  cluster: Cluster,
  content: ImageContent,
  signal?: AbortSignal,
): Promise<void> => {
  const found = findBinaries(['containerd']);
  if (found.kind === 'missing') throw new Error(found.reason);
  const dir = mkdtempSync(join(cluster.run.dir, 'image-'));
  try {
    const archive = await packImage(dir, content, signal);
    await exec(
      found.binaries.path('ctr'),
      [
        `--address=${containerdSocket(cluster.run)}`,
        '--namespace=k8s.io',
        'images',
        'import',
        archive,
      ],
      signal ? { signal } : {},
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
