import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import type { Result } from '../../kernel/failure.ts';
import { inClusterPaths, type ServiceAccountMount } from './in-cluster.ts';
import { type ConnectionFlags, resolveKubeconfig } from './kubeconfig.ts';
import { type KubeconfigFile, kubeconfigChain } from './kubeconfig-merge.ts';
import type { Env } from './proxy.ts';
import type { Resolved } from './resolved.ts';

export const readKubeconfig = async (path: string): Promise<KubeconfigFile> => {
  try {
    return { kind: 'text', path, text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { kind: 'missing', path };
    const why =
      code === 'EACCES'
        ? 'permission denied'
        : code === 'EISDIR'
          ? 'it is a directory'
          : (code ?? String(error));
    return { kind: 'unreadable', path, why };
  }
};

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

const readMount = async (): Promise<ServiceAccountMount> => ({
  token: await isFile(inClusterPaths.token),
  ca: await isFile(inClusterPaths.ca),
  namespace: await readFile(inClusterPaths.namespace, 'utf8').catch(() => null),
});

/** Reads the kubeconfig files of this machine and decides by them. */
export const loadKubeconfig = async (
  flags: ConnectionFlags,
  env: Env,
): Promise<Result<Resolved>> => {
  const home = env.HOME || homedir();
  const chain = kubeconfigChain(flags.kubeconfig, env, home, process.cwd(), delimiter);
  const files = await Promise.all(chain.paths.map(readKubeconfig));
  return resolveKubeconfig({ chain, files, flags, env, mount: await readMount() });
};
