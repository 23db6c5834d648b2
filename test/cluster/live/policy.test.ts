import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { known } from '../../../src/actions/guard.ts';
import { guards } from '../../../src/actions/guards/index.ts';
import { judge } from '../../../src/actions/judge.ts';
import { noSettings, type PolicySettings } from '../../../src/actions/policy-settings.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { whoAmI } from '../../../src/adapters/kubernetes/self-review.ts';
import { gatherer } from '../../../src/cli/gather.ts';
import { type ActPlan, type ActSubject, rightText } from '../../../src/kernel/act.ts';
import { emptyWorld } from '../../../src/kernel/world.ts';
import { discovery } from '../../../src/probes/discovery.ts';
import { aPlan } from '../../support/any-plan.ts';
import { type Live, openLive } from '../../support/live-kubernetes.ts';
import type { Manifest } from '../apply.ts';
import { argoCrds } from '../argo-crds.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';
import { midwatch } from './command.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const rbac = 'rbac.authorization.k8s.io';
const argo = 'argoproj.io/v1alpha1';

const bound = (user: string, name: string, rules: readonly object[]): readonly Manifest[] => [
  { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  },
];

const looks = {
  apiGroups: ['', 'apps'],
  resources: ['configmaps', 'namespaces', 'deployments', 'pods'],
  verbs: ['get', 'list', 'watch'],
};

const configMap = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
});

/** Open all the time: windows that begin each hour and last two. */
const always = { schedule: '0 * * * *', duration: '2h' };

const application = (project: string): Manifest => ({
  apiVersion: argo,
  kind: 'Application',
  metadata: { name: 'cart', namespace: 'argocd' },
  spec: {
    project,
    destination: { namespace: 'shop', server: 'https://kubernetes.default.svc' },
    source: { repoURL: 'https://git.example/shop.git', path: '.', targetRevision: 'main' },
  },
});

const projectOf = (syncWindows: readonly object[]): Manifest => ({
  apiVersion: argo,
  kind: 'AppProject',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }], syncWindows },
});

describeWithCluster('what is gathered before a change', {}, (cluster) => {
  let live: Live | undefined;
  let anna = '';
  let boris = '';

  beforeAll(async () => {
    await cluster().apply([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'shop', labels: { tier: 'payments' } },
      },
      namespaceOf('argocd'),
      configMap('cart'),
      ...bound('anna', 'anna', [
        looks,
        { apiGroups: ['argoproj.io'], resources: ['*'], verbs: ['list'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: ['patch'], resourceNames: ['cart'] },
      ]),
      ...bound('boris', 'boris', [
        looks,
        { apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] },
      ]),
    ]);
    anna = await cluster().kubeconfigFor({ user: 'anna' });
    boris = await cluster().kubeconfigFor({ user: 'boris' });
  });

  afterEach(async () => {
    await live?.stop();
    live = undefined;
  });

  const uidOf = async (name: string): Promise<string> =>
    (await cluster().read(configMap(name))).metadata.uid ?? '';

  const subjectOf = (name: string, uid: string): ActSubject => ({
    kind: 'object',
    resource: 'configmaps',
    namespace: 'shop',
    name,
    uid,
  });

  const planFor = async (name: string, uid?: string): Promise<ActPlan> =>
    aPlan({
      subject: subjectOf(name, uid ?? (await uidOf(name))),
      typed: name,
      requests: [],
      rights: [{ verb: 'patch', group: '', resource: 'configmaps', namespace: 'shop', name }],
    });

  const opened = async (kubeconfig: string, settings: PolicySettings = noSettings) => {
    const here = await openLive({ kubeconfig });
    live = here;
    const served = await here.port.discover(here.signal);
    if (!served.ok) throw new Error(served.failure.message);
    const world = {
      ...emptyWorld,
      slices: new Map([[discovery.id, { state: served.value, scopes: new Map() }]]),
    };
    return gatherer({
      clock: systemClock,
      context: 'test',
      production: false,
      settings,
      flag: null,
      world: () => world,
      read: here.port.get,
      may: here.port.may,
      identity: (signal) => whoAmI(here.client, signal),
      used: () => ({ bytes: 0, streams: 0 }),
      writes: () => [],
      glass: () => null,
      approval: async () => known(null),
      audit: async () => known(true as const),
    });
  };

  const { signal } = new AbortController();

  it('given a right to one object, when two are asked about, then it is for that one only, and the server names us', async () => {
    const { gather } = await opened(anna);
    const cart = await planFor('cart');
    const facts = await gather(cart, true, signal);
    expect(facts.identity).toEqual(known('anna'));
    expect(facts.uid).toEqual(known(await uidOf('cart')));
    expect([...facts.rights]).toEqual([[rightText(cart.rights[0] as never), known(true)]]);
    expect(judge(guards, cart, facts, systemClock.now()).outcome).toBe('ask');
    const web = await gather(await planFor('web', 'x'), true, signal);
    expect([...web.rights.values()]).toEqual([known(false)]);
    expect(web.uid).toEqual(known(''));
  });

  it('given an object that was deleted and made again, when it is looked at again, then it is another one', async () => {
    const { gather } = await opened(boris);
    await cluster().apply([configMap('replaced')]);
    const before = await planFor('replaced');
    await cluster().remove([configMap('replaced')]);
    await cluster().apply([configMap('replaced')]);
    const facts = await gather(before, true, signal);
    const denied = judge(guards, before, facts, systemClock.now());
    expect(denied).toMatchObject({ outcome: 'deny', breakable: false });
    expect(denied.reasons[0]).toMatchObject({ guard: 'uid-pinned' });
  });

  it('given a class that asks for labels of the namespace, when nobody watches it, then they are read', async () => {
    const rule = {
      name: 'payments',
      contexts: [],
      namespaces: [],
      labels: ({ tier }: Readonly<Record<string, string>>) => tier === 'payments',
      base: null,
      sets: { podsMax: 1 },
    } as const;
    const { gather } = await opened(anna, { ...noSettings, classes: [rule] });
    expect((await gather(await planFor('cart'), true, signal)).policy.name).toBe('payments');
  });

  it('given a cluster without Argo CD, when somebody asks who may not list it, then there are no windows', async () => {
    const { gather } = await opened(boris);
    expect((await gather(await planFor('cart'), true, signal)).windows).toEqual(known([]));
  });

  describe('with the definitions of Argo CD', () => {
    beforeAll(async () => {
      await cluster().apply(await argoCrds());
      await cluster().apply([projectOf([]), application('shop')]);
    });

    const windowsOf = async (kubeconfig: string) => {
      const { gather } = await opened(kubeconfig);
      const plan = await planFor('cart');
      const facts = await gather(plan, true, signal);
      return { facts, verdict: judge(guards, plan, facts, systemClock.now()) };
    };

    it('given a deny window that is open, when a change is judged, then it is closed, and only the glass opens it', async () => {
      await cluster().apply([projectOf([{ ...always, kind: 'deny', applications: ['*'] }])]);
      const { facts, verdict } = await windowsOf(anna);
      expect(facts.windows).toMatchObject({
        kind: 'known',
        value: [{ source: 'AppProject argocd/shop', allowed: false, changesAt: null }],
      });
      expect(verdict).toMatchObject({ outcome: 'deny', breakable: true });
    });

    it('given an allow window that is open, when a change is judged, then somebody is asked', async () => {
      await cluster().apply([projectOf([{ ...always, kind: 'allow', namespaces: ['sho*'] }])]);
      expect((await windowsOf(anna)).verdict.outcome).toBe('ask');
    });

    it('given windows that no server has checked, when a change is judged, then it is closed', async () => {
      await cluster().apply([
        projectOf([
          { kind: 'allow', schedule: 'every tuesday', duration: 'soon', applications: ['*'] },
        ]),
      ]);
      const { facts, verdict } = await windowsOf(anna);
      expect(facts.windows).toMatchObject({ value: [{ allowed: false }] });
      expect(verdict.outcome).toBe('deny');
    });

    it('given a project that is not there, when a change is judged, then it is closed', async () => {
      await cluster().apply([application('lost')]);
      expect((await windowsOf(anna)).verdict.outcome).toBe('deny');
      await cluster().apply([application('shop')]);
    });

    it('given somebody who may not list applications, when a change is judged, then windows are not known, and closed', async () => {
      await cluster().apply([projectOf([])]);
      const { facts, verdict } = await windowsOf(boris);
      expect(facts.windows).toMatchObject({
        kind: 'unknown',
        why: expect.stringContaining('you may not list applications'),
      });
      expect(verdict).toMatchObject({ outcome: 'deny', breakable: true });
    });
  });

  describe('midwatch policy explain', () => {
    let directory = '';
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'midwatch-policy-'));
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    it('given a live cluster, when a change is explained, then the server was asked, and nothing has changed', async () => {
      const before = (await cluster().read(configMap('cart'))).metadata.resourceVersion;
      const ran = await midwatch(
        ...['policy', 'explain', 'annotate', 'cm/cart', '-n', 'shop', '--kubeconfig', anna],
        ...['--arg', 'text=hello', '--json'],
      );
      expect(ran.err).toBe('');
      const report = JSON.parse(ran.out) as {
        readonly outcome: string;
        readonly guards: readonly { readonly guard: string; readonly says: string }[];
      };
      const said = (guard: string) => report.guards.find((g) => g.guard === guard)?.says;
      expect([ran.code, report.outcome, said('rights'), said('uid-pinned')]).toEqual([
        0,
        'ask',
        'allow',
        'allow',
      ]);
      expect((await cluster().read(configMap('cart'))).metadata.resourceVersion).toBe(before);
    });

    it('given a policy in a file, when it is checked, then the exit code tells', async () => {
      const file = join(directory, 'config.yaml');
      writeFileSync(
        file,
        'policy: {windows: [{name: a, kind: deny, schedule: soon, duration: 1h}]}\n',
      );
      const ran = await midwatch('policy', 'check', file);
      expect(ran.code).toBe(64);
      expect(ran.err).toContain(`${file}:1`);
    });
  });
});
