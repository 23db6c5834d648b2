import { describe, expect, it } from 'vitest';
import { lokiSources, namedSources } from '../../src/cli/sources.ts';
import { webhookAddress } from '../../src/cli/webhook-address.ts';
import { noTls, sourcesFor } from '../../src/kernel/source-target.ts';

const named = (...args: Parameters<typeof namedSources>) => {
  const result = namedSources(...args);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const refused = (...args: Parameters<typeof namedSources>): string => {
  const result = namedSources(...args);
  return result.ok ? 'accepted' : result.failure.message;
};

describe('namedSources', () => {
  it('given nothing, then nothing is named, and the cluster is looked into', () => {
    expect(named({}, {}, {})).toEqual({
      etcd: [],
      alertmanagers: [],
      prometheus: [],
      discover: true,
      etcdTls: noTls,
    });
  });

  it('given the environment of etcdctl, then its endpoints and files are taken, with TLS where certificates are', () => {
    const env = {
      ETCDCTL_ENDPOINTS: '10.0.0.1:2379, https://10.0.0.2:2379/',
      ETCDCTL_CACERT: '/pki/ca.crt',
      ETCDCTL_CERT: '/pki/client.crt',
      ETCDCTL_KEY: '/pki/client.key',
    };
    const { etcd, etcdTls } = named({}, env, {});
    expect(etcd[0]?.target.endpoints).toEqual(['https://10.0.0.1:2379', 'https://10.0.0.2:2379']);
    expect(etcd[0]?.target.tls).toEqual(etcdTls);
    expect(etcdTls.ca).toBe('/pki/ca.crt');
  });

  it('given a flag and the environment, then the flag wins', () => {
    const { etcd, etcdTls } = named(
      { etcdEndpoints: 'http://a:1', etcdCert: '/flag.crt' },
      { ETCDCTL_ENDPOINTS: 'http://b:1', ETCDCTL_CERT: '/env.crt' },
      {},
    );
    expect(etcd.map((e) => e.target.endpoints)).toEqual([['http://a:1']]);
    expect(etcdTls.cert).toBe('/flag.crt');
  });

  it('given every way to a source, then each is understood', () => {
    const { alertmanagers, prometheus } = named(
      { alertmanager: ['https://am.example/prefix/'] },
      {},
      {
        alertmanagers: [
          { service: 'monitoring/main:web', path: 'am/', username: 'ops', passwordFile: '/pw' },
          { pod: 'monitoring/am-0:9093', scheme: 'https', tokenFile: '/token', name: 'zero' },
        ],
        prometheus: [{ url: 'http://prom:9090', insecureSkipVerify: true }],
      },
    );
    expect(alertmanagers.map((a) => a.target)).toEqual([
      {
        name: 'am.example',
        way: { kind: 'direct', url: 'https://am.example/prefix' },
        auth: { kind: 'none' },
        tls: noTls,
      },
      {
        name: 'main:web',
        way: {
          kind: 'service',
          namespace: 'monitoring',
          name: 'main',
          port: 'web',
          scheme: 'http',
          path: '/am',
        },
        auth: { kind: 'basic', username: 'ops', passwordFile: '/pw' },
        tls: noTls,
      },
      {
        name: 'zero',
        way: {
          kind: 'pod',
          namespace: 'monitoring',
          name: 'am-0',
          port: 9093,
          scheme: 'https',
          path: '',
        },
        auth: { kind: 'bearer', tokenFile: '/token' },
        tls: noTls,
      },
    ]);
    expect(prometheus[0]?.target.tls.verify).toBe(false);
  });

  it('given one name twice, then the second is told apart', () => {
    const { alertmanagers } = named({ alertmanager: ['http://a:9093', 'http://a:9093/x'] }, {}, {});
    expect(alertmanagers.map((a) => a.target.name)).toEqual(['a:9093', 'a:9093#2']);
  });

  it.each([
    ['credentials in a URL', { alertmanager: ['https://u:hunter2@am.example'] }, /has credentials/],
    ['no URL', { prometheus: ['prometheus'] }, /is no URL/],
    ['another scheme', { alertmanager: ['ftp://am'] }, /must begin with http/],
    ['a bad endpoint', { etcdEndpoints: 'https://' }, /etcd endpoint is no URL/],
  ])('given %s, then it is refused without repeating it', (_, flags, message) => {
    const said = refused(flags, {}, {});
    expect(said).toMatch(message);
    expect(said).not.toContain('hunter2');
  });

  it.each([
    [{ service: 'monitoring/main' }, /namespace\/name:port/],
    [{ pod: 'monitoring/am-0:web' }, /port of a pod is a number/],
  ])('given %j, then it is refused', (entry, message) => {
    expect(refused({}, {}, { alertmanagers: [entry] })).toMatch(message);
  });
});

describe('sourcesFor', () => {
  it('given contexts, then only what belongs to this one is left', () => {
    const all = named(
      {},
      {},
      {
        etcd: [{ endpoints: ['http://e:1'], contexts: ['prod-*'] }],
        prometheus: [{ url: 'http://p:1', contexts: ['stg'] }, { url: 'http://q:1' }],
      },
    );
    const { etcd, prometheus } = sourcesFor(all, 'prod-eu');
    expect(etcd.map((e) => e.name)).toEqual(['etcd']);
    expect(prometheus.map((p) => p.name)).toEqual(['q:1']);
  });
});

describe('webhookAddress', () => {
  it.each([
    [':9099', '127.0.0.1', 9099, true],
    ['9099', '127.0.0.1', 9099, true],
    ['localhost:1', 'localhost', 1, true],
    ['[::1]:99', '::1', 99, true],
    ['0.0.0.0:9099', '0.0.0.0', 9099, false],
    ['bastion:9099', 'bastion', 9099, false],
  ])('given %s, then %s port %i', (text, host, port, loopback) => {
    expect(webhookAddress(text)).toEqual({ ok: true, value: { host, port, loopback } });
  });

  it.each(['', 'x', ':0', ':70000', 'a:b', 'a:1:2', '[::1]'])('given %j, then refused', (text) => {
    expect(webhookAddress(text).ok).toBe(false);
  });
});

describe('lokiSources', () => {
  it('given a tenant, then it is part of the target; without one there is none', () => {
    const loki = [{ url: 'http://a:3100', tenant: 'shop|bank' }, { url: 'http://b:3100' }];
    const sources = lokiSources({ loki });
    expect(sources.ok && sources.value.map(({ target }) => target.tenant)).toEqual([
      'shop|bank',
      undefined,
    ]);
  });
});
