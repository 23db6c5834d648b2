import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ApiAccess, type ApiClient, createApiClient } from '../test/cluster/api-client.ts';
import type { SeenPod } from './pods-screen.ts';

/** What the API server needs to know us as the kubeconfig's current user; only inline certificates are read. */
export const accessOf = (kubeconfig: string): ApiAccess => {
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const named = (list: { name: string }[], name: string): Record<string, Record<string, string>> =>
    list.find((one) => one.name === name) as never;
  const { context } = named(config.contexts, config['current-context']);
  const { cluster } = named(config.clusters, context?.cluster ?? '');
  const { user } = named(config.users, context?.user ?? '');
  const dir = mkdtempSync(join(tmpdir(), 'midwatch-bench-'));
  const file = (name: string, base64: string | undefined): string => {
    const path = join(dir, name);
    if (base64 === undefined) throw new Error(`the kubeconfig has no inline ${name}`);
    writeFileSync(path, Buffer.from(base64, 'base64'), { mode: 0o600 });
    return path;
  };
  return {
    url: cluster?.server ?? '',
    ca: file('certificate-authority-data', cluster?.['certificate-authority-data']),
    cert: file('client-certificate-data', user?.['client-certificate-data']),
    key: file('client-key-data', user?.['client-key-data']),
  };
};

export const openApi = (kubeconfig: string): ApiClient => createApiClient(accessOf(kubeconfig), 64);

export interface ClusterSize {
  readonly pods: number;
  readonly nodes: number;
  readonly namespaces: ReadonlySet<string>;
  readonly version: string;
}

/** How many objects a collection has, without reading them. */
const countOf = async (api: ApiClient, path: string): Promise<number> => {
  const { items, metadata } = await api.request(`${path}?limit=1`);
  return items.length + (metadata.remainingItemCount ?? 0);
};

export const sizeOf = async (api: ApiClient): Promise<ClusterSize> => {
  const namespaces = await api.request('/api/v1/namespaces');
  return {
    pods: await countOf(api, '/api/v1/pods'),
    nodes: await countOf(api, '/api/v1/nodes'),
    namespaces: new Set(
      namespaces.items.map((one: { metadata: { name: string } }) => one.metadata.name),
    ),
    version: (await api.request('/version')).gitVersion,
  };
};

/** A pod whose restarts can be set. */
export interface ChangingPod extends SeenPod {
  readonly statuses: readonly { readonly restartCount: number }[];
}

const changing = (pod: {
  metadata: SeenPod;
  status: { containerStatuses?: ChangingPod['statuses'] };
}): ChangingPod => ({
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  statuses: pod.status.containerStatuses ?? [],
});

export const readPod = async (api: ApiClient, { namespace, name }: SeenPod): Promise<ChangingPod> =>
  changing(await api.request(`/api/v1/namespaces/${namespace}/pods/${name}`));

/** All pods that have containers, in pages. */
export const readPods = async (api: ApiClient): Promise<readonly ChangingPod[]> => {
  const pods: ChangingPod[] = [];
  let next = '';
  do {
    const page = await api.request(`/api/v1/pods?limit=500&continue=${next}`);
    pods.push(...page.items.map(changing));
    next = encodeURIComponent(page.metadata.continue ?? '');
  } while (next !== '');
  return pods.filter(({ statuses }) => statuses.length > 0);
};

/**
 * Sets the restarts of a pod, all containers together: the smallest change that a table shows and no controller
 * answers with changes of its own.
 */
export const setRestarts = (api: ApiClient, pod: ChangingPod, total: number): Promise<number> => {
  const [first, ...others] = pod.statuses;
  const elsewhere = others.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return api.send(`/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/status`, {
    method: 'PATCH',
    contentType: 'application/strategic-merge-patch+json',
    body: {
      status: { containerStatuses: [{ ...first, restartCount: total - elsewhere }, ...others] },
    },
  });
};
