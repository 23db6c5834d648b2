import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { ClusterSession } from '../../../src/cli/cluster-session.ts';
import { linkStatus } from '../../../src/cli/link-status.ts';
import { sliceFreshness, sliceOf } from '../../../src/kernel/world.ts';
import { pods } from '../../../src/probes/pods.ts';
import { describeWithCluster } from '../support.ts';
import { waitFor } from '../wait.ts';
import { namespaceOf } from '../workloads.ts';
import { openSession } from './live-screen.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const total = 10_000;
const namespace = 'crowd';
const path = `/api/v1/namespaces/${namespace}/pods`;
const atOnce = 32;

// Nobody schedules these pods, so that the only work is to store and to read them.
const pod = (name: string) => ({
  metadata: { name, labels: { app: 'crowd' } },
  spec: {
    schedulerName: 'nobody',
    containers: ['main', 'proxy'].map((container) => ({
      name: container,
      image: `registry.example/${container}:1.0`,
    })),
  },
});

describeWithCluster('ten thousand pods', { nodes: 1 }, (cluster) => {
  let session: ClusterSession;
  let running: Promise<void>;
  const stop = new AbortController();

  const known = (): ReadonlySet<string> =>
    new Set(
      [...sliceOf(session.store.world(), pods).state.keys()].filter((key) =>
        key.startsWith(`${namespace}/`),
      ),
    );
  const freshness = (): string =>
    sliceFreshness(sliceOf(session.store.world(), pods), pods, systemClock.now()).kind;
  const link = (): string => linkStatus(session.store.world(), systemClock.now()).kind;
  const listed = async (): Promise<ReadonlySet<string>> => {
    const { items } = await cluster().request(`${path}?resourceVersion=0`);
    return new Set(
      items.map((p: { metadata: { name: string } }) => `${namespace}/${p.metadata.name}`),
    );
  };
  const until = (what: string, check: () => boolean, timeoutMs = 240_000): Promise<boolean> =>
    waitFor({ until: what, timeoutMs }, check);

  beforeAll(async () => {
    await cluster().apply([namespaceOf(namespace)]);
    let next = 0;
    const create = async (): Promise<void> => {
      while (next < total) {
        next += 1;
        const name = `pod-${String(next).padStart(5, '0')}`;
        expect(await cluster().client.send(path, { method: 'POST', body: pod(name) })).toBe(201);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, create));
    session = await openSession({ kubeconfig: cluster().kubeconfig });
    running = session.run(stop.signal);
  });

  afterAll(async () => {
    stop.abort();
    await running;
    await session?.close();
  });

  it('given them all, when a session begins, then it knows each of them', async () => {
    await until('the pods are fresh', () => freshness() === 'fresh');
    expect(known()).toEqual(await listed());
    expect(known().size).toBe(total);
  });

  it('given as many facts, when the session goes on, then what it keeps of them is bounded', () => {
    expect(session.journal.size).toBeLessThan(20 * 1024 * 1024);
    expect(session.journal.head).toBeGreaterThan(total);
  });

  it('given an API server that freezes for three minutes, then the pods stay, are told as old, and go on after it', async () => {
    cluster().pauseApiServer();
    try {
      await until('the link is down', () => link() === 'down');
      await wait(180_000);
      expect(freshness()).not.toBe('fresh');
      expect(known().size).toBe(total);
    } finally {
      cluster().resumeApiServer();
    }
    await until('the link is back', () => link() === 'live');
    await cluster().request(`${path}/pod-00001`, { method: 'DELETE' });
    await cluster().request(path, { method: 'POST', body: pod('after-the-pause') });
    await until(
      'the pods are fresh again',
      () => freshness() === 'fresh' && known().has(`${namespace}/after-the-pause`),
    );
    await until('the deleted one is gone', () => !known().has(`${namespace}/pod-00001`));
    expect(known()).toEqual(await listed());
  });
});
