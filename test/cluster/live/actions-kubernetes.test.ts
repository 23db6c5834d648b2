import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { EffectMode } from '../../../src/adapters/effects/effect-mode.ts';
import { openEffects } from '../../../src/adapters/effects/open-effects.ts';
import { noNamedSources } from '../../../src/kernel/source-target.ts';
import { actOn, objectOf } from '../../support/act-on.ts';
import { type Live, openLive, type Seen } from '../../support/live-kubernetes.ts';
import { worldOf } from '../../support/world-of.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf, workload } from '../workloads.ts';
import { type RecordingProxy, recordingProxy } from './recording-proxy.ts';

const kinds = [
  'nodes',
  'pods',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
] as const;

describeWithCluster('actions on a real API server', { nodes: 2, pods: 6 }, (cluster) => {
  let proxy: RecordingProxy;
  let live: Live;
  let mode: EffectMode = 'guarded';
  const seen = new Map<string, Seen>();
  const stop = new AbortController();
  let kubeconfig = '';

  const world = () =>
    worldOf(Object.fromEntries([...seen].map(([kind, s]) => [kind, [...s.objects.values()]])));
  const opened = (as?: string) =>
    openEffects(
      {
        flags: { kubeconfig, ...(as === undefined ? {} : { as }) },
        env: {},
        clock: systemClock,
        version: 'test',
        settings: { ...noNamedSources, etcd: [], alertmanagers: [] },
        mode: () => mode,
      },
      stop.signal,
    );
  const door = (as?: string) => {
    const effects = opened(as);
    return actOn({ ports: effects.ports, reads: effects.reads, world });
  };
  const deployment = () => seen.get('deployments')?.objects.get('shop/cart') ?? { uid: '' };
  const read = (path: string) => cluster().request(path);
  const cart = '/apis/apps/v1/namespaces/shop/deployments/cart';

  beforeAll(async () => {
    kubeconfig = join(cluster().run.dir, 'recorded.kubeconfig');
    proxy = await recordingProxy(cluster().api, kubeconfig);
    await cluster().apply([
      namespaceOf('shop'),
      workload(cluster(), { name: 'cart', namespace: 'shop', replicas: 3 }),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'cart' } } },
      },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'cart-scaler', namespace: 'shop' },
        spec: {
          maxReplicas: 9,
          minReplicas: 1,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'alone', namespace: 'shop' },
        spec: {
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: 'app', image: 'registry.test/app:1' }],
        },
      },
    ]);
    live = await openLive({ kubeconfig: cluster().kubeconfig });
    for (const kind of kinds) seen.set(kind, live.watch(kind));
    for (const [kind, s] of seen)
      await s.until(`${kind} are known`, (x) => x.synced.has(''), 90_000);
    await seen
      .get('pods')
      ?.until(
        'pods of the cart are ready',
        (s) =>
          [...s.objects.values()].filter(
            (p) => p.name.startsWith('cart-') && 'ready' in p && p.ready === 1,
          ).length === 3,
        120_000,
      );
  }, 300_000);
  afterAll(async () => {
    stop.abort();
    await live?.stop();
    await proxy?.close();
  }, 300_000);
  beforeEach(() => {
    mode = 'guarded';
    proxy.clear();
  });

  it('given a node, when it is cordoned and uncordoned, then one patch with its uid does each', async () => {
    const name = [...(seen.get('nodes')?.objects.keys() ?? [])][0] ?? '';
    const uid = seen.get('nodes')?.objects.get(name)?.uid ?? '';
    const act = door();
    expect(await act.act('cordon', objectOf('nodes', '', name))).toMatchObject({ kind: 'done' });
    expect((await read(`/api/v1/nodes/${name}`)).spec.unschedulable).toBe(true);
    expect(proxy.writes()).toEqual([
      {
        method: 'PATCH',
        path: `/api/v1/nodes/${name}?fieldManager=midwatch`,
        contentType: 'application/strategic-merge-patch+json',
        body: JSON.stringify({ metadata: { uid }, spec: { unschedulable: true } }),
      },
    ]);
    await seen.get('nodes')?.until('it is seen', (s) => {
      const node = s.objects.get(name);
      return node !== undefined && 'unschedulable' in node && node.unschedulable === true;
    });
    expect(await act.act('uncordon', objectOf('nodes', '', name))).toMatchObject({ kind: 'done' });
    expect((await read(`/api/v1/nodes/${name}`)).spec.unschedulable).toBeUndefined();
  });

  it('given a deployment, when it is restarted, then its template is stamped, and nothing else was sent', async () => {
    const act = door();
    const asked = await act.ask('restart', objectOf('deployments', 'shop', 'cart'));
    expect(asked.plan.dangers[0]).toBe(
      'All 3 pods behind it are replaced; 3 of them are ready now.',
    );
    expect(asked.plan.dangers.join(' ')).toMatch(/at most 25% of them missing/);
    expect(asked.plan.weight).toMatchObject({ pods: 3, disruptionsAllowed: 1, unknown: [] });
    expect(proxy.writes()).toEqual([]);
    expect(await act.carryOut(asked)).toMatchObject({ kind: 'done' });
    const { metadata } = (await read(cart)).spec.template;
    expect(metadata.annotations['kubectl.kubernetes.io/restartedAt']).toMatch(/^\d{4}-/);
    expect(proxy.writes().map((w) => `${w.method} ${w.path}`)).toEqual([
      `PATCH ${cart}?fieldManager=midwatch`,
    ]);
  });

  it('given an object that has been replaced, when an old uid is named, then the server refuses it', async () => {
    for (const [action, args] of [
      ['restart', {}],
      ['scale', { replicas: '5' }],
      ['annotate', { text: 'hello there' }],
    ] as const) {
      const act = door();
      const asked = await act.ask(
        action,
        objectOf('deployments', 'shop', 'cart', deployment().uid),
        args,
      );
      const forged = JSON.parse(
        JSON.stringify(asked.plan).replaceAll(
          deployment().uid,
          '00000000-0000-4000-8000-000000000000',
        ),
      );
      const result = await act.carryOut({ ...asked, plan: forged });
      expect(result, action).toMatchObject({
        kind: 'failed',
        failure: { kind: 'refused', hint: expect.stringMatching(/replaced|not what it was/) },
      });
    }
    expect((await read(cart)).spec.replicas).toBe(3);
  });

  it('given a deployment, when it is scaled, then only from the number that was shown, also from and to zero', async () => {
    const act = door();
    const subject = objectOf('deployments', 'shop', 'cart');
    const asked = await act.ask('scale', subject, { replicas: '5' });
    expect(asked.plan.title).toBe('scale deployment shop/cart from 3 to 5');
    expect(asked.plan.dangers.join(' ')).toMatch(/cart-scaler sets it to between 1 and 9/);
    await cluster().kubectl(['-n', 'shop', 'scale', 'deployment/cart', '--replicas=4']);
    expect(await act.carryOut(asked)).toMatchObject({
      kind: 'failed',
      failure: { hint: expect.stringMatching(/not what it was/) },
    });
    for (const replicas of ['0', '2', '3']) {
      expect(await act.act('scale', subject, { replicas })).toMatchObject({ kind: 'done' });
      expect((await read(cart)).spec.replicas).toBe(Number(replicas));
    }
  });

  it('given a pod, when it is deleted, then only that very one, and who makes another is told', async () => {
    await seen
      .get('pods')
      ?.until('pods are there again', (s) =>
        [...s.objects.values()].some((p) => p.name.startsWith('cart-')),
      );
    const act = door();
    const pod = [...(seen.get('pods')?.objects.values() ?? [])].find(
      (p) => p.name.startsWith('cart-') && 'deleting' in p && p.deleting === null,
    );
    const alone = seen.get('pods')?.objects.get('shop/alone');
    const forged = await act.ask('delete-pod', objectOf('pods', 'shop', 'alone', alone?.uid ?? ''));
    const other = JSON.parse(
      JSON.stringify(forged.plan).replaceAll(alone?.uid ?? '-', pod?.uid ?? ''),
    );
    expect(await act.carryOut({ ...forged, plan: other })).toMatchObject({
      kind: 'failed',
      failure: { status: 409, hint: expect.stringMatching(/replaced/) },
    });
    expect((await read('/api/v1/namespaces/shop/pods/alone')).metadata.name).toBe('alone');
    expect(forged.plan.dangers[0]).toMatch(/gone for good/);
    expect(forged.plan.weight).toMatchObject({ pods: 1, disruptionsAllowed: null, unknown: [] });
    const owned = await act.ask('delete-pod', objectOf('pods', 'shop', pod?.name ?? ''));
    expect(owned.plan.dangers[0]).toMatch(/^ReplicaSet cart-\w+ makes another one/);
    expect(owned.plan.weight.disruptionsAllowed).toEqual(expect.any(Number));
    expect(await act.carryOut(owned)).toMatchObject({ kind: 'done' });
    await cluster().waitFor({ until: 'it goes', timeoutMs: 60_000 }, () =>
      read(`/api/v1/namespaces/shop/pods/${pod?.name}`).then(
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
        ({ code }) => code === 404,
      ),
    );
    const body = proxy.writes().at(-1)?.body ?? '';
    expect(JSON.parse(body)).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: pod?.uid },
    });
  });

  it('given an object, when a note is put on it and taken away, then its annotations say so', async () => {
    const act = door();
    const subject = objectOf('deployments', 'shop', 'cart');
    expect(await act.act('annotate', subject, { text: 'leaks memory, INC-7' })).toMatchObject({
      kind: 'done',
    });
    expect((await read(cart)).metadata.annotations).toMatchObject({
      'midwatch.dev/incident': 'leaks memory, INC-7',
      'midwatch.dev/incident-by': 'jo',
    });
    expect(await act.act('annotate', subject, { text: '-' })).toMatchObject({ kind: 'done' });
    expect(Object.keys((await read(cart)).metadata.annotations).join()).not.toContain(
      'midwatch.dev',
    );
  });

  it('given an answer that is lost on its way, when it was carried out, then nobody is told that it failed', async () => {
    const act = door();
    const asked = await act.ask('scale', objectOf('deployments', 'shop', 'cart'), {
      replicas: '6',
    });
    proxy.loseNextAnswer();
    expect(await act.carryOut(asked)).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/nobody knows what came of it/),
    });
    expect((await read(cart)).spec.replicas).toBe(6);
    // It was not sent a second time.
    expect(proxy.writes().length).toBe(1);
  });

  it('given a user without the right, when it is carried out, then the words of the server are told', async () => {
    const act = door();
    const asked = await act.ask('restart', objectOf('deployments', 'shop', 'cart'));
    const poor = opened('somebody');
    const denied = await actOn({ ports: poor.ports, reads: poor.reads, world }).carryOut(asked);
    expect(denied).toMatchObject({
      kind: 'failed',
      failure: { kind: 'forbidden', status: 403, message: expect.stringMatching(/cannot patch/) },
    });
  });

  it('given a session that became read-only after somebody agreed, when it is carried out, then nothing leaves', async () => {
    const act = door();
    const asked = await act.ask('restart', objectOf('deployments', 'shop', 'cart'));
    mode = 'read-only';
    expect(await act.carryOut(asked)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'forbidden', message: expect.stringMatching(/read-only/) },
    });
    expect(proxy.writes()).toEqual([]);
  });
});
