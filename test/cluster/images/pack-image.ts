import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export interface ImageContent {
  /** With registry and tag, as pods name it. */
  readonly name: string;
  /** Absolute path in the image → path of a program here. Only static ones will run: there is nothing else in it. */
  readonly programs: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const fillRoot = (root: string, programs: ImageContent['programs']): void => {
  for (const [inside, source] of Object.entries(programs)) {
    const target = join(root, inside);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
    chmodSync(target, 0o755);
  }
  for (const dir of ['tmp', 'var', 'etc']) mkdirSync(join(root, dir), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
};

/**
 * Packs static programs into an archive as `docker save` writes it: one layer, one image.
 * @param dir takes the archive and, while packing, twice its size.
 * @returns the path of the archive.
 */
export const packImage = async (
  dir: string,
  { name, programs, entrypoint }: ImageContent,
  signal?: AbortSignal,
): Promise<string> => {
  const options = signal ? { signal } : {};
  const [root, content] = [join(dir, 'root'), join(dir, 'content')];
  for (const one of [root, content]) mkdirSync(one, { recursive: true });
  fillRoot(root, programs);
  const layer = join(content, 'layer.tar');
  await exec(
    'tar',
    ['-C', root, '--owner=0', '--group=0', '--numeric-owner', '-cf', layer, '.'],
    options,
  );
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Env: [`PATH=${dirname(entrypoint[0] ?? '/')}`], Entrypoint: entrypoint },
    rootfs: { type: 'layers', diff_ids: [`sha256:${await sha256(layer)}`] },
  };
  writeFileSync(join(content, 'config.json'), JSON.stringify(config));
  writeFileSync(
    join(content, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]),
  );
  const archive = join(dir, 'image.tar');
  await exec('tar', ['-C', content, '-cf', archive, '.'], options);
  for (const one of [root, content]) rmSync(one, { recursive: true });
  return archive;
};
