import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hostTool } from './debian-packages.ts';

const exec = promisify(execFile);

/** The image every real pod uses. It has a shell and the usual tools, and is never pulled. */
export const BUSYBOX_IMAGE = 'docker.io/library/busybox:1.35';
export const SANDBOX_IMAGE = 'docker.io/library/busybox-sandbox:1';

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const fillRoot = async (root: string): Promise<void> => {
  const busybox = hostTool('busybox (static)');
  for (const dir of ['bin', 'etc', 'tmp', 'var', 'root'])
    mkdirSync(join(root, dir), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  copyFileSync(busybox, join(root, 'bin', 'busybox'));
  chmodSync(join(root, 'bin', 'busybox'), 0o755);
  const { stdout } = await exec(busybox, ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name && name !== 'busybox')) {
    symlinkSync('busybox', join(root, 'bin', applet));
  }
  writeFileSync(
    join(root, 'etc', 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  );
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\nnobody:x:65534:\n');
};

const imageConfig = (layer: string, command: readonly string[]) => ({
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  os: 'linux',
  config: { Env: ['PATH=/bin'], Cmd: command },
  rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
});

/**
 * Packs Debian's static busybox into an archive as `docker save` writes it, with two images: one for
 * pods, one that only waits, for the sandbox around them.
 * @returns the path of the archive.
 */
export const packBusyboxImage = async (dir: string): Promise<string> => {
  const [root, content] = [join(dir, 'root'), join(dir, 'content')];
  mkdirSync(content, { recursive: true });
  await fillRoot(root);
  const layer = join(content, 'layer.tar');
  await exec('tar', ['-C', root, '--owner=0', '--group=0', '--numeric-owner', '-cf', layer, '.']);
  const digest = await sha256(layer);
  const write = (name: string, value: unknown) =>
    writeFileSync(join(content, name), JSON.stringify(value));
  write('pod.json', imageConfig(digest, ['sh']));
  write('sandbox.json', imageConfig(digest, ['sleep', '2147483647']));
  write('manifest.json', [
    {
      Config: 'pod.json',
      RepoTags: [BUSYBOX_IMAGE, 'docker.io/library/busybox:latest'],
      Layers: ['layer.tar'],
    },
    { Config: 'sandbox.json', RepoTags: [SANDBOX_IMAGE], Layers: ['layer.tar'] },
  ]);
  const archive = join(dir, 'busybox.tar');
  await exec('tar', ['-C', content, '-cf', archive, '.']);
  rmSync(root, { recursive: true });
  rmSync(content, { recursive: true });
  return archive;
};
