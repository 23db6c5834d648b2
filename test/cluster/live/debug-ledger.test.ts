import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ledgerIn } from '../../../src/actions/debug-ledger.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { readLedger, tellLedger } from '../../../src/cli/debug-ledger.ts';
import { emptyWorld, type World } from '../../../src/kernel/world.ts';
import { type Pod, pods } from '../../../src/probes/pods.ts';
import { debugsView } from '../../../src/views/debugs.ts';
import { placeOf } from '../../../src/views/session.ts';
import { type Live, openLive } from '../../support/live-kubernetes.ts';
import { contentOf, textOf } from '../../support/scenes.ts';
import type { Manifest } from '../apply.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const app = { name: 'app', image: 'registry.example/app:1' };

const ours = {
  name: 'midwatch-abcde',
  image: 'registry.example/debug:1',
  targetContainerName: 'app',
  stdin: true,
  tty: true,
  env: [
    { name: 'TOKEN', value: 'never-shown' },
    { name: 'MIDWATCH_BY', value: 'ana' },
    { name: 'MIDWATCH_REASON', value: 'INC-42 no answer' },
  ],
  securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
};
const other = {
  name: 'debugger-x',
  image: 'busybox:1',
  securityContext: { privileged: true },
};

const cart: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { containers: [app] },
};

const onNode: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'midwatch-node-abcde',
    namespace: 'shop',
    labels: { 'app.kubernetes.io/managed-by': 'midwatch' },
    annotations: { 'midwatch.dev/by': 'ben', 'midwatch.dev/reason': 'INC-43' },
  },
  spec: {
    activeDeadlineSeconds: 1920,
    containers: [{ ...app, name: 'debugger', securityContext: { privileged: true } }],
  },
};

describeWithCluster('what is left behind in a real cluster', {}, (cluster) => {
  let live: Live;
  const started = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);

  const statusOf = (name: string, status: object) =>
    cluster().request(`/api/v1/namespaces/shop/pods/${name}/status`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { status },
    });

  beforeAll(async () => {
    await cluster().apply([namespaceOf('shop'), cart, onNode]);
    await cluster().request('/api/v1/namespaces/shop/pods/cart/ephemeralcontainers', {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { ephemeralContainers: [ours, other] } },
    });
    const startedAt = started.toISOString().replace('.000Z', 'Z');
    const running = { running: { startedAt } };
    const status = { image: 'i', imageID: '', ready: false, restartCount: 0 };
    await statusOf('cart', {
      phase: 'Running',
      startTime: startedAt,
      ephemeralContainerStatuses: [{ ...status, name: ours.name, state: running }],
    });
    await statusOf('midwatch-node-abcde', {
      phase: 'Running',
      startTime: startedAt,
      containerStatuses: [{ ...status, name: 'debugger', state: running }],
    });
    live = await openLive({ kubeconfig: cluster().kubeconfig });
  });
  afterAll(() => live?.stop());

  it('given what is watched and what the command reads, then both tell the same, and no variable of others', async () => {
    const seen = live.watch<Pod>('pods');
    await seen.until(
      'both debug containers are seen',
      ({ objects }) =>
        objects.get('shop/cart')?.debug?.containers.length === 2 &&
        objects.has('shop/midwatch-node-abcde'),
      120_000,
    );
    const watched = ledgerIn(seen.objects.values());
    const read = await readLedger(live.port.get, 'shop', live.signal);
    expect(read).toEqual({ ok: true, value: watched });
    expect(JSON.stringify([...seen.objects.values()])).not.toContain('never-shown');
    const of = (name: string) => watched.find((e) => e.container === name);
    expect(watched).toHaveLength(3);
    expect(of('midwatch-abcde')).toMatchObject({
      kind: 'container',
      state: 'running',
      target: 'app',
      since: started.getTime(),
      ends: started.getTime() + 30 * 60_000,
      capabilities: ['SYS_PTRACE'],
      by: 'ana',
      reason: 'INC-42 no answer',
    });
    expect(of('debugger-x')).toMatchObject({
      state: 'waiting',
      privileged: true,
      ours: false,
      by: '',
    });
    expect(of('debugger')).toMatchObject({
      kind: 'node-pod',
      state: 'running',
      privileged: true,
      by: 'ben',
      reason: 'INC-43',
    });
    const world: World = {
      ...emptyWorld,
      slices: new Map([
        [
          pods.id,
          {
            state: seen.objects,
            scopes: new Map([['', { kind: 'fresh', heard: systemClock.now() } as const]]),
          },
        ],
      ]),
    };
    const text = textOf(contentOf(debugsView, world, placeOf('debugs')));
    expect(text).toMatch(/shop\/cart +midwatch-abcde +ana\n +INC-42 no answer/);
    const out: string[] = [];
    const io = { out: (t: string) => void out.push(t), err: () => undefined };
    const now = systemClock.now();
    const told = { io, get: live.port.get, namespace: 'shop', json: false, now };
    expect(await tellLedger(told, live.signal)).toBe(0);
    expect(out.join('')).toMatch(/shop\/cart +midwatch-abcde +ana +SYS_PTRACE +INC-42 no answer/);
  });
});
