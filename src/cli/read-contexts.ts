import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import { readKubeconfig } from '../adapters/kubernetes/kubeconfig-load.ts';
import { kubeconfigChain, mergeKubeconfigs } from '../adapters/kubernetes/kubeconfig-merge.ts';
import type { ContextName } from '../views/contexts.ts';

/** The contexts of the kubeconfig that is in force; none when there is no readable one. */
export const readContexts = async (
  kubeconfig: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ContextName[]> => {
  const chain = kubeconfigChain(kubeconfig, env, env.HOME || homedir(), process.cwd(), delimiter);
  const merged = mergeKubeconfigs(await Promise.all(chain.paths.map(readKubeconfig)));
  if (!merged.ok) return [];
  return [...merged.value.contexts].map(([name, { value }]) => ({
    name,
    cluster: value.cluster ?? '',
    namespace: value.namespace ?? 'default',
  }));
};
