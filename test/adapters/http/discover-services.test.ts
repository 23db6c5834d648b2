import { describe, expect, it } from 'vitest';
import {
  alertmanagerServices,
  discoverServices,
} from '../../../src/adapters/http/discover-services.ts';
import { failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { never } from '../../support/api-client.ts';

const port = (more: object = {}) => ({ name: 'web', port: 9093, ...more });
const service = (name: string, spec: object = {}, namespace = 'monitoring') => ({
  metadata: { name, namespace },
  spec: { clusterIP: '10.96.0.1', selector: { app: name }, ports: [port()], ...spec },
});
const slice = (name: string, pods: readonly string[], more: object = {}) => ({
  metadata: { namespace: 'monitoring', labels: { 'kubernetes.io/service-name': name } },
  endpoints: pods.map((pod) => ({ targetRef: { kind: 'Pod', name: pod } })),
  ports: [{ name: 'web', port: 9093 }],
  ...more,
});
const forbidden = failed(failure('forbidden', 'get', 'no', { status: 403 }));

interface World {
  readonly labelled?: readonly object[];
  readonly operated?: readonly object[];
  readonly slices?: readonly object[];
  readonly proxied?: Result<string>;
}

const find = async ({ labelled = [], operated = [], slices = [], proxied = ok('OK') }: World) => {
  const paths: string[] = [];
  const get = async (path: string): Promise<Result<string>> => {
    paths.push(path);
    if (path.includes('/proxy/')) return proxied;
    if (path.includes('endpointslices')) return ok(JSON.stringify({ items: slices }));
    return ok(JSON.stringify({ items: path.includes('operated') ? operated : labelled }));
  };
  const found = await discoverServices({ get }, alertmanagerServices, never);
  if (!found.ok) throw new Error(found.failure.message);
  return { paths, found: found.value };
};

describe('discoverServices', () => {
  it('given one service with one pod, when looked for, then it is asked through the service, after three GETs', async () => {
    const { found, paths } = await find({
      labelled: [service('main')],
      slices: [slice('main', ['main-0'])],
    });
    expect(found).toMatchObject([
      {
        name: 'monitoring/main',
        way: {
          kind: 'service',
          namespace: 'monitoring',
          name: 'main',
          port: 'web',
          scheme: 'http',
          path: '',
        },
      },
    ]);
    expect(paths).toEqual([
      '/api/v1/services?labelSelector=app.kubernetes.io%2Fname%3Dalertmanager&limit=100',
      '/api/v1/services?labelSelector=operated-alertmanager%3Dtrue&limit=100',
      '/apis/discovery.k8s.io/v1/endpointslices?labelSelector=kubernetes.io%2Fservice-name%20in%20(main)&limit=500',
    ]);
  });

  it('given a headless twin, when looked for, then the service with an address stands for both, with or without pods known', async () => {
    const world = {
      labelled: [service('main', { selector: { app: 'am', instance: 'main' } })],
      operated: [service('alertmanager-operated', { clusterIP: 'None', selector: { app: 'am' } })],
    };
    expect((await find(world)).found.map((t) => t.name)).toEqual(['monitoring/main']);
    const slices = [slice('main', ['am-0']), slice('alertmanager-operated', ['am-0'])];
    expect((await find({ ...world, slices })).found.map((t) => t.name)).toEqual([
      'monitoring/main',
    ]);
  });

  it('given only the headless one, when looked for, then it is taken', async () => {
    const { found } = await find({
      operated: [service('alertmanager-operated', { clusterIP: 'None' })],
    });
    expect(found.map((t) => t.name)).toEqual(['monitoring/alertmanager-operated']);
  });

  it('given two replicas, when looked for, then each pod is a source; where pods may not be asked, the service is', async () => {
    const world = { labelled: [service('main')], slices: [slice('main', ['main-0', 'main-1'])] };
    const { found, paths } = await find(world);
    expect(found).toMatchObject([
      { name: 'monitoring/main-0', way: { kind: 'pod-proxy', name: 'main-0', port: 9093 } },
      { name: 'monitoring/main-1', way: { kind: 'pod-proxy', name: 'main-1', port: 9093 } },
    ]);
    expect(paths.at(-1)).toBe('/api/v1/namespaces/monitoring/pods/main-0:9093/proxy/-/healthy');
    expect((await find({ ...world, proxied: forbidden })).found.map((t) => t.way.kind)).toEqual([
      'service',
    ]);
    // It may be down, which is what somebody wants to see.
    const down = failed(failure('broken', 'get', 'no route'));
    expect((await find({ ...world, proxied: down })).found).toHaveLength(2);
  });

  it('given pods that end, when looked for, then they are none', async () => {
    const ending = {
      endpoints: [
        { targetRef: { kind: 'Pod', name: 'a' } },
        { targetRef: { kind: 'Pod', name: 'b' }, conditions: { terminating: true } },
      ],
    };
    const { found } = await find({
      labelled: [service('main')],
      slices: [slice('main', [], ending)],
    });
    expect(found.map((t) => t.way.kind)).toEqual(['service']);
  });

  it.each<[string, readonly object[], object | null]>([
    ['https by name', [port({ name: 'https' })], { port: 'https', scheme: 'https' }],
    ['https by protocol', [port({ appProtocol: 'https' })], { port: 'web', scheme: 'https' }],
    ['a known number', [port({ name: 'a', port: 80 }), port({ name: 'b' })], { port: 'b' }],
    ['the only one', [port({ name: '', port: 80 })], { port: '80' }],
    ['several strange ones', [port({ name: 'a', port: 1 }), port({ name: 'b', port: 2 })], null],
    ['gossip', [port({ name: 'mesh', port: 9094, protocol: 'UDP' }), port()], { port: 'web' }],
  ])('given %s, when looked for, then the right port is asked', async (_, ports, way) => {
    const { found } = await find({ labelled: [service('main', { ports })] });
    expect(found.map((t) => t.way)).toEqual(way === null ? [] : [expect.objectContaining(way)]);
  });

  it('given services that lead elsewhere or make no sense, when looked for, then they are left out', async () => {
    const labelled = [
      service('away', { type: 'ExternalName' }),
      {},
      null as unknown as object,
      service(''),
    ];
    expect((await find({ labelled })).found).toEqual([]);
  });

  it('given no right to list services, when looked for, then the hint says how to do without', async () => {
    const found = await discoverServices(
      { get: async () => forbidden },
      alertmanagerServices,
      never,
    );
    expect(found).toMatchObject({
      ok: false,
      failure: { kind: 'forbidden', hint: expect.stringContaining('--alertmanager') },
    });
  });
});
