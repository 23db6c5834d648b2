import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { accessReviews } from '../../../src/adapters/kubernetes/access.ts';
import { discover, discoverAll, unreadText } from '../../../src/adapters/kubernetes/discovery.ts';
import type { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { clientFor, never, resolvedFor } from '../../support/api-client.ts';
import { respond, type ScriptedServer, startScriptedServer } from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let server: ScriptedServer;
let client: UndiciClient;
afterEach(async () => {
  await client.close();
  await server.close();
});

const serve = async (answers: Readonly<Record<string, unknown>>) => {
  server = await startScriptedServer((request, response) => {
    const answer = answers[String(request.url)];
    if (typeof answer === 'number')
      respond(response, answer, `{"kind":"Status","message":"status ${answer}"}`);
    else if (answer === undefined) respond(response, 404, '');
    else respond(response, 200, JSON.stringify(answer));
  });
  client = clientFor(resolvedFor(server.url));
};

const aggregated = (items: readonly unknown[]) => ({ kind: 'APIGroupDiscoveryList', items });
const podsItem = {
  versions: [
    {
      version: 'v1',
      resources: [
        {
          resource: 'pods',
          responseKind: { group: '', version: '', kind: 'Pod' },
          scope: 'Namespaced',
          singularResource: 'pod',
          shortNames: ['po'],
          verbs: ['list', 'watch'],
          subresources: [{ subresource: 'log', responseKind: { kind: 'Pod' }, verbs: ['get'] }],
        },
      ],
    },
  ],
};
const pods = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  singular: 'pod',
  shortNames: ['po'],
  verbs: ['list', 'watch'],
};

describe('discoverAll', () => {
  it('given a server that aggregates, when asked, then two requests tell everything', async () => {
    await serve({ '/api': aggregated([podsItem]), '/apis': aggregated([]) });
    const found = await discover(client, never);
    expect(found).toMatchObject({
      ok: true,
      value: [pods, { resource: 'pods/log', verbs: ['get'] }],
    });
    expect(server.requests()).toBe(2);
  });

  it('given a group whose server is down, when asked, then the rest is there and it is named', async () => {
    const stale = {
      metadata: { name: 'metrics.k8s.io' },
      versions: [{ version: 'v1beta1', freshness: 'Stale' }],
    };
    await serve({ '/api': aggregated([podsItem]), '/apis': aggregated([stale]) });
    const found = await discoverAll(client, never);
    if (!found.ok) throw new Error(found.failure.message);
    expect(found.value.resources).toHaveLength(2);
    expect(unreadText(found.value.unread)).toContain(
      'metrics.k8s.io/v1beta1: its server does not answer',
    );
  });

  it('given an old server, when asked, then each group version is read, the preferred first, and one that fails is named', async () => {
    const list = (name: string) => ({
      resources: [{ name, singularName: '', namespaced: false, kind: 'X', verbs: ['get'] }],
    });
    await serve({
      '/api': { versions: ['v1'] },
      '/apis': {
        groups: [
          {
            name: 'a.example',
            preferredVersion: { version: 'v1' },
            versions: [{ version: 'v2beta1' }, { version: 'v1' }],
          },
          { name: 'down.example', versions: [{ version: 'v1' }] },
        ],
      },
      '/api/v1': list('nodes'),
      '/apis/a.example/v1': list('as'),
      '/apis/a.example/v2beta1': list('as'),
      '/apis/down.example/v1': 503,
    });
    const found = await discoverAll(client, never);
    if (!found.ok) throw new Error(found.failure.message);
    expect(found.value.resources.map((r) => `${r.group}/${r.version}/${r.resource}`)).toEqual([
      '/v1/nodes',
      'a.example/v1/as',
      'a.example/v2beta1/as',
    ]);
    expect(found.value.unread).toEqual([
      { group: 'down.example', version: 'v1', why: 'status 503' },
    ]);
  });

  it('given that only the core may be read, when asked, then it is not lost', async () => {
    await serve({ '/api': aggregated([podsItem]), '/apis': 403 });
    expect(await discoverAll(client, never)).toMatchObject({
      ok: true,
      value: { resources: [pods, {}], unread: [{ why: 'status 403' }] },
    });
  });

  it('given that nothing may be read, when asked, then it fails with the server\u2019s words', async () => {
    await serve({ '/api': 403, '/apis': 403 });
    expect(await discover(client, never)).toMatchObject({
      ok: false,
      failure: { kind: 'forbidden', op: 'discover', message: 'status 403' },
    });
  });

  it('given nonsense, when asked, then it is an empty list or a failure, not an exception', async () => {
    await serve({ '/api': { versions: 7 }, '/apis': [null] });
    expect(await discoverAll(client, never)).toMatchObject({ ok: true, value: { resources: [] } });
  });
});

describe('accessReviews', () => {
  it('given the same question twice, when 30 s have not passed, then it is asked once', async () => {
    const bodies: string[] = [];
    server = await startScriptedServer((request, response) => {
      let body = '';
      (request as NodeJS.ReadableStream).on('data', (chunk) => {
        body += chunk;
      });
      (request as NodeJS.ReadableStream).on('end', () => {
        bodies.push(body);
        (response as ServerResponse).statusCode = 201;
        (response as ServerResponse).end('{"status":{"allowed":true}}');
      });
    });
    client = clientFor(resolvedFor(server.url));
    const clock = new FakeClock();
    const may = accessReviews(clock);
    const access = { verb: 'create', group: '', resource: 'pods/exec', namespace: 'shop' };
    expect(await may(client, access, never)).toEqual({ ok: true, value: true });
    expect(await may(client, access, never)).toEqual({ ok: true, value: true });
    expect(bodies).toHaveLength(1);
    expect(JSON.parse(bodies[0] ?? '').spec.resourceAttributes).toEqual({
      verb: 'create',
      group: '',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'shop',
    });
    await clock.advance(seconds(31));
    await may(client, access, never);
    expect(bodies).toHaveLength(2);
  });

  it('given a failure, when asked again, then it is not remembered', async () => {
    server = await startScriptedServer((_, response, n) =>
      respond(response, n === 1 ? 500 : 201, '{"status":{"allowed":false},"message":"broken"}'),
    );
    client = clientFor(resolvedFor(server.url));
    const may = accessReviews(new FakeClock());
    const access = { verb: 'list', group: 'apps', resource: 'deployments', namespace: '' };
    expect(await may(client, access, never)).toMatchObject({
      ok: false,
      failure: { kind: 'broken', op: 'may list deployments', message: 'broken' },
    });
    expect(await may(client, access, never)).toEqual({ ok: true, value: false });
  });
});
