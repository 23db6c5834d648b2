import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import { reflect } from '../../../src/adapters/kubernetes/reflector.ts';
import { ReflectorIndex } from '../../../src/adapters/kubernetes/reflector-index.ts';
import { kindSource } from '../../../src/adapters/kubernetes/reflector-source.ts';
import type { TableData } from '../../../src/kernel/ports.ts';
import { podKind } from '../../../src/probes/pods.ts';
import { type Cluster, describeWithCluster } from '../../cluster/support.ts';
import { waitFor } from '../../cluster/wait.ts';
import { type Live, openLive, Seen } from '../../support/live-kubernetes.ts';
import { Reflected } from '../../support/reflected.ts';

let live: Live | undefined;
afterEach(async () => {
  await live?.stop();
  live = undefined;
});

const open = async (kubeconfig: string): Promise<Live> => {
  live = await openLive({ kubeconfig });
  return live;
};

const keysOf = async (cluster: Cluster, resource: string): Promise<readonly string[]> => {
  const list = JSON.parse(await cluster.kubectl(['get', resource, '-A', '-o', 'json'])) as {
    items: { metadata: { name: string; namespace?: string } }[];
  };
  return list.items
    .map(({ metadata: { name, namespace } }) => (namespace ? `${namespace}/${name}` : name))
    .sort();
};

const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});

describeWithCluster('a reflector on a real API server', { pods: 60, failing: 4 }, (cluster) => {
  it('reads what kubectl lists', async () => {
    const { watch } = await open(cluster().kubeconfig);
    for (const resource of ['pods', 'nodes', 'deployments', 'replicasets', 'leases']) {
      const seen = watch(resource);
      await seen.until(`${resource} are read`, ({ synced }) => synced.has(''));
      expect(seen.keys).toEqual(await keysOf(cluster(), resource));
    }
  });

  it('reads the same world in protobuf and in JSON, by WatchList and in pages', async () => {
    const { client, signal } = await open(cluster().kubeconfig);
    const read = async (encoding: 'protobuf' | 'json', pages: boolean) => {
      const seen = new Reflected();
      const done = new AbortController();
      signal.addEventListener('abort', () => done.abort());
      const request: typeof client.request = (asked, inner) =>
        client.request(
          // The server refuses a WatchList that matches an exact version.
          pages
            ? {
                ...asked,
                path: asked.path.replace('NotOlderThan', 'Exact').replace('limit=500', 'limit=7'),
              }
            : asked,
          inner,
        );
      await reflect(
        { client: { request }, clock: systemClock, random: systemRandom },
        { source: kindSource(podKind, '', [encoding]), scope: '', index: new ReflectorIndex() },
        (signals) => {
          seen.emit(signals);
          if (signals.some(({ kind }) => kind === 'synced')) done.abort();
        },
        done.signal,
      );
      return [...seen.objects].sort(([a], [b]) => (a < b ? -1 : 1));
    };
    const protobuf = await read('protobuf', false);
    expect(protobuf).toHaveLength(60);
    expect(await read('json', false)).toEqual(protobuf);
    expect(await read('protobuf', true)).toEqual(protobuf);
    expect(await read('json', true)).toEqual(protobuf);
  });

  it('follows a table: columns first, then rows as they change', async () => {
    const { port, signal } = await open(cluster().kubeconfig);
    const seen = new Seen();
    const said: TableData[] = [];
    const ref = {
      group: '',
      version: 'v1',
      resource: 'configmaps',
      kind: 'ConfigMap',
      namespaced: true,
    };
    const done = port.watchTable(
      ref,
      'default',
      (signals) => {
        seen.emit(signals);
        for (const signal of signals) if (signal.kind === 'observed') said.push(signal.data);
      },
      signal,
    );
    await seen.until('the table is read', ({ synced }) => synced.has('default'));
    expect(said[0]).toMatchObject({
      columns: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
    });
    await cluster().kubectl(['create', 'configmap', 'told', '--from-literal=a=1', '-n', 'default']);
    await seen.until('a row appears', ({ objects }) => objects.has('default/told'));
    expect(seen.objects.get('default/told')).toMatchObject({
      cells: ['told', '1', expect.any(String)],
    });
    await cluster().kubectl(['delete', 'configmap', 'told', '-n', 'default']);
    await seen.until('the row is gone', ({ objects }) => !objects.has('default/told'));
    await live?.stop();
    await done;
  });

  it('given a user of one namespace, when pods are watched, then it is read and the others are named', async () => {
    await cluster().apply([configMap('shop')]);
    await cluster().kubectl([
      'create',
      'rolebinding',
      'viewer',
      '--clusterrole=view',
      '--user=eve',
      '-n',
      'shop',
    ]);
    await cluster().kubectl([
      'create',
      'clusterrole',
      'see-namespaces',
      '--verb=list',
      '--resource=namespaces',
    ]);
    await cluster().kubectl([
      'create',
      'clusterrolebinding',
      'eve',
      '--clusterrole=see-namespaces',
      '--user=eve',
    ]);
    const { watch } = await open(await cluster().kubeconfigFor({ user: 'eve', namespace: 'shop' }));
    const pods = watch('pods');
    await pods.until('shop is read', ({ synced }) => synced.has('shop'));
    await pods.until('kube-system is named', ({ words }) =>
      words.includes('failed kube-system: forbidden'),
    );
    expect(pods.words.filter((word) => word.startsWith('failed:'))).toEqual([]);
    const nodes = watch('nodes');
    await nodes.until('nodes are forbidden', ({ words }) => words.includes('failed: forbidden'));
  });

  it("given a user who may not list namespaces, when pods are watched, then the context's namespace is read", async () => {
    await cluster().kubectl(['create', 'namespace', 'lab']);
    await cluster().kubectl([
      'create',
      'rolebinding',
      'viewer',
      '--clusterrole=view',
      '--user=bob',
      '-n',
      'lab',
    ]);
    const { watch } = await open(await cluster().kubeconfigFor({ user: 'bob', namespace: 'lab' }));
    const pods = watch('pods');
    await pods.until('lab is read', ({ synced }) => synced.has('lab'));
    expect(pods.words).toEqual(['synced lab']);
  });

  it('given a token that is refused, when a new one is in the file, then the next watch goes on', async () => {
    const path = join(cluster().run.dir, 'rotating-token');
    const account = ['serviceaccount', 'watcher', '-n', 'default'];
    await cluster().kubectl(['create', ...account]);
    const grant = ['--clusterrole=view', '--serviceaccount=default:watcher'];
    await cluster().kubectl(['create', 'clusterrolebinding', 'watcher', ...grant]);
    const issue = async () => {
      const options = { namespace: 'default', serviceAccount: 'watcher', expiresInSeconds: 600 };
      const token = await cluster().serviceAccountToken(options);
      writeFileSync(path, token);
      return token;
    };
    const stale = cluster().kubeconfigWith('stale', { kind: 'token', token: await issue() });
    const kubeconfig = cluster().kubeconfigWith('rotating', { kind: 'token-file', path });
    const { watch, client } = await open(kubeconfig);
    const seen = watch('pods');
    await seen.until('pods are read', ({ synced }) => synced.has(''));
    // Made anew it has another uid, and its old tokens are refused. (Expiry alone has a leeway of a minute.)
    await cluster().kubectl(['delete', ...account]);
    await waitFor({ until: 'the old token is refused', timeoutMs: 60_000, everyMs: 500 }, () =>
      cluster()
        .kubectl(['--kubeconfig', stale, 'auth', 'whoami'])
        .then(
          () => false,
          () => true,
        ),
    );
    await cluster().kubectl(['create', ...account]);
    await issue();
    client.redial('the test wants a new connection');
    await seen.until(
      'the watch is back',
      ({ words }) => words.length > 2 && words.at(-1) === 'synced',
    );
    expect(seen.words.filter((word) => word.startsWith('failed'))).toEqual([]);
  }, 90_000);
});

describeWithCluster('a reflector and an API server that fails', { pods: 40 }, (cluster) => {
  it('given a crash, when it is back, then failed, what was missed, and synced', async () => {
    const { watch } = await open(cluster().kubeconfig);
    const seen = watch('namespaces');
    await seen.until('namespaces are read', ({ synced }) => synced.has(''));
    await cluster().stopApiServer();
    await seen.until('failed', ({ words }) => words.includes('failed: unreachable'));
    expect(seen.words[1]).toMatch(/^gap: watch connection lost: /);
    expect(seen.objects.size).toBeGreaterThan(3);
    await cluster().startApiServer();
    await cluster().kubectl(['create', 'namespace', 'afterwards']);
    await seen.until(
      'synced',
      ({ synced, objects }) => synced.has('') && objects.has('afterwards'),
      60_000,
    );
    expect(seen.keys).toEqual(await keysOf(cluster(), 'namespaces'));
  }, 120_000);

  it('given history is forgotten, when it is back, then the rows stay and only differences are told', async () => {
    const { watch } = await open(cluster().kubeconfig);
    await cluster().kubectl(['create', 'namespace', 'doomed']);
    const seen = watch('namespaces');
    await seen.until('namespaces are read', ({ synced }) => synced.has(''));
    const fewest = { rows: seen.objects.size };
    const put = seen.objects.set.bind(seen.objects);
    const told: string[] = [];
    seen.objects.set = (key, object) => {
      told.push(key);
      fewest.rows = Math.min(fewest.rows, seen.objects.size);
      return put(key, object);
    };
    await cluster().forgetHistory();
    await seen.until('it is back', ({ synced }) => synced.has(''), 60_000);
    await cluster().kubectl(['create', 'namespace', 'later']);
    await seen.until('news', ({ objects }) => objects.has('later'));
    expect(told).toEqual(['later']);
    expect(fewest.rows).toBeGreaterThan(4);
  }, 120_000);

  it('given a frozen API server, when the link redials, then stale, failed, and recovered with what was deleted', async () => {
    const { watch, port, signal } = await open(cluster().kubeconfig);
    const seen = watch('namespaces');
    await cluster().kubectl(['create', 'namespace', 'victim']);
    await seen.until(
      'namespaces are read',
      ({ synced, objects }) => synced.has('') && objects.has('victim'),
    );
    const link = port.link(() => {}, signal);
    cluster().pauseApiServer();
    try {
      await seen.until(
        'a gap',
        ({ words }) => words.some((word) => word.startsWith('gap')),
        60_000,
      );
    } finally {
      cluster().resumeApiServer();
    }
    await cluster().kubectl(['delete', 'namespace', 'victim', '--wait=true']);
    await seen.until(
      'recovered',
      ({ synced, objects }) => synced.has('') && !objects.has('victim'),
      60_000,
    );
    expect(seen.keys).toEqual(await keysOf(cluster(), 'namespaces'));
    await live?.stop();
    await link;
  }, 120_000);
});
