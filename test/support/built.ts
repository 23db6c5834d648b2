import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/midwatch-built');
const fixtures = join(root, 'test/fixtures/recordings');
const run = promisify(execFile);

const files = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => files(join(path, name)))
    : [path];

/** Changes with every source file that goes into the bundle. */
const fingerprint = (): string => {
  const hash = createHash('sha256');
  for (const path of [
    'src',
    'runbooks',
    'scripts/build.ts',
    'package.json',
    'test/fixtures/recordings',
  ]) {
    for (const file of files(join(root, path)).toSorted()) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
};

/** Bundles of earlier sources; whoever still runs one began less than an hour ago. */
const sweep = (): void => {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true });
  }
};

/** The recording that the bundle of the tests has as its incident: it does not change when the shipped one does. */
export const incident = join(fixtures, 'incident.mwr');

/** Another, of an evening on which etcd members lose their data and alerts fire. */
export const lostQuorum = join(fixtures, 'lost-quorum.mwr');

/**
 * Path of the program, bundled from the sources as they are now. Built once, however many test files ask for it at
 * the same time, and never changed afterwards: a build beside the tests takes no file from under them.
 */
export const builtProgram = async (): Promise<string> => {
  const directory = join(cache, fingerprint());
  const program = join(directory, 'dist/midwatch.mjs');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  sweep();
  const draft = `${directory}.${process.pid}`;
  await run(process.execPath, [join(root, 'scripts/build.ts'), '--out', join(draft, 'dist')], {
    cwd: root,
  });
  cpSync(fixtures, join(draft, 'recordings'), { recursive: true });
  cpSync(join(root, 'runbooks'), join(draft, 'runbooks'), { recursive: true });
  try {
    renameSync(draft, directory);
  } catch {
    // Another test file was faster; what it built is the same.
    rmSync(draft, { recursive: true });
  }
  return program;
};
