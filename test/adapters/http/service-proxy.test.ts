import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monitoringGuard } from '../../../src/adapters/http/monitoring-guard.ts';
import {
  type ProxyWay,
  proxyPath,
  serviceProxy,
} from '../../../src/adapters/http/service-proxy.ts';
import type { ApiAnswer, ApiRequest } from '../../../src/adapters/kubernetes/api-client.ts';
import { portForwardPath } from '../../../src/adapters/kubernetes/port-forward.ts';
import { forbiddenRequest } from '../../../src/adapters/kubernetes/request-guard.ts';
import { ok, type Result } from '../../../src/kernel/failure.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { never } from '../../support/api-client.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const way: ProxyWay = {
  kind: 'service',
  namespace: 'monitoring',
  name: 'main',
  port: 'web',
  scheme: 'http',
  path: '',
};
const question = {
  method: 'GET',
  path: '/api/v2/silences',
  timeout: seconds(10),
  limit: 10,
} as const;

async function* bodyOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const sourceWith = (
  answer: (request: ApiRequest, signal: AbortSignal) => Promise<Result<ApiAnswer>>,
  more: Partial<Parameters<typeof serviceProxy>[0]['target']> = {},
  clock = new FakeClock(),
) =>
  serviceProxy({
    target: { name: 'x', way, auth: { kind: 'none' }, tls: noTls, ...more },
    api: { request: answer },
    clock,
    guard: monitoringGuard,
  });

const answered = (...texts: readonly string[]): Result<ApiAnswer> =>
  ok({ status: 200, headers: { a: 'b' }, body: bodyOf(...texts), text: async () => '' });

describe('serviceProxy', () => {
  it('given a service, when asked, then the API server is, at the path of its proxy', async () => {
    const paths: string[] = [];
    const source = sourceWith(
      async (request) => {
        paths.push(`${request.method} ${request.path}`);
        return answered('[', ']');
      },
      { way: { ...way, scheme: 'https', path: '/team/am' } },
    );
    const result = await source.request(question, never);
    expect(result).toMatchObject({ ok: true, value: { status: 200, headers: { a: 'b' } } });
    expect(result.ok && (await result.value.text())).toEqual(ok('[]'));
    expect(paths).toEqual([
      'GET /api/v1/namespaces/monitoring/services/https:main:web/proxy/team/am/api/v2/silences',
    ]);
    expect(source.where).toBe('service monitoring/main');
  });

  it('given a tenant, when asked, then it goes along', async () => {
    const asked: ApiRequest[] = [];
    const source = sourceWith(async (request) => {
      asked.push(request);
      return answered('[]');
    });
    await source.request({ ...question, tenant: 'shop' }, never);
    await source.request(question, never);
    expect(asked.map((r) => r.tenant)).toEqual(['shop', undefined]);
  });

  it('given an answer that is too long, when read, then that is a failure, not a cut text', async () => {
    const result = await sourceWith(async () => answered('12345678', '9abc')).request(
      question,
      never,
    );
    expect(result.ok && (await result.value.text())).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('longer') },
    });
  });

  it('given a body that stops in the middle, when its time is over, then that is told', async () => {
    const clock = new FakeClock();
    const source = sourceWith(
      async (_, signal) => {
        async function* stuck(): AsyncGenerator<Uint8Array> {
          yield Buffer.from('[');
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        }
        return ok({ status: 200, headers: {}, body: stuck(), text: async () => '' });
      },
      {},
      clock,
    );
    const result = await source.request(question, never);
    const text = result.ok ? result.value.text() : Promise.resolve(result);
    await clock.advance(seconds(10));
    expect(await text).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
    expect(clock.sleeping).toBe(0);
  });

  it('given a login, when asked, then it says that the API server would keep it', async () => {
    const auth = { kind: 'bearer', tokenFile: '/nowhere' } as const;
    const result = await sourceWith(async () => answered(), { auth }).request(question, never);
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'misconfigured', hint: expect.stringContaining('port-forward') },
    });
  });

  it.each([
    ['POST', '/api/v2/silences'],
    ['GET', '/api/v2/silences/../silence'],
    ['GET', '/-/reload'],
    ['GET', '/api/v1/series?match[]=up'],
    ['POST', '/api/v1/admin/tsdb/delete_series'],
  ] as const)(
    'given %s %s, when asked, then it throws before anything is sent',
    async (method, path) => {
      const source = sourceWith(() => Promise.reject(new Error('was sent')));
      await expect(source.request({ ...question, method, path }, never)).rejects.toThrow('refused');
    },
  );
});

const part = fc.oneof(
  fc.string(),
  fc.constantFrom('a', 'a.b', '..', 'a/b', 'x/exec', 'A', 'a%2fb', ''),
);

describe('paths of proxies and port-forwards', () => {
  it('given any names, when a proxy path can be built, then it stays inside its proxy and opens no session', () => {
    fc.assert(
      fc.property(part, part, part, part, (namespace, name, port, path) => {
        const built = proxyPath({ ...way, namespace, name, port, path });
        if (!built.ok) return;
        const full = `${built.value}/api/v2/status`;
        expect(full).toMatch(
          /^\/api\/v1\/namespaces\/[a-z0-9-]+\/services\/[a-z0-9.-]+:[A-Za-z0-9-]+\/proxy(?:\/|$)/,
        );
        expect(forbiddenRequest('GET', full)).toBeNull();
      }),
    );
  });

  it('given any names, when a path of a port-forward can be built, then it ends so, and the guard of other requests refuses it', () => {
    fc.assert(
      fc.property(part, part, fc.oneof(fc.integer(), fc.double()), (namespace, name, port) => {
        const built = portForwardPath({ namespace, name, port });
        if (!built.ok) return;
        expect(built.value).toMatch(
          /^\/api\/v1\/namespaces\/[a-z0-9-]+\/pods\/[a-z0-9.-]+\/portforward$/,
        );
        expect(forbiddenRequest('GET', built.value)).not.toBeNull();
      }),
    );
    expect(portForwardPath({ namespace: 'a', name: 'b.c', port: 9093 })).toEqual(
      ok('/api/v1/namespaces/a/pods/b.c/portforward'),
    );
  });
});
