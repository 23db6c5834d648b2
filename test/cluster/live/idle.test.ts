import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import type { ApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { liveFeed } from '../../../src/adapters/live-feed.ts';
import { allProbes } from '../../../src/cli/probes.ts';
import { Journal } from '../../../src/kernel/journal.ts';
import { noSources } from '../../../src/kernel/no-source.ts';
import { pace } from '../../../src/kernel/pace.ts';
import { Store } from '../../../src/kernel/store.ts';
import { sliceFreshness, sliceOf } from '../../../src/kernel/world.ts';
import { objectProbes } from '../../../src/probes/index.ts';
import { type Live, openLive } from '../../support/live-kubernetes.ts';
import { describeWithCluster } from '../support.ts';
import { waitFor } from '../wait.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const IDLE_MS = 60_000;

/** Writes down every request of a client on its way out. */
const overheard = (client: ApiClient): string[] => {
  const paths: string[] = [];
  const request = client.request.bind(client);
  client.request = (asked, signal) => {
    paths.push(`${asked.method} ${asked.path}`);
    return request(asked, signal);
  };
  return paths;
};

const countOf = (paths: readonly string[], pattern: RegExp): number =>
  paths.filter((path) => pattern.test(path)).length;

describeWithCluster('a live session at rest', { nodes: 3, pods: 60 }, (cluster) => {
  const stop = new AbortController();
  const journal = new Journal({ clock: systemClock });
  const store = new Store(allProbes);
  let live: Live;
  let paths: string[] = [];
  let running: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    live = await openLive({ kubeconfig: cluster().kubeconfig });
    paths = overheard(live.client);
    const feed = liveFeed({
      probes: allProbes,
      ports: { clock: systemClock, kubernetes: live.port, ...noSources },
      journal,
      origin: { cluster: 'test', context: 'test', by: 'test' },
      random: systemRandom,
    });
    running = Promise.all([
      feed.start(stop.signal),
      pace({ journal, store, clock: systemClock }, stop.signal),
    ]);
  });
  afterAll(async () => {
    stop.abort();
    await running;
    await live?.stop();
  });

  const stale = (): readonly string[] =>
    objectProbes
      .filter((probe) => {
        const slice = sliceOf(store.world(), probe);
        return sliceFreshness(slice, probe, systemClock.now()).kind !== 'fresh';
      })
      .map((probe) => probe.id);

  it('given nothing to do, when it starts, then every kind is read once, by one watch', async () => {
    await waitFor(
      { until: 'everything is read', timeoutMs: 60_000 },
      () => stale().length === 0 && countOf(paths, /watch=true/) >= objectProbes.length,
    );
    expect(countOf(paths, /watch=true/)).toBe(objectProbes.length);
    expect(countOf(paths, /limit=/)).toBe(0);
  });

  it('given a minute in which nobody touches it, then it lists nothing, asks only for heartbeats and health, and all stays fresh', async ({
    annotate,
  }) => {
    await sleep(5000);
    paths.length = 0;
    const bytes = live.client.stats().bytesReceived;
    const facts = journal.head;
    await sleep(IDLE_MS);
    const asked = [...paths];
    await annotate(
      `${asked.length} requests, ${live.client.stats().bytesReceived - bytes} bytes, ${journal.head - facts} facts in a minute`,
    );
    // No list, and no watch that had to begin anew.
    expect(asked.filter((path) => /\?.*(watch=true|limit=)/.test(path))).toEqual([]);
    const beats = countOf(asked, /GET \/version$/);
    const checks = countOf(asked, /GET \/(readyz|livez)\?verbose$/);
    const usage = countOf(asked, /metrics\.k8s\.io/);
    // Every 15 s one heartbeat and two checks, every 30 s the usage of nodes and pods; the edges may add one each.
    expect(beats).toBeGreaterThanOrEqual(3);
    expect(beats).toBeLessThanOrEqual(5);
    expect(checks).toBeLessThanOrEqual(10);
    expect(usage).toBeLessThanOrEqual(6);
    expect(asked.length - beats - checks - usage, asked.join('\n')).toBe(0);
    expect(stale()).toEqual([]);
  });
});
