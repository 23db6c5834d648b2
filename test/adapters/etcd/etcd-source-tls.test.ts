import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { etcdSource } from '../../../src/adapters/etcd/etcd-source.ts';
import { type EtcdData, etcdDataSchema } from '../../../src/kernel/etcd-fact.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls, type SourceTls } from '../../../src/kernel/source-target.ts';
import { respond, type Script, startScriptedServer } from '../../support/api-server.ts';
import { createTestCa, type TestCa, type TestPair } from '../../support/test-pki.ts';
import { until } from '../../support/until.ts';
import { type EtcdRelease, recorded, recordedMetrics, releases } from './etcd-fixtures.ts';

let dir: string;
let ca: TestCa;
let stranger: TestCa;
let server: TestPair;
let client: TestPair;
const open: { close(): Promise<void> }[] = [];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-etcd-tls-'));
  ca = createTestCa(dir);
  stranger = createTestCa(join(dir, 'stranger'), 'stranger');
  server = ca.issue({ name: 'etcd', names: 'IP:127.0.0.1' });
  client = ca.issue({ name: 'client' });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const member = async (script: Script, secure = true) => {
  const options = { tls: server, clients: { ca: ca.cert, must: true } };
  const started = await startScriptedServer(script, {
    protocol: 'http/1.1',
    ...(secure ? options : {}),
  });
  open.push(started);
  return started;
};

/** Servers that answer what the members of a cluster answered, their addresses put into the member list. */
const recordedCluster = async (release: EtcdRelease, status: string) => {
  const statuses = recorded(release, status);
  const list = JSON.stringify(recorded(release, '02-member-list')[0]?.body);
  const metrics = recordedMetrics(release, '05-metrics-subset').join('\n');
  const state = { list };
  const members = await Promise.all(
    statuses.map(({ body, httpStatus, error }) =>
      member((request, response) => {
        if (error !== undefined) request.socket.destroy();
        else if (request.url === '/metrics') respond(response, 200, metrics);
        else if (request.url?.endsWith('/status')) {
          respond(response, httpStatus ?? 200, JSON.stringify(body));
        } else respond(response, 200, state.list);
      }),
    ),
  );
  for (const [i, { endpoint }] of statuses.entries()) {
    state.list = state.list.replaceAll(endpoint, members[i]?.url ?? '');
  }
  return members.map(({ url }) => url);
};

const watch = (endpoints: readonly string[], tls: Partial<SourceTls> = {}) => {
  const data: EtcdData[] = [];
  const stop = new AbortController();
  const mine = { ...noTls, ca: ca.certPath, cert: client.certPath, key: client.keyPath, ...tls };
  const ended = etcdSource({
    settings: {
      etcd: [{ name: 'payments', endpoints, tls: mine }],
      discover: false,
      etcdTls: noTls,
    },
    kubernetes: { get: async () => failed(failure('broken', 'get', 'not asked for')) },
    clock: systemClock,
    random: () => 0.5,
    version: '1.2.3',
  }).watch((signals) => {
    for (const s of signals) if (s.kind === 'observed') data.push(s.data);
  }, stop.signal);
  open.push({
    close: async () => {
      stop.abort();
      await ended;
    },
  });
  return data;
};

const downOf = async (url: string, tls: Partial<SourceTls> = {}) => {
  const data = watch([url], tls);
  await until('it is told', () => data.some((d) => d.kind === 'down' || d.kind === 'status'));
  return data.find((d) => d.kind === 'down')?.failure;
};

const host = (url: string): string => new URL(url).host;

describe('recorded answers over TLS', () => {
  it.each(releases)(
    'given a healthy cluster of %s, when one member is named, then all three are told with status and metrics',
    async (release) => {
      const urls = await recordedCluster(release, '01-status-healthy');
      const data = watch(urls.slice(0, 1));
      await until('all are told', () => {
        const told = (kind: 'status' | 'metrics') =>
          new Set(data.flatMap((d) => (d.kind === kind ? [d.member] : []))).size;
        return told('status') === 3 && told('metrics') === 3;
      });
      for (const fact of data) expect(etcdDataSchema.parse(fact)).toEqual(fact);
      const first = data.find((d) => d.kind === 'status');
      expect(Math.abs(first?.status.clockSkew ?? Number.NaN)).toBeLessThan(1500);
      expect(data.find((d) => d.kind === 'metrics')?.metrics.hasLeader).toBe(true);
    },
  );

  it.each(releases)(
    'given a quorum of %s that is lost, when asked, then the one that is left says that it has no leader',
    async (release) => {
      const statuses = recorded(release, '23-status-quorum-lost');
      const alone = statuses.findIndex(({ body }) => body !== undefined);
      const urls = await recordedCluster(release, '23-status-quorum-lost');
      const data = watch([urls[alone] ?? '']);
      await until('it is told', () => data.some((d) => d.kind === 'status'));
      expect(data.find((d) => d.kind === 'status')?.status).toMatchObject({
        leader: '',
        errors: ['etcdserver: no leader'],
      });
    },
  );
});

describe('members that cannot be asked', () => {
  const silent: Script = () => {};

  it('given an authority that did not sign its certificate, when asked, then that is said, with what to set', async () => {
    const { url } = await member(silent);
    expect(await downOf(url, { ca: stranger.certPath })).toMatchObject({
      kind: 'unreachable',
      op: 'ask etcd for its status',
      message: `the certificate of ${host(url)} is signed by an authority that is not trusted`,
      hint: expect.stringContaining('ETCDCTL_CACERT'),
    });
  });

  it('given no client certificate, when asked, then it is said that one is wanted', async () => {
    const { url } = await member(silent);
    expect(await downOf(url, { cert: null, key: null })).toMatchObject({
      kind: 'unauthorized',
      message: `${host(url)} wants a client certificate that it trusts`,
      hint: expect.stringContaining('ETCDCTL_CERT and ETCDCTL_KEY'),
    });
  });

  it('given a key that is not there, when asked, then the file is named', async () => {
    const { url } = await member(silent);
    expect(await downOf(url, { key: '/nonexistent/client.key' })).toMatchObject({
      kind: 'misconfigured',
      message: 'the client key file does not exist',
      on: '/nonexistent/client.key',
    });
  });

  it('given a member that takes the question and is silent, when 2 s are over, then it is a timeout', async () => {
    const { url } = await member(silent);
    expect(await downOf(url)).toMatchObject({
      kind: 'timeout',
      message: `${host(url)} took the question and did not answer within 2 s`,
      hint: expect.stringContaining('without the others it serves nobody'),
    });
  });

  it('given nobody at the address, when asked, then connections are refused', async () => {
    const { url, close } = await member(silent);
    await close();
    expect(await downOf(url)).toMatchObject({
      kind: 'unreachable',
      message: `${host(url)} refuses connections`,
    });
  });

  it('given a name that nobody has, when asked, then it is DNS', async () => {
    expect(await downOf('https://etcd.invalid:2379')).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('DNS'),
    });
  });

  it.each([
    [
      'another API',
      404,
      '{"code":5,"message":"Not Found"}',
      'undecodable',
      'not to questions for etcd',
    ],
    ['a web page', 200, '<html></html>', 'undecodable', 'not as etcd does'],
    ['other JSON', 200, '{"header":{}}', 'undecodable', 'not as etcd does'],
    [
      'a server that stops',
      503,
      '{"code":14,"message":"etcdserver: server stopped"}',
      'broken',
      'etcdserver: server stopped',
    ],
    [
      'a refusal',
      403,
      '{"code":7,"message":"etcdserver: permission denied"}',
      'forbidden',
      'etcdserver: permission denied',
    ],
  ])(
    'given %s, when asked, then it is told as what it is',
    async (_, status, body, kind, words) => {
      const { url } = await member((__, response) => respond(response, status, body));
      expect(await downOf(url)).toMatchObject({ kind, message: expect.stringContaining(words) });
    },
  );

  it('given plain http where TLS was meant, when asked, then that is what is said', async () => {
    const { url } = await member(silent, false);
    expect(await downOf(url.replace('http:', 'https:'))).toMatchObject({
      message: `${host(url)} does not speak TLS`,
    });
  });
});
