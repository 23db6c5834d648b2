import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanagerGuard } from '../../../src/adapters/effects/alertmanager-guard.ts';
import { etcdGuard } from '../../../src/adapters/effects/etcd-guard.ts';
import { kubernetesGuard } from '../../../src/adapters/effects/kubernetes-guard.ts';
import { directHttp } from '../../../src/adapters/http/direct.ts';
import type { HttpRequest } from '../../../src/adapters/http/http-source.ts';
import type { ApiCall } from '../../../src/adapters/kubernetes/api-client.ts';
import { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { never, resolvedFor, rotating } from '../../support/api-client.ts';
import { respond, type ScriptedServer, startScriptedServer } from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** What arrived: method and path. */
const arrived: { readonly method: string; readonly path: string; body: string }[] = [];
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer((request, response) => {
    const entry = { method: request.method ?? '', path: request.url ?? '', body: '' };
    arrived.push(entry);
    request.on('data', (chunk) => {
      entry.body += String(chunk);
    });
    request.on('end', () => respond(response, 200, '{}'));
  });
});
afterAll(() => server.close());

const reviews = [
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
  '/apis/authentication.k8s.io/v1/selfsubjectreviews',
];
const word = fc.constantFrom(
  'a',
  'pods',
  'exec',
  'attach',
  'proxy',
  'scale',
  '..',
  '%2e',
  '',
  'v1',
);
const shaped = fc.constantFrom(
  ...reviews,
  '/api/v1/nodes/a',
  '/api/v1/namespaces/a/pods',
  '/api/v1/namespaces/a/pods/b',
  '/api/v1/namespaces/a/pods/b/ephemeralcontainers',
  `/api/v1/namespaces/a/pods/b/ex${'ec'}?command=sh`,
  '/apis/apps/v1/namespaces/a/deployments/b',
  '/apis/apps/v1/namespaces/a/deployments/b/scale',
  '/api/v1/namespaces/a/services/am:9093/proxy/api/v2/silences',
  '/api/v2/silences',
  '/api/v2/silence/0b1c8f6e-0000-4000-8000-000000000001',
  '/v3/maintenance/status',
  '/v3/maintenance/snapshot',
  '/v3/maintenance/defragment',
  '/v3/maintenance/alarm',
  '/v3/maintenance/transfer-leadership',
  '/v3/kv/compaction',
  '/v3/kv/put',
  '/v3/kv/range',
  '/v3/cluster/member/list',
  '/v3/cluster/member/remove',
);
const path = fc.oneof(
  shaped,
  fc.array(word, { maxLength: 8 }).map((words) => `/${words.join('/')}`),
  fc.webPath(),
  fc.string(),
);
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('get', 'patch', 'CONNECT', 'OPTIONS', 'TRACE', '') },
);
const body = fc.oneof(
  fc.constantFrom(
    undefined,
    '',
    '{}',
    '{"linearizable":false}',
    '{"action":"DEACTIVATE","memberID":"1","alarm":"NOSPACE"}',
    '{"revision":"5","physical":true}',
    '{"metadata":{"annotations":{"midwatch.dev/incident":"x"}}}',
    '{"spec":{"unschedulable":true}}',
    '{"kind":"DeleteOptions","preconditions":{"uid":"u"}}',
    '[{"op":"add","path":"/spec/replicas","value":0}]',
  ),
  fc.json(),
);
const requests = (runs: number) =>
  fc.sample(fc.tuple(method, path, body), { numRuns: runs, seed: 20261123 });

describe('a read-only session at its connections', () => {
  it('given 10 000 random requests, when they are asked of the API client, then only reading and reviews of oneself arrive', async ({
    annotate,
  }) => {
    arrived.length = 0;
    const client = new UndiciClient({
      resolved: resolvedFor(server.url),
      credential: rotating('t'),
      clock: new FakeClock(),
      version: 'test',
      guard: kubernetesGuard(() => 'read-only'),
    });
    let refused = 0;
    let asked = 0;
    for (const [m, p, b] of requests(10_000)) {
      const call = { method: m, path: p, accept: '*/*', ...(b === undefined ? {} : { body: b }) };
      asked += 1;
      try {
        const sent = await client.request(call as ApiCall, never);
        if (sent.ok) await sent.value.text();
      } catch (error) {
        expect(String(error)).toMatch(/refused/);
        refused += 1;
      }
    }
    await client.close();
    await annotate(`${asked} asked for, ${refused} refused, ${arrived.length} arrived`);
    expect(asked).toBe(10_000);
    expect(refused).toBeGreaterThan(1000);
    expect(arrived.length).toBeGreaterThan(100);
    for (const { method: m, path: p } of arrived) {
      const reads = m === 'GET' || m === 'HEAD';
      expect(reads || (m === 'POST' && reviews.includes(p)), `${m} ${p}`).toBe(true);
      expect(p).not.toMatch(/\/pods\/[^/]+\/(?:exec|attach|portforward)\/?(?:\?|$)/);
    }
  }, 120_000);

  it.each([
    ['etcd', etcdGuard(() => 'read-only')],
    ['an Alertmanager', alertmanagerGuard(() => 'read-only')],
  ] as const)(
    'given random requests, when they are asked of %s, then only what reads arrives',
    async (_, guard) => {
      arrived.length = 0;
      const source = directHttp({
        way: { kind: 'direct', url: server.url },
        auth: { kind: 'none' },
        tls: noTls,
        clock: new FakeClock(),
        version: 'test',
        guard,
      });
      for (const [m, p, b] of requests(5000)) {
        const request = { method: m, path: p, ...(b === undefined ? {} : { body: b }) };
        try {
          const sent = await source.request(
            { ...request, timeout: 10_000, limit: 1000 } as HttpRequest,
            never,
          );
          if (sent.ok) await sent.value.text();
        } catch (error) {
          expect(String(error)).toMatch(/refused/);
        }
      }
      await source.close();
      expect(arrived.length).toBeGreaterThan(0);
      const questions = [
        '/v3/maintenance/status {}',
        '/v3/maintenance/snapshot {}',
        '/v3/cluster/member/list {"linearizable":false}',
      ];
      for (const { method: m, path: p, body: b } of arrived) {
        expect(m === 'GET' || (m === 'POST' && questions.includes(`${p} ${b}`)), `${m} ${p}`).toBe(
          true,
        );
      }
    },
    120_000,
  );
});
