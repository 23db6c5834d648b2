import { existsSync } from 'node:fs';
import { findBinaries } from './binaries.ts';
import { missingHostTools } from './debian-packages.ts';
import { debianEtcdPath } from './etcd-cluster-debian.ts';
import type { BinaryName, ModuleName } from './go-modules.ts';

/** Which etcd: the one that Kubernetes is tested with, an older one of Debian's, or any other by its path. */
export type EtcdChoice = 'kubernetes' | 'debian' | { readonly path: string };

export type FoundTool =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

const findBuilt = (module: ModuleName, name: BinaryName): FoundTool => {
  const found = findBinaries([module]);
  return found.kind === 'missing' ? found : { kind: 'found', path: found.binaries.path(name) };
};

/** Looks, and fetches nothing. */
export const findEtcd = (choice: EtcdChoice = 'kubernetes'): FoundTool => {
  if (choice === 'debian') {
    const path = debianEtcdPath();
    if (existsSync(path)) return { kind: 'found', path };
    return { kind: 'missing', reason: `no ${path}: fetch it with "npm run cluster ensure"` };
  }
  if (choice !== 'kubernetes') {
    if (existsSync(choice.path)) return { kind: 'found', path: choice.path };
    return { kind: 'missing', reason: `no ${choice.path}` };
  }
  return findBuilt('kubernetes', 'etcd');
};

/** Why no etcd cluster can be started here, with what would help; undefined when it can. */
export const etcdObstacle = (choice?: EtcdChoice): string | undefined => {
  if (process.platform !== 'linux') return 'etcd clusters on this machine need Linux';
  if (missingHostTools('certificates').length > 0) return 'etcd needs openssl for its certificates';
  const found = findEtcd(choice);
  return found.kind === 'missing' ? found.reason : undefined;
};

/** Restores snapshots. Looks, and builds nothing. */
export const findEtcdutl = (): FoundTool => findBuilt('etcd-tools', 'etcdutl');
