import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proxyFromEnv, proxyProblem } from '../../../src/adapters/kubernetes/proxy.ts';
import { clientFor, get, resolvedFor } from '../../support/api-client.ts';
import { respond, type ScriptedServer, startScriptedServer } from '../../support/api-server.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';

describe('proxyFromEnv', () => {
  const HTTPS_PROXY = 'http://p:1';
  it.each([
    ['https://api.example', { HTTPS_PROXY }, 'http://p:1'],
    ['https://api.example', { https_proxy: 'p:2' }, 'http://p:2'],
    ['https://api.example', { HTTP_PROXY: 'http://p' }, null],
    ['https://api.example', { ALL_PROXY: 'http://p' }, null],
    ['http://api.example', { HTTP_PROXY: 'http://p', HTTPS_PROXY }, 'http://p'],
    ['https://localhost:6443', { HTTPS_PROXY }, null],
    ['https://127.0.0.1:6443', { HTTPS_PROXY }, null],
    ['https://[::1]:6443', { HTTPS_PROXY }, null],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: '*' }, null],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: 'x, example' }, null],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: '.example' }, null],
    ['https://api.example', { HTTPS_PROXY, NO_PROXY: '*.example' }, null],
    ['https://example', { HTTPS_PROXY, NO_PROXY: '.example' }, 'http://p:1'],
    ['https://myexample', { HTTPS_PROXY, NO_PROXY: 'example' }, 'http://p:1'],
    ['https://api.example:6443', { HTTPS_PROXY, no_proxy: 'api.example:6443' }, null],
    ['https://api.example:6443', { HTTPS_PROXY, NO_PROXY: 'api.example:443' }, 'http://p:1'],
    ['https://10.1.2.3', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' }, null],
    ['https://11.1.2.3', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/8' }, 'http://p:1'],
    ['https://[fd00::5]', { HTTPS_PROXY, NO_PROXY: 'fd00::/16' }, null],
    ['https://10.1.2.3', { HTTPS_PROXY, NO_PROXY: '10.1.2.3' }, null],
    ['https://10.1.2.3', { HTTPS_PROXY, NO_PROXY: '10.0.0.0/99, ,/' }, 'http://p:1'],
  ])('given %s and %j, when chosen, then the proxy is %s', (server, env, expected) => {
    expect(proxyFromEnv(new URL(server), env)?.url ?? null).toBe(expected);
  });

  it('given a scheme that nobody speaks, when checked, then it is named', () => {
    expect(proxyProblem('socks4://p:1')).toContain('socks4');
    expect(proxyProblem('::')).toBe('is not a URL');
    for (const scheme of ['http', 'https', 'socks5', 'socks5h'])
      expect(proxyProblem(`${scheme}://p:1`)).toBeNull();
  });
});

describe('a client behind a proxy', () => {
  let dir: string;
  let ca: TestCa;
  let pair: TestPair;
  let server: ScriptedServer;
  let proxy: Server | undefined;
  const seen: string[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'midwatch-proxy-'));
    ca = createTestCa(dir);
    pair = ca.issue({ name: 'server', names: 'IP:127.0.0.1' });
    server = await startScriptedServer((_, response) => respond(response, 200, 'through'), {
      tls: pair,
    });
  });
  afterEach(() => {
    proxy?.close();
    seen.length = 0;
  });
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const listen = async (made: Server): Promise<number> => {
    proxy = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return (made.address() as AddressInfo).port;
  };
  const ask = async (url: string) => {
    const client = clientFor(resolvedFor(server.url, ca.cert, { proxy: url }));
    const answer = await get(client, '/version');
    const { protocol } = client.stats();
    await client.close();
    return { ...answer, protocol };
  };
  const join2 = (a: Socket, b: Socket): void => {
    a.on('error', () => {});
    b.on('error', () => {});
    a.pipe(b).pipe(a);
  };

  const httpProxy = (login?: string) => {
    const made = createHttp();
    made.on('connect', (request: IncomingMessage, socket: Socket) => {
      seen.push(`${request.url}`);
      if (login !== undefined && request.headers['proxy-authorization'] !== login) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const there = connect(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        join2(socket, there);
      });
    });
    return made;
  };

  it('given an HTTP proxy, when asked, then it tunnels HTTP/2', async () => {
    const port = await listen(httpProxy());
    expect(await ask(`http://127.0.0.1:${port}`)).toMatchObject({
      body: 'through',
      protocol: 'h2',
    });
    expect(seen).toEqual([`127.0.0.1:${server.port}`]);
  });

  it('given an HTTP proxy with a login, when it is right, then it tunnels; when it is missing, then the failure says so', async () => {
    const port = await listen(httpProxy(`Basic ${Buffer.from('joe:p@ss').toString('base64')}`));
    expect(await ask(`http://joe:p%40ss@127.0.0.1:${port}`)).toMatchObject({ body: 'through' });
    const { failure } = await ask(`http://127.0.0.1:${port}`);
    expect(failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('wants a login'),
    });
  });

  /** Speaks just enough of SOCKS 5: names what it was asked for and connects to the test's server. */
  const socksProxy = (login: boolean, reply = 0) =>
    createServer((socket) => {
      let step = 0;
      socket.on('error', () => {});
      const onData = (chunk: Buffer): void => {
        step += 1;
        if (step === 1) socket.write(Buffer.from([5, login ? 2 : 0]));
        else if (login && step === 2) {
          seen.push(chunk.toString('latin1').slice(2));
          socket.write(Buffer.from([1, 0]));
        } else {
          const size = chunk[4] ?? 0;
          seen.push(`${chunk.subarray(5, 5 + size)}:${chunk.readUInt16BE(5 + size)}`);
          socket.off('data', onData);
          // The answer comes in two pieces, as it may.
          socket.write(Buffer.from([5, reply]));
          setImmediate(() => socket.write(Buffer.from([0, 1, 127, 0, 0, 1, 0, 80])));
          if (reply === 0) join2(socket, connect(server.port, '127.0.0.1'));
        }
      };
      socket.on('data', onData);
    });

  it.each([
    ['socks5', false],
    ['socks5h', true],
  ])(
    'given a %s proxy (login: %s), when asked, then it tunnels and resolves the name itself',
    async (scheme, login) => {
      const port = await listen(socksProxy(login));
      const answer = await ask(`${scheme}://${login ? 'joe:pw@' : ''}127.0.0.1:${port}`);
      expect(answer).toMatchObject({ body: 'through' });
      expect(seen.at(-1)).toBe(`127.0.0.1:${server.port}`);
      if (login) expect(seen[0]).toBe('joe\u0002pw');
    },
  );

  it('given a SOCKS proxy that refuses, when asked, then its reason is told', async () => {
    const port = await listen(socksProxy(false, 2));
    const { failure } = await ask(`socks5://127.0.0.1:${port}`);
    expect(failure?.message).toContain('does not allow');
  });

  it('given a proxy that is down, when asked, then the connection is refused', async () => {
    expect((await ask('http://127.0.0.1:9')).failure).toMatchObject({ kind: 'unreachable' });
  });
});
