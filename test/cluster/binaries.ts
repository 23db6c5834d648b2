import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildModule, type Report } from './go-build.ts';
import {
  type BinaryName,
  cacheDirOf,
  KWOK_CONFIG_DIR,
  type ModuleName,
  moduleOf,
  toolsOf,
} from './go-modules.ts';
import { cacheRoot } from './paths.ts';

/** Absolute paths of everything a cluster runs. */
export interface Binaries {
  readonly path: (name: BinaryName) => string;
  /** Directory with kwok's own stages and metrics. */
  readonly kwokConfig: string;
}

export type Found =
  | { readonly kind: 'found'; readonly binaries: Binaries }
  | { readonly kind: 'missing'; readonly modules: readonly ModuleName[]; readonly reason: string };

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** envtest's convention: a directory with ready binaries, looked into before our own cache. */
const assetsDir = (): string | undefined => process.env.KUBEBUILDER_ASSETS || undefined;

const searchDirs = (module: ModuleName): readonly string[] => {
  const assets = assetsDir();
  return assets ? [assets, cacheDirOf(module)] : [cacheDirOf(module)];
};

const locate = (name: BinaryName): string | undefined =>
  searchDirs(moduleOf(name))
    .map((dir) => join(dir, name))
    .find(isExecutable);

const locateKwokConfig = (): string | undefined =>
  searchDirs('kwok')
    .map((dir) => join(dir, KWOK_CONFIG_DIR))
    .find((dir) => existsSync(dir));

// Parts of the kubernetes module that a cluster without a real node does not run.
const onlyForRealNodes: ReadonlySet<BinaryName> = new Set(['kubelet']);

const missingOf = (module: ModuleName, realNode: boolean): readonly string[] => [
  ...toolsOf(module)
    .map(([name]) => name)
    .filter((name) => realNode || !onlyForRealNodes.has(name))
    .filter((name) => !locate(name)),
  ...(module === 'kwok' && !locateKwokConfig() ? [`${KWOK_CONFIG_DIR}/`] : []),
];

/** Looks, and builds nothing. */
export const findBinaries = (modules: readonly ModuleName[]): Found => {
  const realNode = modules.includes('containerd');
  const lacking = modules
    .map((module) => ({ module, missing: missingOf(module, realNode) }))
    .filter(({ missing }) => missing.length > 0);
  if (lacking.length > 0) {
    const names = lacking.flatMap(({ missing }) => missing).join(', ');
    const places = [assetsDir(), cacheRoot()].filter(Boolean).join(' or ');
    return {
      kind: 'missing',
      modules: lacking.map(({ module }) => module),
      reason: `no ${names} in ${places}: build with "npm run cluster ensure" (needs Go; ten minutes the first time), or point KUBEBUILDER_ASSETS at a directory that has them`,
    };
  }
  return {
    kind: 'found',
    binaries: {
      path: (name) => {
        const path = locate(name);
        if (!path) throw new Error(`${name} was not asked for with findBinaries`);
        return path;
      },
      kwokConfig: locateKwokConfig() ?? '',
    },
  };
};

/** Builds what is missing, then finds all of it. */
export const ensureBinaries = async (
  modules: readonly ModuleName[],
  report: Report,
  signal?: AbortSignal,
): Promise<Binaries> => {
  const before = findBinaries(modules);
  if (before.kind === 'found') return before.binaries;
  for (const module of before.modules) await buildModule(module, report, signal);
  const after = findBinaries(modules);
  if (after.kind === 'missing') throw new Error(after.reason);
  return after.binaries;
};
