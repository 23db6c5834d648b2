import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-client.ts';
import type { Manifest } from './apply.ts';
import type { Report } from './go-build.ts';
import { nodesFor, simulatedLoad, simulatedNodes } from './simulated-load.ts';
import { waitFor } from './wait.ts';

interface SimulationOptions {
  readonly nodes?: number;
  readonly pods?: number;
  readonly failing?: number;
  readonly realNode?: boolean;
}

// As many as keep two cores busy; more only queue inside the server.
const AT_ONCE = 16;

const createAll = async (
  api: ApiClient,
  collection: (object: Manifest) => string,
  objects: readonly Manifest[],
  signal?: AbortSignal,
): Promise<void> => {
  const queue = objects.values();
  const worker = async (): Promise<void> => {
    for (const body of queue) {
      await api
        .request(collection(body), { method: 'POST', body, ...(signal ? { signal } : {}) })
        .catch((error: unknown) => {
          if (!(error instanceof ApiError && error.code === 409)) throw error;
        });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

const countReady = async (api: ApiClient): Promise<{ nodes: number; settled: number }> => {
  const { items: nodes } = await api.request(
    '/api/v1/nodes?labelSelector=type=kwok&resourceVersion=0',
  );
  const { items: deployments } = await api.request(
    '/apis/apps/v1/deployments?resourceVersion=0&limit=5000',
  );
  const isReady = (node: { status: { conditions?: { type: string; status: string }[] } }) =>
    node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return {
    nodes: nodes.filter(isReady).length,
    // A failing deployment never has ready pods: there, that its pods exist is all there is to wait for.
    settled: deployments.reduce(
      (
        sum: number,
        {
          metadata,
          status,
        }: {
          metadata: { name: string };
          status: { readyReplicas?: number; updatedReplicas?: number };
        },
      ) =>
        sum +
        ((metadata.name.startsWith('broken-') ? status.updatedReplicas : status.readyReplicas) ??
          0),
      0,
    ),
  };
};

/** Creates the nodes and the load, and waits until nodes are ready and pods run. 10 000 pods: two minutes. */
export const createSimulatedLoad = async (
  api: ApiClient,
  { pods = 0, nodes = nodesFor(pods), failing = 0, realNode = false }: SimulationOptions,
  report: Report,
  signal?: AbortSignal,
): Promise<void> => {
  const { namespaces, deployments } = simulatedLoad({ pods, failing });
  await createAll(api, () => '/api/v1/nodes', simulatedNodes(nodes, realNode), signal);
  await createAll(api, () => '/api/v1/namespaces', namespaces, signal);
  await createAll(
    api,
    ({ metadata }) => `/apis/apps/v1/namespaces/${metadata.namespace}/deployments`,
    deployments,
    signal,
  );
  let told = 0;
  await waitFor(
    {
      until: `${nodes} simulated nodes and ${pods} pods are ready`,
      timeoutMs: 60_000 + pods * 60,
      everyMs: pods > 500 ? 1000 : 200,
    },
    async () => {
      const now = await countReady(api);
      if (now.settled - told >= 1000) {
        told = now.settled;
        report(`${now.settled} of ${pods} pods`);
      }
      return now.nodes >= nodes && now.settled >= pods;
    },
    signal,
  );
  report(`${nodes} simulated nodes and ${pods} pods are ready`);
};
