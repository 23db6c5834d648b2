import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { debug } from '../../../src/actions/debug.ts';
import { objectOf } from '../../support/act-on.ts';
import { absentImage, shellImage } from '../images/shell-image.ts';
import { staticPodDir } from '../kubelet.ts';
import { describeWithCluster } from '../support.ts';
import { namespaceOf } from '../workloads.ts';
import { podOf } from './debug-objects.ts';
import { type DebugSession, debugSession } from './debug-session.ts';

const patience = 180_000;

describeWithCluster('debug containers that cannot be', { nodes: 1, realNode: true }, (cluster) => {
  let session: DebugSession;
  let image = '';
  const others: DebugSession[] = [];

  const pod = (name: string) => cluster().request(`/api/v1/namespaces/shop/pods/${name}`);
  const comesTo = (name: string, what: string, check: (status: string) => boolean) =>
    cluster().waitFor({ until: `${name} ${what}`, timeoutMs: patience }, async () =>
      check(JSON.stringify((await pod(name)).status)),
    );
  const runs = (name: string) => comesTo(name, 'runs', (s) => s.includes('"running"'));
  const inShop = (name: string) => objectOf('pods', 'shop', name);
  /** A person with these rights in the shop. */
  const personWith = async (user: string, rules: readonly object[]): Promise<DebugSession> => {
    const group = 'rbac.authorization.k8s.io';
    await cluster().apply([
      {
        apiVersion: `${group}/v1`,
        kind: 'Role',
        metadata: { name: user, namespace: 'shop' },
        rules,
      },
      {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata: { name: user, namespace: 'shop' },
        roleRef: { apiGroup: group, kind: 'Role', name: user },
        subjects: [{ apiGroup: group, kind: 'User', name: user }],
      },
    ]);
    const kubeconfig = await cluster().kubeconfigFor({ user, namespace: 'shop' });
    const theirs = debugSession({ kubeconfig, image });
    others.push(theirs);
    return theirs;
  };

  beforeAll(async () => {
    image = await shellImage(cluster());
    await cluster().apply([
      namespaceOf('shop'),
      podOf('shop', 'cart'),
      podOf('shop', 'other'),
      podOf('shop', 'crashing', 'exit 7'),
      podOf('shop', 'brief'),
    ]);
    writeFileSync(
      join(staticPodDir(cluster().run), 'fixed.json'),
      JSON.stringify(podOf('shop', 'fixed')),
    );
    await Promise.all(['cart', 'other', 'brief', 'fixed-real-1'].map(runs));
    session = debugSession({ kubeconfig: cluster().kubeconfig, image });
  }, 600_000);
  afterAll(() => {
    for (const one of [session, ...others]) one?.close();
  });

  it('given a static pod, when a container is asked for, then it is refused with what can be done instead', async () => {
    const plan = await session.plan(debug, inShop('fixed-real-1'));
    expect(plan.refusals).toEqual([
      'it is a static pod: the API server takes no debug containers for it; use debug on node real-1',
    ]);
    // Who is asked nevertheless says no as well.
    expect(await session.begin(debug, plan).result).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringMatching(/static pods do not support ephemeral/i) },
    });
  });

  it('given an image that no registry has, when it is pulled, then that is told when it fails, not when time is up', async () => {
    const { result, progress } = await session.start(debug, inShop('cart'), { image: absentImage });
    const ended = await result;
    expect(ended).toMatchObject({
      kind: 'failed',
      failure: {
        message: expect.stringMatching(/^(ErrImagePull|ImagePullBackOff): .*absent/),
        hint: expect.stringMatching(/stays in the pod/),
      },
    });
    expect(progress.join('\n')).toMatch(/waiting: /);
  });

  it('given a container that crashes again and again, when it is to be joined, then its processes are not promised', async () => {
    // It runs for a moment now and then: what counts is what is said between its starts.
    const between = { until: 'it waits to start again', timeoutMs: patience };
    await cluster().waitFor(between, () =>
      session.plan(debug, inShop('crashing'), { target: 'app' }).then(
        () => false,
        (cause) => /app does not run now.*ask for target none/.test(String(cause)),
      ),
    );
    const plan = await cluster().waitFor(between, async () => {
      const made = await session.plan(debug, inShop('crashing'));
      return /joins no processes/.test(made.dangers.join(' ')) && made;
    });
    const { terminal, result } = session.begin(debug, plan);
    await terminal.shows('# ', patience);
    terminal.type('exit\r');
    expect(await result).toMatchObject({ kind: 'done' });
  });

  it('given a pod that was replaced after it was looked at, when it is carried out, then the new one is not touched', async () => {
    const plan = await session.plan(debug, inShop('other'));
    await cluster().remove([podOf('shop', 'other')]);
    await cluster().waitFor({ until: 'it is gone', timeoutMs: patience }, () =>
      pod('other').then(
        () => false,
        ({ code }) => code === 404,
      ),
    );
    expect(await session.begin(debug, plan).result).toMatchObject({
      kind: 'failed',
      failure: { kind: 'absent', message: expect.stringMatching(/"other" not found/) },
    });
    await cluster().apply([podOf('shop', 'other')]);
    expect(await session.begin(debug, plan).result).toMatchObject({
      kind: 'failed',
      failure: { status: 422, hint: expect.stringMatching(/replaced by another/) },
    });
    expect((await pod('other')).spec.ephemeralContainers).toBeUndefined();
  });

  it('given a pod that goes while a container is awaited, when that is seen, then nobody waits on', async () => {
    const plan = await session.plan(debug, inShop('brief'), { image: absentImage });
    const last = plan.requests.filter((r) => r.kind === 'attach');
    const begun = session.begin(debug, { ...plan, requests: last });
    await cluster().remove([podOf('shop', 'brief')]);
    expect(await begun.result).toMatchObject({
      kind: 'failed',
      failure: { message: 'the pod is gone, and the container with it' },
    });
  });

  it('given persons with parts of the rights, when they join, then it takes get and create, and the server says so', async () => {
    const reads = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    const adds = { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] };
    const joins = (verbs: readonly string[]) => ({
      apiGroups: [''],
      resources: ['pods/attach'],
      verbs,
    });
    const nobody = await personWith('nobody', [reads]);
    const plan = await nobody.plan(debug, inShop('cart'), { reuse: 'no' });
    expect(plan.dangers.join(' ')).toMatch(/could not be read: the dry run will tell/);
    expect(plan.rights.map((r) => `${r.verb} ${r.resource}`)).toEqual([
      'get pods',
      'patch pods/ephemeralcontainers',
      'get pods/attach',
      'create pods/attach',
    ]);
    expect(await nobody.begin(debug, plan).result).toMatchObject({
      kind: 'failed',
      failure: { status: 403, message: expect.stringMatching(/cannot patch/) },
    });
    for (const [user, verbs, passes] of [
      ['getter', ['get'], false],
      ['creator', ['create'], false],
      ['both', ['get', 'create'], true],
    ] as const) {
      const who = await personWith(user, [reads, adds, joins(verbs)]);
      const { terminal, result } = await who.start(debug, inShop('cart'), { reuse: 'no' });
      if (passes) {
        await terminal.shows(/[#$] /, patience);
        terminal.type('exit\r');
        expect(await result, user).toMatchObject({ kind: 'done' });
      } else {
        expect(await result, user).toMatchObject({
          kind: 'failed',
          failure: {
            kind: 'forbidden',
            message: expect.stringMatching(/^pods "cart" is forbidden/),
            hint: 'ask for the verbs get and create on pods/attach in this namespace',
          },
        });
      }
    }
  });
});
