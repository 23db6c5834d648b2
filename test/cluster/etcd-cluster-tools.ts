import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './binaries.ts';
import { missingHostTools } from './debian-packages.ts';
import { debianEtcdPath } from './etcd-cluster-debian.ts';
import { cacheRoot } from './paths.ts';

/** Which etcd: the one that Kubernetes is tested with, an older one of Debian's, or any other by its path. */
export type EtcdChoice = 'kubernetes' | 'debian' | { readonly path: string };

export type FoundEtcd =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Looks, and fetches nothing. */
export const findEtcd = (choice: EtcdChoice = 'kubernetes'): FoundEtcd => {
  if (choice === 'debian') {
    const path = debianEtcdPath();
    if (existsSync(path)) return { kind: 'found', path };
    return { kind: 'missing', reason: `no ${path}: fetch it with "npm run cluster ensure"` };
  }
  if (choice !== 'kubernetes') {
    if (existsSync(choice.path)) return { kind: 'found', path: choice.path };
    return { kind: 'missing', reason: `no ${choice.path}` };
  }
  const found = findBinaries(['kubernetes']);
  if (found.kind === 'missing') return found;
  return { kind: 'found', path: found.binaries.path('etcd') };
};

/** Why no etcd cluster can be started here, with what would help; undefined when it can. */
export const etcdObstacle = (choice?: EtcdChoice): string | undefined => {
  if (process.platform !== 'linux') return 'etcd clusters on this machine need Linux';
  if (missingHostTools('certificates').length > 0) return 'etcd needs openssl for its certificates';
  const found = findEtcd(choice);
  return found.kind === 'missing' ? found.reason : undefined;
};

/** Restores snapshots; undefined where it has not been built. */
export const findEtcdutl = (): string | undefined => {
  const dirs = [
    ...(process.env.KUBEBUILDER_ASSETS ? [process.env.KUBEBUILDER_ASSETS] : []),
    ...globSync(join(cacheRoot(), 'etcd-tools-*')),
  ];
  return dirs.map((dir) => join(dir, 'etcdutl')).find((path) => existsSync(path));
};
