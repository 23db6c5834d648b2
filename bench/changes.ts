import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../test/cluster/api-client.ts';
import { type ChangingPod, setRestarts } from './api.ts';

const tick = 20;
/** More at once would only hide that the server cannot keep up. */
const mostInFlight = 64;

/** Changes the pods in turn at a steady rate until the signal aborts; how many a second it came to. */
export const keepChanging = async (
  api: ApiClient,
  pods: readonly ChangingPod[],
  perSecond: number,
  signal: AbortSignal,
): Promise<number> => {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const inFlight = new Set<Promise<unknown>>();
  let sent = 0;
  // Another start than last time: a patch to the number that stands there already would change nothing.
  const start = Math.floor(Date.now() / 1000);
  while (!signal.aborted) {
    const due = Math.floor(elapsed() * perSecond);
    while (sent < due && inFlight.size < mostInFlight) {
      // A stride, so that neighbours on the screen do not change in turn.
      const pod = pods[(sent * 7919) % pods.length] as ChangingPod;
      const request = setRestarts(api, pod, 1 + ((start + sent) % 997)).finally(() =>
        inFlight.delete(request),
      );
      inFlight.add(request);
      sent += 1;
    }
    await sleep(tick);
  }
  await Promise.allSettled(inFlight);
  return sent / elapsed();
};
