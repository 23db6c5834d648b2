import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchPage, pageMost } from '../../../src/adapters/runbooks/fetch-page.ts';
import { openPageCache } from '../../../src/adapters/runbooks/page-cache.ts';
import { freshFor, readPage } from '../../../src/adapters/runbooks/read-page.ts';
import { refusedAddress } from '../../../src/adapters/runbooks/refused-address.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { epochMs, seconds } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let server: Server;
let base: string;
let directory: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const never = new AbortController().signal;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pages-'));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

const fetched = async (etag = '', refuse: (url: string) => string | null = () => null) => {
  const clock = new FakeClock();
  const url = `${base}/x.md`;
  const got = await fetchPage({ url, etag, refuse, clock, version: 'test' }, never);
  return got.ok ? got.value : got.failure.message;
};

describe('a page of a runbook', () => {
  it('given text with an ETag, then it is read, and asked with it the next time', async () => {
    answer = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { 'content-type': 'text/plain', etag: '"1"' }).end('# x');
    };
    expect(await fetched()).toEqual({ kind: 'fresh', text: '# x', etag: '"1"' });
    expect(await fetched('"1"')).toEqual({ kind: 'same' });
  });

  it.each([
    [200, 'text/html', '<p>x', 'it is a web page, not the Markdown behind it'],
    [200, 'text/plain', '<!DOCTYPE html>', 'it is a web page, not the Markdown behind it'],
    [200, 'image/png', 'x', 'it is image/png, not Markdown'],
    [200, 'text/plain', 'x'.repeat(pageMost + 1), 'it is larger than 1 MiB'],
    [404, 'text/plain', '', 'there is no such page'],
    [500, 'text/plain', '', 'it answers HTTP 500'],
  ])('given %d and %s, then it says why not: %#', async (status, type, body, expected) => {
    answer = (_, response) => void response.writeHead(status, { 'content-type': type }).end(body);
    expect(await fetched()).toBe(expected);
  });

  it('given a redirect, then it is followed only to where it may be', async () => {
    answer = (request, response) => {
      if (request.url === '/x.md') response.writeHead(302, { location: '/y.md' }).end();
      else response.writeHead(200, { 'content-type': 'text/markdown' }).end('y');
    };
    expect(await fetched()).toMatchObject({ text: 'y' });
    expect(await fetched('', (url) => (url.endsWith('/y.md') ? 'not there' : null))).toBe(
      'not there',
    );
    answer = (_, response) => void response.writeHead(302, { location: '/x.md' }).end();
    expect(await fetched()).toBe('it leads on more than 3 times');
    answer = (_, response) =>
      void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    expect(await fetched()).toContain('which is no web server');
  });

  it('given a server that says nothing, then it is over after its time', async () => {
    const clock = new FakeClock();
    let asked = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    answer = () => asked();
    const options = { url: `${base}/x.md`, etag: '', refuse: () => null, clock, version: 'test' };
    const got = fetchPage(options, never);
    await waiting;
    await clock.advance(seconds(5));
    expect(await got).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });

  it.each([
    ['x', '169.254.169.254', 'x leads to 169.254.169.254, which is no web server'],
    ['x', '::ffff:169.254.169.254', 'x leads to ::ffff:169.254.169.254, which is no web server'],
    ['x', 'fd00:ec2::254', 'x leads to fd00:ec2::254, which is no web server'],
    ['x', '127.0.0.1', 'x leads to this machine'],
    ['localhost', '127.0.0.1', null],
    ['x', '10.0.0.1', null],
  ])('given that %s is %s, then %s', (host, address, expected) => {
    expect(refusedAddress(host, address)).toBe(expected);
  });
});

describe('copies of pages', () => {
  const url = 'https://h/x.md';

  it('given a copy, then it is fresh for a while, asked about then, and helps when the server is away', async () => {
    const clock = new FakeClock();
    const cache = openPageCache(directory);
    const etags: string[] = [];
    let now: 'fresh' | 'same' | 'away' = 'fresh';
    const deps = {
      cache,
      clock,
      fetch: async (_: string, etag: string) => {
        etags.push(etag);
        if (now === 'away') return failed(failure('unreachable', 'fetch', 'no route'));
        return ok(
          now === 'same'
            ? ({ kind: 'same' } as const)
            : ({ kind: 'fresh', text: 'x', etag: 'e' } as const),
        );
      },
    };
    const read = async () => {
      const page = await readPage(url, deps, never);
      return page.ok ? `${page.value.from.kind} ${page.value.text}` : page.failure.message;
    };
    expect(await read()).toBe('server x');
    expect(await read()).toBe('copy x');
    await clock.advance(freshFor);
    now = 'same';
    expect(await read()).toBe('server x');
    await clock.advance(freshFor);
    now = 'away';
    expect(await read()).toBe('offline x');
    expect(etags).toEqual(['', 'e', 'e']);
    rmSync(directory, { recursive: true });
    expect(await read()).toBe('no route');
  });

  it('given a file that is no copy of it, then there is none', async () => {
    const cache = openPageCache(directory);
    await cache.put({ url, etag: '', fetchedAt: epochMs(1), text: 'x' });
    const [name = ''] = readdirSync(directory);
    expect(await cache.get(url)).toMatchObject({ text: 'x' });
    writeFileSync(
      join(directory, name),
      JSON.stringify({ url: 'https://other', etag: '', fetchedAt: 1, text: 'y' }),
    );
    expect(await cache.get(url)).toBeNull();
    writeFileSync(join(directory, name), '{');
    expect(await cache.get(url)).toBeNull();
  });
});
