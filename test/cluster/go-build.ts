import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from './file-lock.ts';
import {
  buildFlags,
  cacheDirOf,
  KWOK_CONFIG_DIR,
  kwokConfigFiles,
  type ModuleName,
  moduleDir,
  toolsOf,
} from './go-modules.ts';

export type Report = (line: string) => void;

const run = promisify(execFile);

const goEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -buildvcs=false',
});

/** Progress of `go` goes straight to our stderr: a first build takes minutes and must not look stuck. */
const go = (args: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: goEnv(),
      stdio: ['ignore', 'inherit', 'inherit'],
      ...(signal ? { signal } : {}),
    });
    child.once('spawn', () => {
      // Compiling takes every core for minutes: leave room for whoever is working meanwhile.
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    });
    child.once('error', reject);
    child.once('exit', (code, by) =>
      code === 0 ? resolve() : reject(new Error(`go ${args.join(' ')} ended with ${code ?? by}`)),
    );
  });

const requireGo = async (module: ModuleName): Promise<void> => {
  try {
    await run('go', ['version']);
  } catch (cause) {
    throw new Error(
      `building ${module} needs Go on the PATH: install Go 1.26 or newer, or point KUBEBUILDER_ASSETS at a directory with ready binaries (${toolsOf(
        module,
      )
        .map(([name]) => name)
        .join(', ')})`,
      { cause },
    );
  }
};

/** Running must not need Go, so the stages are copied next to the binary that plays them. */
const copyKwokConfig = async (into: string): Promise<void> => {
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], {
    cwd: moduleDir('kwok'),
    env: goEnv(),
  });
  for (const file of kwokConfigFiles) {
    cpSync(join(stdout.trim(), 'kustomize', file), join(into, KWOK_CONFIG_DIR, basename(file)));
  }
};

/** A build that was killed leaves its draft behind; the lock is ours, so nobody else is using one. */
const removeDrafts = (target: string): void => {
  for (const name of readdirSync(dirname(target))) {
    if (name.startsWith(`${basename(target)}.draft`)) {
      rmSync(join(dirname(target), name), { recursive: true, force: true });
    }
  }
};

/** Builds one module into its cache directory unless that exists. Concurrent callers build it once. */
export const buildModule = async (
  module: ModuleName,
  report: Report,
  signal?: AbortSignal,
): Promise<void> => {
  const target = cacheDirOf(module);
  if (existsSync(target)) return;
  await requireGo(module);
  mkdirSync(dirname(target), { recursive: true });
  await withFileLock(
    `${target}.lock`,
    () => report(`${module}: waiting for another build`),
    async () => {
      if (existsSync(target)) return;
      removeDrafts(target);
      const draft = `${target}.draft-${process.pid}`;
      mkdirSync(draft);
      for (const [name, path] of toolsOf(module)) {
        const started = performance.now();
        report(`${module}: building ${name}`);
        await go(
          ['build', ...buildFlags(module), '-o', join(draft, name), path],
          moduleDir(module),
          signal,
        );
        report(`${module}: ${name} done in ${((performance.now() - started) / 1000).toFixed(0)} s`);
      }
      if (module === 'kwok') await copyKwokConfig(draft);
      renameSync(draft, target);
    },
    signal,
  );
};
