import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/adapters/kubernetes/network-failure.ts';
import type { UndiciClient } from '../../../src/adapters/kubernetes/undici-client.ts';
import { minutes } from '../../../src/kernel/units.ts';
import { clientFor, get, never, resolvedFor, rotating, watch } from '../../support/api-client.ts';
import {
  respond,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';
import { until } from '../../support/until.ts';

let dir: string;
let ca: TestCa;
let pair: TestPair;
let server: ScriptedServer;
let client: UndiciClient;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-client-'));
  ca = createTestCa(dir);
  pair = ca.issue({ name: 'server', names: 'IP:127.0.0.1' });
});
afterEach(async () => {
  await client?.close();
  await server?.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const start = async (
  script: Script,
  protocol: 'h2' | 'http/1.1' = 'h2',
  more: Parameters<typeof clientFor>[1] & { compression?: boolean } = {},
) => {
  server = await startScriptedServer(script, { tls: pair, protocol });
  const { compression = true } = more;
  client = clientFor(resolvedFor(server.url, ca.cert, { compression }), more);
};

describe.each(['h2', 'http/1.1'] as const)('UndiciClient over %s', (protocol) => {
  it('given many requests one after the other, when sent, then they share a connection', async () => {
    await start((_, response) => respond(response, 200, 'hello'), protocol);
    for (let i = 0; i < 20; i += 1)
      expect(await get(client, '/version')).toMatchObject({ body: 'hello' });
    expect(client.stats()).toMatchObject({ requests: 20, bytesReceived: 100, protocol });
    // A connection of HTTP/1.1 may not be free yet when the next request comes.
    expect(server.connections()).toBeLessThanOrEqual(protocol === 'h2' ? 1 : 2);
    expect(client.stats().dials).toBe(server.connections());
  });

  it('given a gzipped answer, when read, then it is decompressed and the bytes on the wire are counted', async () => {
    const text = 'x'.repeat(100_000);
    await start((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      (response as ServerResponse).writeHead(200, { 'content-encoding': 'gzip' });
      (response as ServerResponse).end(gzipSync(text));
    }, protocol);
    expect((await get(client, '/list')).body).toBe(text);
    expect(client.stats().bytesReceived).toBe(gzipSync(text).length);
  });

  it('given disable-compression, when asked, then gzip is not offered', async () => {
    await start(
      (request, response) => respond(response, 200, String(request.headers['accept-encoding'])),
      protocol,
      { compression: false },
    );
    expect((await get(client, '/')).body).toBe('undefined');
  });

  it('given a token that the server refuses, when asked, then it is renewed and the request repeated once', async () => {
    const credential = rotating('old', 'new');
    await start(
      (request, response) => {
        const good = request.headers.authorization === 'Bearer new';
        respond(response, good ? 200 : 401, good ? 'in' : 'out');
      },
      protocol,
      { credential },
    );
    expect(await get(client, '/')).toMatchObject({ status: 200, body: 'in' });
    expect(server.requests()).toBe(2);
  });

  it('given tokens that are all refused, when asked, then there are two requests and the answer is 401', async () => {
    await start((_, response) => respond(response, 401, 'out'), protocol, {
      credential: rotating('a', 'b', 'c', 'd'),
    });
    expect(await get(client, '/')).toMatchObject({ status: 401, body: 'out' });
    expect(server.requests()).toBe(2);
  });

  it('given a redial, when a watch runs, then it ends with a failure and the next request dials anew', async () => {
    await start((request, response) => {
      if (request.url === '/watch') (response as ServerResponse).write('event');
      else respond(response, 200, 'ok');
    }, protocol);
    const { seen, reading } = await watch(client);
    await until('the event is there', () => seen.text === 'event');
    const before = client.stats().dials;
    client.redial('a test');
    await reading;
    expect(seen.end).toBeInstanceOf(ApiError);
    expect((seen.end as ApiError).failure).toMatchObject({
      kind: 'unreachable',
      op: 'watch',
      on: '/watch',
    });
    expect(await get(client, '/')).toMatchObject({ status: 200 });
    expect(client.stats()).toMatchObject({ dials: before + 1, redials: 1 });
  });

  it('given a server that drops the connection, when a watch runs, then it does not end as complete', async () => {
    await start((_, response) => (response as ServerResponse).write('half'), protocol);
    const { seen, reading } = await watch(client);
    await until('the first half is there', () => seen.text === 'half');
    server.cut();
    await reading;
    expect(seen.end).toBeInstanceOf(ApiError);
    expect((seen.end as ApiError).failure.message).toContain('closed the connection');
  });

  it('given a watch that the server ends, when read, then it ends as complete', async () => {
    await start((_, response) => respond(response, 200, 'all'), protocol);
    const { seen, reading } = await watch(client);
    await reading;
    expect(seen).toEqual({ text: 'all', end: 'complete' });
  });

  it('given five minutes, when a watch still runs, then new requests use a new connection and the old one closes after it', async () => {
    const clock = new FakeClock();
    let finish = (): void => {};
    await start(
      (request, response) => {
        if (request.url !== '/watch') respond(response, 200, 'ok');
        else {
          (response as ServerResponse).write('begun ');
          finish = () => (response as ServerResponse).end('ended');
        }
      },
      protocol,
      { clock },
    );
    const { seen, reading } = await watch(client);
    await until('the watch has begun', () => seen.text === 'begun ');
    await clock.advance(minutes(4));
    await get(client, '/');
    const young = client.stats().dials;
    await clock.advance(minutes(2));
    await get(client, '/');
    expect(client.stats().dials).toBe(young + 1);
    expect(seen.end).toBeUndefined();
    finish();
    await reading;
    expect(seen).toEqual({ text: 'begun ended', end: 'complete' });
    await until('only the new connection is left', () => server.open() === 1);
  });

  it('given a reader that leaves early, when the answer is long, then the request ends', async () => {
    let closed = false;
    await start((_, response) => {
      const plain = response as ServerResponse;
      plain.on('close', () => {
        closed = true;
      });
      plain.write('x'.repeat(1000));
    }, protocol);
    const opened = await client.request(
      { method: 'GET', path: '/', accept: '*/*', streaming: true },
      never,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    for await (const _ of opened.value.body) break;
    await until('the server has noticed', () => closed);
  });

  it('given an abort, when no answer has come, then the failure says that we have cancelled', async () => {
    await start(() => {}, protocol);
    const stop = new AbortController();
    const asked = get(client, '/slow', stop.signal);
    await until('the server has the request', () => server.requests() === 1);
    stop.abort();
    expect((await asked).failure).toMatchObject({
      kind: 'ended',
      message: expect.stringContaining('cancelled'),
    });
  });

  it('given an answer of more than 8 MiB, when read as text, then it is cut there', async () => {
    await start((_, response) => respond(response, 200, 'x'.repeat(9 * 1024 * 1024)), protocol);
    expect((await get(client, '/')).body.length).toBe(8 * 1024 * 1024);
  });
});

describe('UndiciClient', () => {
  it('given a hundred watches over HTTP/2, when a short request is sent, then it is answered, on few connections', async () => {
    await start((request, response) => {
      if (request.url === '/watch') (response as ServerResponse).write('w');
      else respond(response, 200, 'ok');
    });
    const stop = new AbortController();
    const watches = await Promise.all(
      Array.from({ length: 100 }, () => watch(client, '/watch', stop.signal)),
    );
    expect(await get(client, '/version')).toMatchObject({ body: 'ok' });
    expect(client.stats().dials).toBe(2);
    stop.abort();
    await Promise.all(watches.map(({ reading }) => reading));
  });

  it('given requests at the same time, when nothing is connected yet, then one connection is dialled', async () => {
    await start((_, response) => respond(response, 200, 'ok'));
    await Promise.all(Array.from({ length: 30 }, () => get(client, '/version')));
    expect(client.stats()).toMatchObject({ dials: 1, requests: 30 });
  });

  it('given a server that does not listen, when asked, then the failure says so and the next request tries again', async () => {
    await start((_, response) => respond(response, 200, 'ok'));
    const { port } = server;
    await server.close();
    expect((await get(client, '/version')).failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('refuses connections'),
      hint: expect.any(String),
      op: 'get',
      on: '/version',
    });
    server = await startScriptedServer((_, response) => respond(response, 200, 'back'), {
      tls: pair,
      port,
    });
    expect((await get(client, '/version')).body).toBe('back');
  });

  it('given a name that does not exist, when asked, then the hint is about DNS', async () => {
    await start((_, response) => respond(response, 200, 'ok'));
    const lost = clientFor(resolvedFor('https://nowhere.invalid:6443', ca.cert));
    const { failure } = await get(lost, '/version');
    expect(failure).toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/DNS/) });
    await lost.close();
  });

  it('given a redirect, when answered, then it is not followed', async () => {
    await start((_, response) => {
      (response as ServerResponse).writeHead(302, { location: '/elsewhere' });
      (response as ServerResponse).end();
    });
    expect(await get(client, '/')).toMatchObject({ status: 302 });
    expect(server.requests()).toBe(1);
  });

  it('given plain http, when asked with a token, then the token is not sent', async () => {
    server = await startScriptedServer((request, response) =>
      respond(response, 200, String(request.headers.authorization)),
    );
    client = clientFor(resolvedFor(server.url), { credential: rotating('secret') });
    expect((await get(client, '/')).body).toBe('undefined');
  });

  it('given a closed client, when asked, then it fails and does not dial', async () => {
    await start((_, response) => respond(response, 200, 'ok'));
    await client.close();
    expect((await get(client, '/')).failure).toMatchObject({ kind: 'ended' });
    expect(server.connections()).toBe(0);
  });

  it('given our name and version, when asked, then the server can tell who calls', async () => {
    await start((request, response) =>
      respond(response, 200, String(request.headers['user-agent'])),
    );
    expect((await get(client, '/')).body).toMatch(/^midwatch\/0\.0\.0 \(\w+\/\w+\)$/);
  });
});
