import { dirname, isAbsolute, join } from 'node:path';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { parseKubeconfig } from './kubeconfig-file.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './kubeconfig-schema.ts';
import type { Env } from './proxy.ts';

/** One file of the chain, as it was found. */
export type KubeconfigFile =
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly why: string };

/** Which files to read, first wins, and who said so. */
export interface KubeconfigChain {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly from: '--kubeconfig' | 'KUBECONFIG' | 'default';
}

const absolute = (path: string, cwd: string): string => (isAbsolute(path) ? path : join(cwd, path));

/** The files kubectl would read: --kubeconfig alone, or the list in KUBECONFIG, or ~/.kube/config. */
export const kubeconfigChain = (
  flag: string | undefined,
  env: Env,
  home: string,
  cwd: string,
  separator: string,
): KubeconfigChain => {
  if (flag !== undefined && flag !== '') {
    return { paths: [absolute(flag, cwd)], from: '--kubeconfig' };
  }
  const list = env.KUBECONFIG;
  if (list === undefined || list === '') {
    return { paths: [join(home, '.kube', 'config')], from: 'default' };
  }
  const paths = list.split(separator).filter((path) => path !== '');
  return { paths: [...new Set(paths)].map((path) => absolute(path, cwd)), from: 'KUBECONFIG' };
};

/** An entry and the file it is from. */
export interface Placed<T> {
  readonly value: T;
  readonly path: string;
}

export interface Merged {
  readonly current: Placed<string> | null;
  readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Placed<UserEntry>>;
  readonly contexts: ReadonlyMap<string, Placed<ContextEntry>>;
}

/** Paths in an entry are relative to the directory of its file. */
const rebased = <T extends Readonly<Record<string, unknown>>>(
  entry: T,
  fields: readonly (keyof T)[],
  path: string,
): T => {
  const copy = { ...entry };
  for (const field of fields) {
    const value = entry[field];
    if (typeof value === 'string' && value !== '') {
      copy[field] = absolute(value, dirname(path)) as T[keyof T];
    }
  }
  return copy;
};

const rebasedUser = (user: UserEntry, path: string): UserEntry => {
  const files = rebased(user, ['client-certificate', 'client-key', 'tokenFile'], path);
  const { exec } = user;
  // A command without a slash is looked for in PATH.
  return exec?.command.includes('/') ? { ...files, exec: rebased(exec, ['command'], path) } : files;
};

/**
 * Merges files, first come first served: the first file that has an entry of a name provides all of it,
 * and the first that sets current-context decides. Missing files are skipped, broken ones are a failure.
 */
export const mergeKubeconfigs = (files: readonly KubeconfigFile[]): Result<Merged> => {
  let current: Placed<string> | null = null;
  const clusters = new Map<string, Placed<ClusterEntry>>();
  const users = new Map<string, Placed<UserEntry>>();
  const contexts = new Map<string, Placed<ContextEntry>>();
  for (const file of files) {
    if (file.kind === 'missing') continue;
    const { path } = file;
    if (file.kind === 'unreadable') {
      return failed(
        failure('misconfigured', 'read kubeconfig', `the kubeconfig cannot be read: ${file.why}`, {
          on: path,
        }),
      );
    }
    const parsed = parseKubeconfig(path, file.text);
    if (!parsed.ok) return parsed;
    const contents = parsed.value;
    if (current === null && contents['current-context'] !== '') {
      current = { value: contents['current-context'], path };
    }
    for (const { name, cluster } of contents.clusters) {
      if (clusters.has(name)) continue;
      clusters.set(name, { value: rebased(cluster, ['certificate-authority'], path), path });
    }
    for (const { name, user } of contents.users) {
      if (!users.has(name)) users.set(name, { value: rebasedUser(user, path), path });
    }
    for (const { name, context } of contents.contexts) {
      if (!contexts.has(name)) contexts.set(name, { value: context, path });
    }
  }
  return ok({ current, clusters, users, contexts });
};
