import { mkdtempSync, rmSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { type DirectHttpOptions, directHttp } from '../../../src/adapters/http/direct.ts';
import type { HttpSource } from '../../../src/adapters/http/http-source.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import {
  respond,
  type Script,
  type ScriptedResponse,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';
import { until } from '../../support/until.ts';

let dir: string;
let ca: TestCa;
let good: TestPair;
const open: { close(): Promise<void> }[] = [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-direct-'));
  ca = createTestCa(dir);
  good = ca.issue({ name: 'good', names: 'IP:127.0.0.1' });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const serve = async (
  script: Script,
  options: Parameters<typeof startScriptedServer>[1] = {},
): Promise<ScriptedServer> => {
  const server = await startScriptedServer(script, { protocol: 'http/1.1', ...options });
  open.push(server);
  return server;
};

const source = (url: string, more: Partial<DirectHttpOptions> = {}) => {
  const made = directHttp({
    way: { kind: 'direct', url },
    auth: { kind: 'none' },
    tls: noTls,
    clock: systemClock,
    version: '1.2.3',
    guard: () => null,
    ...more,
  });
  open.push(made);
  return made;
};

/** Something that is no web server. */
const listen = async (accepted: (socket: Socket) => void) => {
  const taken = new Set<Socket>();
  const server = createServer((socket) => {
    taken.add(socket);
    socket.on('close', () => taken.delete(socket));
    accepted(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, held: () => taken.size };
};

/** The servers here speak HTTP/1.1 only. */
const raw = (response: ScriptedResponse, status: number, headers: OutgoingHttpHeaders) =>
  (response as ServerResponse).writeHead(status, headers);

const live = (): AbortSignal => new AbortController().signal;
const ask = async (
  from: HttpSource,
  path = '/x',
  more: { limit?: number; timeout?: number } = {},
) => {
  const sent = await from.request(
    { method: 'GET', path, timeout: seconds(10), limit: 1 << 20, ...more },
    live(),
  );
  if (!sent.ok) return { failure: sent.failure };
  const text = await sent.value.text();
  return text.ok
    ? { status: sent.value.status, body: text.value }
    : { status: sent.value.status, failure: text.failure };
};

describe('requests straight to a source', () => {
  it('given a prefix in the URL, when asked, then it is before the path and headers say who asks', async () => {
    const server = await serve((request, response) =>
      respond(response, 200, `${request.url} ${request.headers['user-agent']}`),
    );
    const from = source(`${server.url}/am/`);
    expect(from.where).toBe(`${server.url}/am`);
    expect(await ask(from, '/api?a=b')).toEqual({
      status: 200,
      body: '/am/api?a=b midwatch/1.2.3',
    });
  });

  it('given several requests one after the other, when sent, then one connection carries them and bytes are counted', async () => {
    const server = await serve((_, response) => respond(response, 200, 'yes'), { tls: good });
    const from = source(server.url, { tls: { ...noTls, ca: ca.certPath } });
    for (let i = 0; i < 5; i += 1) expect(await ask(from)).toEqual({ status: 200, body: 'yes' });
    expect(server.connections()).toBe(1);
    expect(from.traffic()).toMatchObject({ dials: 1, requests: 5 });
    expect(from.traffic().received).toBeGreaterThan(500);
    expect(from.traffic().sent).toBeGreaterThan(500);
  });

  it('given a redirect, when asked, then it is the answer and is not followed', async () => {
    const server = await serve((_, response) =>
      raw(response, 302, { location: '/elsewhere' }).end(),
    );
    expect(await ask(source(server.url))).toEqual({ status: 302, body: '' });
    expect(server.requests()).toBe(1);
  });

  it('given a compressed answer, when read, then it is text, and its limit is that of the text', async () => {
    const server = await serve((_, response) =>
      raw(response, 200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(10_000))),
    );
    const from = source(server.url);
    expect(await ask(from, '/x', { limit: 10_000 })).toMatchObject({ body: 'a'.repeat(10_000) });
    expect(await ask(from, '/x', { limit: 9_999 })).toMatchObject({
      failure: { kind: 'undecodable', message: 'the answer is longer than 10 KiB', on: '/x' },
    });
  });

  it('given a path that climbs, or one that the guard refuses, when asked, then it throws and nothing is sent', async () => {
    const server = await serve((_, response) => respond(response, 200, ''));
    const from = source(server.url, { guard: (_, path) => (path === '/no' ? 'not this' : null) });
    await expect(ask(from, '/a/../b')).rejects.toThrow('the path climbs');
    await expect(ask(from, '/no')).rejects.toThrow('not this');
    expect(server.requests()).toBe(0);
  });

  it('given an address that is no web URL, when asked, then the failure says how to write one', async () => {
    expect(await ask(source('unix://localhost:2379'))).toMatchObject({
      failure: { kind: 'misconfigured', hint: expect.stringContaining('https://') },
    });
  });
});

describe('answers that do not come', () => {
  it('given a server that takes the question and is silent, when the time is over, then it is a timeout in words', async () => {
    const clock = new FakeClock();
    const server = await serve(() => {});
    const answer = ask(source(server.url, { clock }), '/x', { timeout: seconds(2) });
    await until('it is asked', () => server.requests() === 1);
    await clock.advance(seconds(2));
    expect(await answer).toMatchObject({
      failure: {
        kind: 'timeout',
        message: expect.stringMatching(/took the question and did not answer within 2 s$/),
        hint: expect.stringContaining('paused'),
      },
    });
    expect(clock.sleeping).toBe(0);
  });

  it('given an answer that stops in the middle, when the time is over again, then reading it ends', async () => {
    const clock = new FakeClock();
    const server = await serve((_, response) =>
      raw(response, 200, { 'content-length': '10' }).write('abc'),
    );
    const sent = await source(server.url, { clock }).request(
      { method: 'GET', path: '/x', timeout: seconds(2), limit: 100 },
      live(),
    );
    if (!sent.ok) throw new Error('no answer');
    const text = sent.value.text();
    await clock.advance(seconds(2));
    expect(await text).toMatchObject({
      failure: { kind: 'timeout', message: expect.stringContaining('end of its answer') },
    });
    expect(clock.sleeping).toBe(0);
  });

  it('given a caller that gives up, when it does, then the request ends and no time is waited for', async () => {
    const clock = new FakeClock();
    const server = await serve(() => {});
    const caller = new AbortController();
    const from = source(server.url, { clock });
    const sent = from.request(
      { method: 'GET', path: '/x', timeout: seconds(2), limit: 1 },
      caller.signal,
    );
    await until('it is asked', () => server.requests() === 1);
    caller.abort();
    expect(await sent).toMatchObject({ ok: false, failure: { kind: 'ended' } });
    expect(clock.sleeping).toBe(0);
  });

  it('given an answer that nobody reads, when the time is over, then its connection ends', async () => {
    const clock = new FakeClock();
    const server = await serve((_, response) => respond(response, 200, 'x'.repeat(1 << 20)));
    const sent = await source(server.url, { clock }).request(
      { method: 'GET', path: '/x', timeout: seconds(2), limit: 1 << 21 },
      live(),
    );
    expect(sent.ok).toBe(true);
    await clock.advance(seconds(2));
    await until('the connection is gone', () => server.open() === 0);
  });

  it('given nobody at the address, when asked, then the failure says so and names no API server', async () => {
    const server = await startScriptedServer(() => {}, { protocol: 'http/1.1' });
    await server.close();
    const { failure } = await ask(source(server.url));
    expect(failure).toMatchObject({
      kind: 'unreachable',
      message: `127.0.0.1:${server.port} refuses connections`,
      op: 'get',
      on: '/x',
    });
    expect(JSON.stringify(failure)).not.toMatch(/API server|kubeconfig/);
  });

  it('given a name that does not exist, when asked, then it is DNS that is named', async () => {
    expect(await ask(source('http://nobody.invalid'))).toMatchObject({
      failure: { kind: 'unreachable', message: expect.stringContaining('DNS') },
    });
  });

  it('given a server that accepts and is silent before TLS, when asked for 12 s, then each question is over in its time and connections are few', async () => {
    const clock = new FakeClock();
    const { url, held } = await listen((socket) => socket.resume());
    const from = source(url.replace('http:', 'https:'), { clock });
    for (let asked = 1; asked <= 6; asked += 1) {
      const answer = ask(from, '/x', { timeout: seconds(2) });
      await until('the connection is accepted', () => held() > 0);
      await clock.advance(seconds(2));
      expect(await answer).toMatchObject({
        failure: { kind: 'timeout', message: expect.stringContaining('then says nothing within') },
      });
    }
    await until('only few are left', () => held() <= 4);
    await from.close();
    expect(clock.sleeping).toBe(0);
  });

  it('given something that does not speak HTTP, when asked, then that is what is said', async () => {
    const { url } = await listen((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await ask(source(url))).toMatchObject({
      failure: { kind: 'undecodable', message: `${new URL(url).host} does not answer in HTTP` },
    });
  });

  it('given a source that is closed, when it is, then running requests end and no socket is left', async () => {
    const server = await serve(() => {});
    const from = source(server.url);
    const answer = ask(from);
    await until('it is asked', () => server.requests() === 1);
    await from.close();
    expect(await answer).toMatchObject({ failure: { kind: 'ended' } });
    await until('the connection is gone', () => server.open() === 0);
    expect(await ask(from)).toMatchObject({ failure: { kind: 'ended' } });
  });
});
