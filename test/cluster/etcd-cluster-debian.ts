import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from './file-lock.ts';
import type { Report } from './go-build.ts';
import { cacheRoot } from './paths.ts';

// The release that has etcd 3.5, which is what most clusters still run.
const RELEASE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const cacheDir = (): string => join(cacheRoot(), `etcd-debian-${RELEASE}`);

/** Where it is once it has been fetched. */
export const debianEtcdPath = (): string => join(cacheDir(), 'etcd');

const run = promisify(execFile);

/** apt with sources and lists of its own: those of the machine may name another release, and stay as they are. */
const privateApt = (dir: string): readonly string[] => {
  for (const part of ['lists/partial', 'archives/partial']) {
    mkdirSync(join(dir, part), { recursive: true });
  }
  writeFileSync(
    join(dir, 'sources.list'),
    `deb [signed-by=${KEYRING}] ${MIRROR} ${RELEASE} main\n`,
  );
  writeFileSync(join(dir, 'status'), '');
  const options = {
    'Dir::Etc::SourceList': join(dir, 'sources.list'),
    'Dir::Etc::SourceParts': '/nonexistent',
    'Dir::State::Lists': join(dir, 'lists'),
    'Dir::State::status': join(dir, 'status'),
    'Dir::Cache': dir,
    'Dir::Cache::archives': 'archives',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled': 'false',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
};

/**
 * Unpacks Debian's etcd into the cache directory, unless it is there; nothing is installed. About 20 MB of
 * downloads. Needs no root, but apt, and the keys of Debian's archive.
 * @throws when it cannot be had.
 */
export const fetchDebianEtcd = async (report: Report, signal?: AbortSignal): Promise<void> => {
  if (existsSync(debianEtcdPath())) return;
  if (!existsSync(KEYRING)) throw new Error(`no ${KEYRING}: this is not Debian`);
  mkdirSync(cacheRoot(), { recursive: true });
  await withFileLock(
    `${cacheDir()}.lock`,
    () => report('etcd of Debian: waiting for another download'),
    async () => {
      if (existsSync(debianEtcdPath())) return;
      report(`fetching etcd of Debian ${RELEASE}`);
      const draft = `${cacheDir()}.draft`;
      rmSync(draft, { recursive: true, force: true });
      const apt = privateApt(join(draft, 'apt'));
      const options = { cwd: draft, maxBuffer: 64 << 20, ...(signal ? { signal } : {}) };
      await run('apt-get', [...apt, '-q', 'update'], options);
      await run('apt-get', [...apt, '-q', 'download', 'etcd-server'], options);
      const [archive] = globSync('etcd-server_*.deb', { cwd: draft });
      if (!archive) throw new Error('apt-get download etcd-server left no archive');
      await run('dpkg', ['-x', archive, 'root'], options);
      const ready = join(draft, 'ready');
      mkdirSync(ready);
      copyFileSync(join(draft, 'root', 'usr', 'bin', 'etcd'), join(ready, 'etcd'));
      renameSync(ready, cacheDir());
      rmSync(draft, { recursive: true, force: true });
    },
    signal,
  );
};
