import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiAccess, createApiClient } from './api-client.ts';

export interface ChurnOptions {
  /** Status changes a second, over all simulated pods together. */
  readonly rate: number;
  readonly seconds: number;
  /** Only pods of this namespace; default all. */
  readonly namespace?: string;
}

export interface ChurnResult {
  readonly sent: number;
  readonly failed: number;
  readonly achievedPerSecond: number;
}

interface ChurnPod {
  readonly path: string;
  readonly containerStatuses: { restartCount: number; [field: string]: unknown }[];
}

const TICK_MS = 20;
// The server answers a patch in a few milliseconds; more in flight would only hide that it cannot keep up.
const MOST_IN_FLIGHT = 64;

const readPods = async (
  api: ReturnType<typeof createApiClient>,
  namespace?: string,
): Promise<readonly ChurnPod[]> => {
  const scope = namespace ? `/namespaces/${namespace}` : '';
  const pods: ChurnPod[] = [];
  let next = '';
  do {
    const page = await api.request(`/api/v1${scope}/pods?limit=500&continue=${next}`);
    for (const { metadata, spec, status } of page.items) {
      if (spec.nodeSelector?.type !== 'kwok' || !status.containerStatuses) continue;
      pods.push({
        path: `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`,
        containerStatuses: status.containerStatuses,
      });
    }
    next = encodeURIComponent(page.metadata.continue ?? '');
  } while (next);
  return pods;
};

/** A restart: the smallest change that shows in a table and that no controller answers with changes of its own. */
const restart = (pod: ChurnPod): unknown => {
  const [first, ...others] = pod.containerStatuses;
  if (!first) return {};
  first.restartCount += 1;
  return { status: { containerStatuses: [first, ...others] } };
};

/** Patches the status of simulated pods, one after the other, at a steady rate. */
export const churn = async (
  access: ApiAccess,
  { rate, seconds, namespace }: ChurnOptions,
  signal?: AbortSignal,
): Promise<ChurnResult> => {
  const api = createApiClient(access, MOST_IN_FLIGHT);
  let [sent, failed] = [0, 0];
  const inFlight = new Set<Promise<void>>();
  try {
    const pods = await readPods(api, namespace);
    if (pods.length === 0) {
      throw new Error('no simulated pods to change: start the cluster with --pods');
    }
    const send = (pod: ChurnPod): void => {
      const request = api
        .send(pod.path, {
          method: 'PATCH',
          contentType: 'application/strategic-merge-patch+json',
          body: restart(pod),
        })
        .then(
          (code) => {
            if (code >= 300) failed += 1;
          },
          () => {
            failed += 1;
          },
        )
        .finally(() => inFlight.delete(request));
      inFlight.add(request);
      sent += 1;
    };
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    while (elapsed() < seconds && !signal?.aborted) {
      const due = Math.floor(elapsed() * rate);
      while (sent < due && inFlight.size < MOST_IN_FLIGHT) {
        // A stride coprime to most counts, so that neighbours in a sorted table do not change in turn.
        send(pods[(sent * 7919) % pods.length] as ChurnPod);
      }
      await sleep(TICK_MS);
    }
    await Promise.all(inFlight);
    return { sent, failed, achievedPerSecond: sent / elapsed() };
  } finally {
    await api.close();
  }
};
