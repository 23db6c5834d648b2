import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TlsSettings } from '../../../src/adapters/kubernetes/resolved.ts';
import { tlsMaterial } from '../../../src/adapters/kubernetes/tls.ts';
import { clientFor, get, resolvedFor } from '../../support/api-client.ts';
import {
  clientOf,
  respond,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';

let dir: string;
let ca: TestCa;
let good: TestPair;
let server: ScriptedServer | undefined;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-tls-'));
  ca = createTestCa(dir);
  good = ca.issue({ name: 'good', names: 'IP:127.0.0.1,DNS:api.example' });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const settings = (more: Partial<TlsSettings> = {}): TlsSettings => ({
  ca: { kind: 'inline', pem: ca.cert },
  certificate: null,
  serverName: null,
  verify: true,
  ...more,
});

const ask = async (
  pair: TestPair,
  tls: TlsSettings,
  options: Parameters<typeof startScriptedServer>[1] = {},
) => {
  server = await startScriptedServer(
    (request, response) => respond(response, 200, clientOf(request)),
    {
      tls: pair,
      ...options,
    },
  );
  const client = clientFor(resolvedFor(server.url, ca.cert, { tls }));
  const answer = await get(client, '/version').catch((error: { failure: unknown }) => ({
    failure: error.failure,
    body: '',
  }));
  await client.close();
  return answer;
};

describe('TLS to the server', () => {
  it('given the right authority, when asked, then it answers over HTTP/2', async () => {
    expect(await ask(good, settings())).toMatchObject({ failure: undefined });
  });

  it('given an authority that did not sign the certificate, when asked, then the hint is about certificate-authority', async () => {
    const stranger = createTestCa(join(dir, 'stranger'), 'stranger');
    const { failure } = await ask(good, settings({ ca: { kind: 'inline', pem: stranger.cert } }));
    expect(failure).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('not trusted'),
      hint: expect.stringContaining('certificate-authority'),
      op: 'get',
      on: '/version',
    });
  });

  it('given no authority at all, when asked, then the machine does not trust it either', async () => {
    const { failure } = await ask(good, settings({ ca: null }));
    expect(failure).toMatchObject({ message: expect.stringContaining('not trusted') });
  });

  it('given a certificate for another name, when asked, then the names in it are shown', async () => {
    const other = ca.issue({ name: 'other', names: 'DNS:elsewhere.example' });
    const { failure } = await ask(other, settings());
    expect(failure).toMatchObject({
      message: expect.stringContaining('elsewhere.example'),
      hint: expect.stringContaining('tls-server-name'),
    });
  });

  it('given tls-server-name, when the certificate has that name, then it is accepted', async () => {
    const named = ca.issue({ name: 'named', names: 'DNS:elsewhere.example' });
    const answer = await ask(named, settings({ serverName: 'elsewhere.example' }));
    expect(answer.failure).toBeUndefined();
  });

  it('given an expired certificate, when asked, then it says so', async () => {
    const old = ca.issue({ name: 'old', names: 'IP:127.0.0.1', days: -1 });
    const { failure } = await ask(old, settings());
    expect(failure).toMatchObject({ message: expect.stringContaining('has expired') });
  });

  it('given insecure-skip-tls-verify, when the certificate is for nobody, then it is accepted', async () => {
    const other = ca.issue({ name: 'nobody', names: 'DNS:x.example', days: -1 });
    expect((await ask(other, settings({ ca: null, verify: false }))).failure).toBeUndefined();
  });

  it.each(['h2', 'http/1.1'] as const)(
    'given a %s server that requires a client certificate, when there is none, then it says so',
    async (protocol) => {
      const options = { protocol, clients: { ca: ca.cert, must: true } } as const;
      const { failure } = await ask(good, settings(), options);
      expect(failure).toMatchObject({
        kind: 'unauthorized',
        message: expect.stringContaining('client certificate'),
        hint: expect.stringContaining('client-certificate'),
      });
    },
  );

  it('given a client certificate from files, when asked, then the server sees who it is', async () => {
    const jane = ca.issue({ name: 'jane' });
    const certificate = {
      cert: { kind: 'file', path: jane.certPath },
      key: { kind: 'file', path: jane.keyPath },
    } as const;
    const options = { clients: { ca: ca.cert, must: true } };
    expect(await ask(good, settings({ certificate }), options)).toMatchObject({ body: 'jane' });
  });

  it('given a server that speaks plain http, when asked with https, then it says that it is no TLS', async () => {
    server = await startScriptedServer((_, response) => respond(response, 200, ''));
    const client = clientFor(resolvedFor(server.url.replace('http:', 'https:'), ca.cert));
    const { failure } = await get(client, '/version');
    expect(failure).toMatchObject({ message: expect.stringContaining('does not speak TLS') });
    await client.close();
  });
});

describe('tlsMaterial', () => {
  const file = (name: string, text: string) => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return { kind: 'file', path } as const;
  };

  it('given a file that is not there, when read, then field and path are named', async () => {
    const path = join(dir, 'gone.crt');
    const result = await tlsMaterial(settings({ ca: { kind: 'file', path } }), null);
    expect(result).toMatchObject({
      ok: false,
      failure: {
        kind: 'misconfigured',
        on: path,
        message: expect.stringContaining('certificate-authority file does not exist'),
      },
    });
  });

  it.each([
    ['certificate-authority', () => settings({ ca: file('bad-ca', 'nonsense') })],
    [
      'certificate-authority',
      () =>
        settings({
          ca: file('bad-ca2', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
        }),
    ],
    [
      'client-certificate',
      () => settings({ certificate: { cert: file('bad-cert', ''), key: file('k', good.key) } }),
    ],
    [
      'client-key',
      () => settings({ certificate: { cert: file('c', good.cert), key: file('bad-key', 'x') } }),
    ],
  ])('given a broken %s, when read, then it is the one that is named', async (field, make) => {
    const result = await tlsMaterial(make(), null);
    expect(result).toMatchObject({ ok: false, failure: { message: `${field} is not valid PEM` } });
  });

  it('given a key of another certificate, when read, then the mismatch is named', async () => {
    const joe = ca.issue({ name: 'joe' });
    const certificate = { cert: file('c1', good.cert), key: file('k1', joe.key) };
    const result = await tlsMaterial(settings({ certificate }), null);
    expect(result).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('does not belong') },
    });
  });
});
