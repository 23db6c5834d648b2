import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClusterMark, serverDigest } from '../../src/adapters/cluster-mark.ts';
import type { ApiAnswer, ApiRequest } from '../../src/adapters/kubernetes/api-client.ts';
import type { TlsSettings } from '../../src/adapters/kubernetes/resolved.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';
import { never, resolvedFor } from '../support/api-client.ts';
import { createTestCa } from '../support/test-pki.ts';

const server = 'https://api.example:6443';
let dir = '';
let one = '';
let two = '';
let onePath = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-mark-'));
  const ca = createTestCa(dir, 'one');
  one = ca.cert;
  onePath = ca.certPath;
  two = createTestCa(dir, 'two').cert;
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const tlsOf = (pem: string | null, more: Partial<TlsSettings> = {}): TlsSettings => ({
  ca: pem === null ? null : { kind: 'inline', pem },
  certificate: null,
  serverName: null,
  verify: true,
  ...more,
});

const digestOf = async (at: string, tls: TlsSettings | null): Promise<string> => {
  const read = await serverDigest({ server: at, tls });
  return read.ok ? read.value : read.failure.message;
};

describe('serverDigest', () => {
  it('given the same authority, however it is written, then it is the same', async () => {
    const plain = await digestOf(server, tlsOf(one));
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    const file = tlsOf(null, { ca: { kind: 'file', path: onePath } });
    expect(await digestOf(server, file)).toBe(plain);
    expect(await digestOf(server, tlsOf(`# ours\n${one}\n${one}`))).toBe(plain);
    expect(await digestOf(server, tlsOf(one, { serverName: 'api.example' }))).toBe(plain);
    expect(await digestOf(server, tlsOf(one + two))).toBe(await digestOf(server, tlsOf(two + one)));
  });

  it('given another server in any way, then it is another', async () => {
    const all = await Promise.all([
      digestOf(server, tlsOf(one)),
      digestOf(server, tlsOf(two)),
      digestOf(server, tlsOf(null)),
      digestOf('https://api.example', tlsOf(one)),
      digestOf('https://other.example:6443', tlsOf(one)),
      digestOf(`${server}/k8s/clusters/c-1`, tlsOf(one)),
      digestOf(server, tlsOf(one, { serverName: 'other.example' })),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('given a server that nothing vouches for, then there is none', async () => {
    expect(await digestOf(server, tlsOf(one, { verify: false }))).toContain('not checked');
    expect(await digestOf('http://localhost:8001', null)).toContain('without TLS');
    expect(await digestOf(server, tlsOf('no certificate'))).toContain('cannot be read');
  });
});

const answering = (status: number, body: object) => ({
  request: async (_: ApiRequest): Promise<Result<ApiAnswer>> =>
    ok({
      status,
      headers: {},
      body: (async function* () {})(),
      text: async () => JSON.stringify(body),
    }),
});

describe('readClusterMark', () => {
  const resolved = () => resolvedFor(server, one);

  it('given a server that says the uid, then it is that, and what is known of the server besides', async () => {
    const client = answering(200, { metadata: { uid: 'u-1', name: 'kube-system' } });
    const read = await readClusterMark({ client, resolved: resolved() }, never);
    expect(read).toEqual(
      ok({
        mark: { uid: 'u-1', server: await digestOf(server, tlsOf(one)) },
        whyNoUid: '',
        whyNoServer: '',
      }),
    );
  });

  it('given somebody who may not read it, then there is no uid, and it is said why', async () => {
    const client = answering(403, { kind: 'Status', code: 403, message: 'you may not' });
    const read = await readClusterMark({ client, resolved: resolved() }, never);
    expect(read).toMatchObject({
      ok: true,
      value: { mark: { uid: null }, whyNoUid: expect.stringContaining('may not') },
    });
  });

  it('given a server that could not answer, then nothing weaker takes its place', async () => {
    const broken = [
      answering(500, { kind: 'Status', code: 500, message: 'etcd is gone' }),
      answering(401, { kind: 'Status', code: 401, message: 'who are you' }),
      answering(200, { metadata: {} }),
      { request: async () => failed(failure('unreachable', 'get', 'nobody there')) },
    ];
    for (const client of broken) {
      expect(await readClusterMark({ client, resolved: resolved() }, never)).toMatchObject({
        ok: false,
      });
    }
  });
});
