import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { accessReviews } from '../../../src/adapters/kubernetes/access.ts';
import { discoverAll } from '../../../src/adapters/kubernetes/discovery.ts';
import type { ConnectionFlags } from '../../../src/adapters/kubernetes/kubeconfig.ts';
import { beatEvery, link } from '../../../src/adapters/kubernetes/link.ts';
import { openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import type { LinkBeat } from '../../../src/kernel/ports.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { describeWithCluster } from '../../cluster/support.ts';
import { get, never, watch } from '../../support/api-client.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';

describeWithCluster('the client against a real API server', { nodes: 1 }, (cluster) => {
  let dir: string;
  let stop = new AbortController();
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'midwatch-real-'));
  });
  afterEach(() => {
    stop.abort();
    stop = new AbortController();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const open = async (flags: ConnectionFlags = {}, clock = systemClock) => {
    const kubeconfig = flags.kubeconfig ?? cluster().kubeconfig;
    const opened = await openCluster(
      { flags: { ...flags, kubeconfig }, env: {}, clock, version: 'test' },
      stop.signal,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    return opened.value.client;
  };

  it('given the admin, when namespaces are listed, then they come over HTTP/2 and one connection', async () => {
    const client = await open();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => get(client, '/api/v1/namespaces')),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.parse(body).items.length).toBeGreaterThan(3);
    }
    expect(client.stats()).toMatchObject({ dials: 1, protocol: 'h2' });
  });

  it('given a token that nobody issued, when asked, then it is 401 in the server\u2019s words', async () => {
    const kubeconfig = cluster().kubeconfigWith('nobody', { kind: 'token', token: 'not-a-token' });
    const answer = await get(await open({ kubeconfig }), '/api/v1/pods');
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
  });

  it.each([['one'], ['one', 'two, three', 'four']])(
    'given --as with groups %j, %j, %j, when the server is asked who we are, then it sees just these',
    async (...asGroups) => {
      const groups = asGroups.filter((group) => group !== undefined);
      const client = await open({ as: 'jane', asGroups: groups, asUid: '42' });
      const asked = await client.request(
        {
          method: 'POST',
          path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
          accept: 'application/json',
          body: '{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}',
        },
        never,
      );
      if (!asked.ok) throw new Error(asked.failure.message);
      const { userInfo } = JSON.parse(await asked.value.text()).status;
      expect(userInfo).toMatchObject({ username: 'jane', uid: '42' });
      expect(userInfo.groups).toEqual([...groups, 'system:authenticated']);
    },
  );

  it('given every API, when discovered, then pods, deployments and their sub-resources are there', async () => {
    const found = await discoverAll(await open(), never);
    if (!found.ok) throw new Error(found.failure.message);
    const names = found.value.resources.map((r) => `${r.group}/${r.version}/${r.resource}`);
    expect(names).toEqual(
      expect.arrayContaining(['/v1/pods', '/v1/pods/log', 'apps/v1/deployments']),
    );
    expect(found.value.resources.find((r) => r.resource === 'pods')).toMatchObject({
      kind: 'Pod',
      namespaced: true,
      shortNames: ['po'],
      verbs: expect.arrayContaining(['list', 'watch']),
    });
    expect(found.value.unread).toEqual([]);
  });

  it('given an aggregated API without a server, when discovered, then it is named and the rest is there', async () => {
    const name = 'v1.gone.midwatch.dev';
    await cluster().apply([
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name },
        spec: {
          group: 'gone.midwatch.dev',
          version: 'v1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: 'gone', namespace: 'default' },
        },
      },
    ]);
    const client = await open();
    await until('the group is named', async () => {
      const found = await discoverAll(client, never);
      return (
        found.ok &&
        found.value.resources.some((r) => r.resource === 'pods') &&
        found.value.unread.some((u) => u.group === 'gone.midwatch.dev')
      );
    });
    await cluster().kubectl(['delete', 'apiservice', name]);
  });

  it('given the admin and a user without rights, when they ask what they may, then only one may', async () => {
    const access = { verb: 'create', group: '', resource: 'pods/exec', namespace: 'default' };
    const kubeconfig = await cluster().kubeconfigFor({ user: 'powerless' });
    expect(await accessReviews(systemClock)(await open(), access, never)).toEqual({
      ok: true,
      value: true,
    });
    const client = await open({ kubeconfig });
    expect(await accessReviews(systemClock)(client, access, never)).toEqual({
      ok: true,
      value: false,
    });
  });

  it('given a server that is frozen, when beats are missed, then the link is dialled anew, and is back when it thaws', async () => {
    const clock = new FakeClock();
    const client = await open({}, clock);
    const beats: LinkBeat[] = [];
    const last = (): string | undefined => beats.at(-1)?.kind;
    const running = link({ random: () => 0.5 })(
      client,
      clock,
      (beat) => beats.push(beat),
      stop.signal,
    );
    await until('the first beat is answered', () => last() === 'answered');
    const { seen, reading } = await watch(client, '/api/v1/namespaces?watch=1');
    cluster().pauseApiServer();
    try {
      const pass = async (wait: number, until2: string): Promise<void> => {
        await until('it rests', () => clock.sleeping === 1);
        await clock.advance(seconds(wait));
        await until('the beat is on its way', () => clock.sleeping === 1);
        await clock.advance(seconds(3));
        await until(`it is ${until2}`, () => last() === until2);
      };
      await pass(beatEvery / 1000, 'missed');
      await pass(2, 'redialled');
      await reading;
      expect(seen.end).toBeInstanceOf(Error);
    } finally {
      cluster().resumeApiServer();
    }
    await until('the link is back', async () => {
      await clock.advance(seconds(1));
      return last() === 'answered';
    });
    stop.abort();
    await running;
  });
});
