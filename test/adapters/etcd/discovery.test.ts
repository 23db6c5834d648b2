import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Failure, failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { until } from '../../support/until.ts';
import { peerOf, podList, podOf } from './etcd-pods.ts';
import {
  membersOf,
  metricsText,
  named,
  type Play,
  type PlayedMember,
  playEtcd,
  refused,
  statusOf,
} from './played-etcd.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'midwatch-etcd-'));
  for (const name of ['ca.crt', 'client.crt', 'client.key']) writeFileSync(join(dir, name), name);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const here = () => ({
  ca: join(dir, 'ca.crt'),
  cert: join(dir, 'client.crt'),
  key: join(dir, 'client.key'),
});
const nowhere = {
  ca: '/nonexistent/ca.crt',
  cert: '/nonexistent/c.crt',
  key: '/nonexistent/c.key',
};

const ids = ['1', '2', '3'];
const three: readonly PlayedMember[] = ids.map((id) => ({ id, name: `cp-${id}` }));
const peers = ids.map((id) => peerOf(`cp-${id}`, `10.0.0.${id}`));
const pods = (...wanted: readonly string[]) =>
  wanted.map((id) => podOf({ name: `cp-${id}`, ip: `10.0.0.${id}`, peers }));
const settings = { discover: true, etcdTls: noTls };

const answering: Play = (url, path) => {
  if (path === '/metrics') return ok({ status: 200, body: metricsText });
  const id = /10\.0\.0\.(\d)/.exec(url)?.[1] ?? '';
  return path.endsWith('/list') ? membersOf(three) : statusOf({ id });
};

/** An API server that tells of pods, or fails; counted. */
const api = (answer: string | Failure) => {
  const asked: string[] = [];
  const state: { answer: string | Failure } = { answer };
  const get = async (path: string): Promise<Result<string>> => {
    asked.push(path);
    return typeof state.answer === 'string' ? ok(state.answer) : failed(state.answer);
  };
  return { asked, get, state };
};

describe('members that are found by their pods', () => {
  it('given three static pods, when found, then their cluster is told with pods and data, and asked with the certificates of the node', async () => {
    const kubernetes = api(podList(...pods(...ids)));
    const etcd = playEtcd(settings, answering, { kubernetes, nodeFiles: here() });
    await etcd.until('status', 3);
    await etcd.clock.advance(seconds(1));
    expect(kubernetes.asked).toEqual([
      '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Detcd',
    ]);
    expect(etcd.cluster('etcd')).toMatchObject({
      problems: [],
      members: ids.map((id) => ({
        key: `cp-${id}`,
        id,
        pod: { name: `etcd-cp-${id}`, node: `cp-${id}` },
        dataDir: '/var/lib/etcd',
        foundBy: 'static pod',
      })),
    });
    const { ca, cert, key } = here();
    expect(etcd.opened).not.toHaveLength(0);
    for (const { tls } of etcd.opened) expect(tls).toEqual({ ...noTls, ca, cert, key });
    expect(etcd.data().filter((d) => d.kind === 'status')).toHaveLength(3);
    await etcd.stop();
  });

  it('given certificates in the settings, when found, then those are used and no others are looked for', async () => {
    const etcdTls = { ...noTls, ca: '/set/ca', cert: '/set/c', key: '/set/k' };
    const etcd = playEtcd({ ...settings, etcdTls }, answering, {
      kubernetes: api(podList(...pods('1'))),
      nodeFiles: here(),
    });
    await etcd.until('status', 3);
    for (const { tls } of etcd.opened) expect(tls).toEqual(etcdTls);
    await etcd.stop();
  });

  it('given no certificates, when found, then every member is told as not to be asked, with what to set, and is asked once they are there', async () => {
    const late = mkdtempSync(join(dir, 'late-'));
    const files = { ca: join(late, 'ca'), cert: join(late, 'c'), key: join(late, 'k') };
    const etcd = playEtcd(settings, answering, {
      kubernetes: api(podList(...pods(...ids))),
      nodeFiles: files,
    });
    await etcd.until('down', 3);
    const down = etcd.data().filter((d) => d.kind === 'down');
    expect(down.map((d) => d.member).sort()).toEqual(['cp-1', 'cp-2', 'cp-3']);
    for (const { failure: why } of down) {
      expect(why).toMatchObject({
        kind: 'misconfigured',
        message: expect.stringContaining('the certificate authority file does not exist'),
        on: files.ca,
        hint: expect.stringContaining('ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY'),
      });
    }
    expect(etcd.cluster('etcd')?.problems).toMatchObject([{ on: files.ca }]);
    expect(etcd.requests).toEqual([]);
    for (const path of Object.values(files)) writeFileSync(path, 'now');
    await etcd.clock.advance(seconds(6));
    await etcd.until('status', 3);
    expect(etcd.cluster('etcd')?.problems).toEqual([]);
    await etcd.stop();
  });

  it('given no certificates but metrics in the plain, when found on their machine, then metrics are told all the same', async () => {
    const pod = podOf({ name: 'a', ip: '127.0.0.1' });
    const etcd = playEtcd(settings, answering, {
      kubernetes: api(podList(pod)),
      nodeFiles: nowhere,
    });
    await etcd.until('metrics', 1);
    await etcd.until('down', 1);
    expect(new Set(etcd.requests.map((r) => r.url))).toEqual(new Set(['http://127.0.0.1:2381']));
    await etcd.stop();
  });

  it('given metrics on an address of another machine, when scraped, then not here but at its client address', async () => {
    const etcd = playEtcd(settings, answering, {
      kubernetes: api(podList(...pods('1'))),
      nodeFiles: here(),
    });
    await etcd.until('metrics', 3);
    const scraped = etcd.requests.filter(({ path }) => path === '/metrics').map(({ url }) => url);
    expect(new Set(scraped)).toEqual(new Set(ids.map((id) => `https://10.0.0.${id}:2379`)));
    await etcd.stop();
  });

  it('given a cluster that is named and has pods, when found, then it is one cluster with both', async () => {
    const etcd = playEtcd(
      { ...settings, ...named('payments', 'https://10.0.0.1:2379') },
      answering,
      { kubernetes: api(podList(...pods('1', '2'))), nodeFiles: here() },
    );
    await etcd.until('status', 3);
    await etcd.clock.advance(seconds(1));
    expect(etcd.cluster('etcd')).toBeUndefined();
    expect(
      etcd.cluster('payments')?.members.map(({ key, pod, foundBy }) => [key, pod?.name, foundBy]),
    ).toEqual([
      ['10.0.0.1:2379', 'etcd-cp-1', 'setting'],
      ['cp-2', 'etcd-cp-2', 'static pod'],
      ['cp-3', undefined, 'member list'],
    ]);
    await etcd.stop();
  });
});

describe('looking for pods', () => {
  it('given members that are well, when time passes, then pods are looked for every 10 min, and every minute while one is down', async () => {
    const kubernetes = api(podList(...pods(...ids)));
    const etcd = playEtcd(settings, answering, { kubernetes, nodeFiles: here() });
    await etcd.until('status', 3);
    await etcd.clock.advance(minutes(9.9));
    expect(kubernetes.asked).toHaveLength(1);
    await etcd.clock.advance(seconds(12));
    expect(kubernetes.asked).toHaveLength(2);
    etcd.play = (url, path, method) =>
      url.includes('10.0.0.2') ? refused : answering(url, path, method);
    await etcd.clock.advance(minutes(5));
    expect(kubernetes.asked).toHaveLength(7);
    await etcd.stop();
  });

  it('given pods that may not be listed, when refused, then it is told once, with what to do', async () => {
    const why = failure('forbidden', 'get', 'pods is forbidden', { status: 403 });
    const kubernetes = api(why);
    const etcd = playEtcd(settings, answering, { kubernetes });
    await etcd.clock.advance(minutes(60));
    const told = etcd.signals.filter(({ signal }) => signal.kind === 'failed');
    expect(told).toMatchObject([
      {
        signal: {
          scope: '',
          failure: { kind: 'forbidden', hint: expect.stringContaining('`etcd:`') },
        },
      },
    ]);
    expect(kubernetes.asked.length).toBeLessThanOrEqual(8);
    await etcd.stop();
  });

  it('given an API server that is away at first, when it is back, then pods are found soon', async () => {
    const kubernetes = api(failure('unreachable', 'get', 'it refuses connections'));
    const etcd = playEtcd(settings, answering, { kubernetes, nodeFiles: here() });
    await etcd.clock.advance(seconds(4));
    kubernetes.state.answer = podList(...pods(...ids));
    await etcd.clock.advance(seconds(2));
    expect(etcd.cluster('etcd')?.members).toHaveLength(3);
    expect(etcd.signals.some(({ signal }) => signal.kind === 'synced' && signal.scope === '')).toBe(
      true,
    );
    await etcd.stop();
  });

  it('given pods that are gone and members that do not answer, when looked for, then the cluster is lost; while one answers it is not', async () => {
    const kubernetes = api(podList(...pods(...ids)));
    const etcd = playEtcd(settings, answering, { kubernetes, nodeFiles: here() });
    await etcd.until('status', 3);
    kubernetes.state.answer = podList();
    await etcd.clock.advance(minutes(10));
    expect(etcd.data().some((d) => d.kind === 'lost')).toBe(false);
    etcd.play = () => refused;
    await etcd.clock.advance(minutes(2));
    expect(etcd.data().filter((d) => d.kind === 'lost')).toEqual([
      { kind: 'lost', id: 'cluster', cluster: 'etcd' },
    ]);
    await until('its connections are closed', () => etcd.openConnections() === 0);
    await etcd.stop();
  });
});
