import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { directHttp } from '../../../src/adapters/http/direct.ts';
import { fileFailure } from '../../../src/adapters/http/source-file.ts';
import { noTls, type SourceAuth, type SourceTls } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import {
  clientOf,
  respond,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/api-server.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';

let dir: string;
let ca: TestCa;
let stranger: TestCa;
let server: TestPair;
const open: { close(): Promise<void> }[] = [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-direct-tls-'));
  ca = createTestCa(dir);
  stranger = createTestCa(join(dir, 'stranger'), 'stranger');
  server = ca.issue({ name: 'server', names: 'IP:127.0.0.1' });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const serve = async (
  options: Parameters<typeof startScriptedServer>[1] = {},
): Promise<ScriptedServer> => {
  const started = await startScriptedServer(
    (request, response) =>
      respond(response, 200, `${clientOf(request)}|${request.headers.authorization ?? ''}`),
    { tls: server, protocol: 'http/1.1', ...options },
  );
  open.push(started);
  return started;
};

const source = (
  url: string,
  { tls = {}, auth = { kind: 'none' } }: { tls?: Partial<SourceTls>; auth?: SourceAuth } = {},
  clock = new FakeClock(),
) => {
  const made = directHttp({
    way: { kind: 'direct', url },
    auth,
    tls: { ...noTls, ca: ca.certPath, ...tls },
    clock,
    version: '1.2.3',
    guard: () => null,
  });
  open.push(made);
  return {
    ask: async () => {
      const sent = await made.request(
        { method: 'GET', path: '/x', timeout: seconds(5), limit: 1000 },
        new AbortController().signal,
      );
      return sent.ok ? await sent.value.text() : sent;
    },
  };
};

const plain = { tls: undefined };
const write = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

describe('TLS to a source', () => {
  it('given a client certificate, when asked, then the server knows us by it', async () => {
    const { url } = await serve({ clients: { ca: ca.cert, must: true } });
    const me = ca.issue({ name: 'me' });
    const { ask } = source(url, { tls: { cert: me.certPath, key: me.keyPath } });
    expect(await ask()).toEqual({ ok: true, value: 'me|' });
  });

  it('given no client certificate where one is wanted, when asked, then that is what is said', async () => {
    const { url } = await serve({ clients: { ca: ca.cert, must: true } });
    expect(await source(url).ask()).toMatchObject({
      failure: {
        kind: 'unauthorized',
        message: expect.stringContaining('wants a client certificate'),
        hint: expect.not.stringContaining('kubeconfig'),
      },
    });
  });

  it('given an authority that did not sign it, when asked, then the authority is named, unless nothing is verified', async () => {
    const { url } = await serve();
    expect(await source(url, { tls: { ca: stranger.certPath } }).ask()).toMatchObject({
      failure: {
        kind: 'unreachable',
        message: expect.stringContaining('authority that is not trusted'),
        hint: expect.stringContaining('certificate authority'),
      },
    });
    const blind = source(url, { tls: { ca: null, verify: false } });
    expect(await blind.ask()).toMatchObject({ ok: true });
  });

  it('given a certificate for another name, when a server name is set, then that name is checked', async () => {
    const other = ca.issue({ name: 'other', names: 'DNS:etcd.example' });
    const { url } = await serve({ tls: other });
    expect(await source(url).ask()).toMatchObject({
      failure: { message: expect.stringContaining('DNS:etcd.example') },
    });
    expect(await source(url, { tls: { serverName: 'etcd.example' } }).ask()).toMatchObject({
      ok: true,
    });
  });

  it('given plain http where TLS was meant, when asked, then that is what is said', async () => {
    const { url } = await serve(plain);
    expect(await source(url.replace('http:', 'https:')).ask()).toMatchObject({
      failure: {
        message: expect.stringContaining('does not speak TLS'),
        hint: expect.stringContaining('plain http'),
      },
    });
  });
});

describe('files of a source', () => {
  it('given a file that is missing, broken or alone, when asked, then the failure names it', async () => {
    const { url } = await serve();
    const key = join(dir, 'none.key');
    const { certPath } = server;
    expect(await source(url, { tls: { cert: certPath, key } }).ask()).toMatchObject({
      failure: { kind: 'misconfigured', message: 'the client key file does not exist', on: key },
    });
    expect(await source(url, { tls: { cert: certPath } }).ask()).toMatchObject({
      failure: { message: 'there is a client certificate without its key', on: certPath },
    });
    const text = write('text.crt', 'not a certificate');
    expect(await source(url, { tls: { ca: text } }).ask()).toMatchObject({
      failure: { message: 'the certificate authority is not valid PEM', on: text },
    });
    const another = { cert: certPath, key: ca.keyPath };
    expect(await source(url, { tls: another }).ask()).toMatchObject({
      failure: { message: 'the client key does not belong to the client certificate' },
    });
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'given a key that only root may read, when another user asks, then the failure names key and user',
    async () => {
      const { url } = await serve();
      const key = write('root.key', server.key);
      chmodSync(key, 0o600);
      chmodSync(dir, 0o755);
      process.seteuid?.(65534);
      try {
        const { ask } = source(url, { tls: { cert: server.certPath, key } });
        expect(await ask()).toMatchObject({
          failure: {
            kind: 'misconfigured',
            message: 'the client key file may not be read by user 65534',
            on: key,
          },
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it('given an error of the disk, when put into words, then its code is in them', () => {
    const file = { part: 'token', path: '/t' };
    const error = Object.assign(new Error('EIO: secret text'), { code: 'EIO' });
    expect(fileFailure(file, error, 'user 1')).toMatchObject({
      message: 'the token file cannot be read (EIO)',
    });
  });

  it('given a certificate that is renewed, when the files change, then the next request brings the new one', async () => {
    const { url } = await serve({ clients: { ca: ca.cert, must: true } });
    const [first, second] = [ca.issue({ name: 'first' }), ca.issue({ name: 'second' })];
    const [cert, key] = [join(dir, 'now.crt'), join(dir, 'now.key')];
    const use = (pair: TestPair): void => {
      copyFileSync(pair.certPath, cert);
      copyFileSync(pair.keyPath, key);
    };
    use(first);
    const { ask } = source(url, { tls: { cert, key } });
    expect(await ask()).toMatchObject({ value: 'first|' });
    use(second);
    expect(await ask()).toMatchObject({ value: 'second|' });
  });

  it('given files that are half renewed, when asked, then the old ones serve for 30 s, then the failure is told', async () => {
    const clock = new FakeClock();
    const { url } = await serve({ clients: { ca: ca.cert, must: true } });
    const me = ca.issue({ name: 'half' });
    const key = write('half-now.key', me.key);
    const { ask } = source(url, { tls: { cert: me.certPath, key } }, clock);
    expect(await ask()).toMatchObject({ ok: true });
    writeFileSync(key, ca.key);
    expect(await ask()).toMatchObject({ ok: true });
    await clock.advance(seconds(30));
    expect(await ask()).toMatchObject({
      failure: { message: expect.stringContaining('does not belong') },
    });
    writeFileSync(key, me.key);
    expect(await ask()).toMatchObject({ ok: true });
  });
});

describe('credentials of a source', () => {
  const basic = (): SourceAuth => ({
    kind: 'basic',
    username: 'u',
    passwordFile: write('password', 'p ss\n'),
  });

  it('given a password or a token in a file, when asked, then it is in the header, also after it changed', async () => {
    const { url } = await serve();
    expect(await source(url, { auth: basic() }).ask()).toMatchObject({
      value: `|Basic ${Buffer.from('u:p ss').toString('base64')}`,
    });
    const tokenFile = write('token', 'one\n');
    const { ask } = source(url, { auth: { kind: 'bearer', tokenFile } });
    expect(await ask()).toMatchObject({ value: '|Bearer one' });
    writeFileSync(tokenFile, 'another\n');
    expect(await ask()).toMatchObject({ value: '|Bearer another' });
  });

  it('given a token with a line end in it, when asked, then the failure does not quote it', async () => {
    const { url } = await serve();
    const tokenFile = write('two-lines', 'hunter2\nhunter3\n');
    const said = await source(url, { auth: { kind: 'bearer', tokenFile } }).ask();
    expect(said).toMatchObject({ failure: { kind: 'misconfigured', on: tokenFile } });
    expect(JSON.stringify(said)).not.toContain('hunter');
  });

  it('given plain http to this machine, when asked, then credentials are sent', async () => {
    const { url } = await serve(plain);
    expect(await source(url, { auth: basic() }).ask()).toMatchObject({ ok: true });
  });

  it('given plain http to another machine, when asked, then no credentials leave', async () => {
    const there = 'http://etcd.example';
    expect(await source(there, { auth: basic() }).ask()).toMatchObject({
      failure: {
        kind: 'misconfigured',
        message: 'credentials are not sent to etcd.example over plain http',
      },
    });
    const told = { auth: basic(), tls: { verify: false } };
    expect(await source('http://nobody.invalid', told).ask()).toMatchObject({
      failure: { kind: 'unreachable' },
    });
  });
});
