import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { findBinaries } from '../cluster/binaries.ts';

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The release whose behaviour is the measure: others send other requests, and wrappers send some of their own. */
const release = /^v1\.36\./;

const isOfRelease = (path: string): boolean => {
  try {
    const out = execFileSync(path, ['version', '--client', '-o', 'json'], {
      encoding: 'utf8',
      timeout: 15_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { clientVersion } = JSON.parse(out) as { clientVersion?: { gitVersion?: string } };
    return release.test(clientVersion?.gitVersion ?? '');
  } catch {
    return false;
  }
};

/**
 * A real kubectl of that release: in KUBEBUILDER_ASSETS, among the binaries of the cluster harness, or in PATH.
 */
export const findKubectl = (): string | undefined => {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const built = findBinaries(['kubernetes']);
  const places = [
    ...(assets ? [join(assets, 'kubectl')] : []),
    ...(built.kind === 'found' ? [built.binaries.path('kubectl')] : []),
    ...(process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'kubectl')),
  ];
  return places.find((path) => isExecutable(path) && isOfRelease(path));
};

export type Kubectl = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
) => Promise<{
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}>;

const runner =
  (binary: string): Kubectl =>
  (args, env, cwd) =>
    new Promise((resolve) => {
      execFile(
        binary,
        [...args],
        { env: { PATH: process.env.PATH, ...env }, cwd, timeout: 15_000 },
        (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr }),
      ).stdin?.end();
    });

/** A suite that compares with the real kubectl. Skipped with a reason where there is none, but not in CI. */
export const describeWithKubectl = (title: string, body: (kubectl: Kubectl) => void): void => {
  const binary = findKubectl();
  if (binary !== undefined) {
    describe(title, () => body(runner(binary)));
    return;
  }
  if (process.env.CI === 'true') throw new Error('kubectl 1.36 is required here and was not found');
  describe.skip(`${title} (skipped: no kubectl 1.36 in KUBEBUILDER_ASSETS or PATH; npm run cluster -- ensure builds one)`, () =>
    body(() => Promise.reject(new Error('no kubectl'))));
};
