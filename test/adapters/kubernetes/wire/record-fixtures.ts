/**
 * Records test/fixtures/kubernetes from a real API server: `node test/adapters/kubernetes/wire/record-fixtures.ts`.
 * The same list in both encodings at the same resource version, kubectl's own table of the pods, and streams of a watch.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent } from 'undici';
import { resourcePath } from '../../../../src/kernel/kind.ts';
import { objectKinds } from '../../../../src/probes/index.ts';
import type { Manifest } from '../../../cluster/apply.ts';
import { startCluster } from '../../../cluster/cluster.ts';
import type { Cluster } from '../../../cluster/cluster-handle.ts';
import { fixtureObjects } from './fixture-objects.ts';
import { debugContainer, fixturePods, podManifest } from './fixture-pods.ts';
import { nodeStatus, statusPatches } from './fixture-status.ts';

const directory = join(import.meta.dirname, '../../../fixtures/kubernetes');
const save = (name: string, content: string | Uint8Array): void =>
  writeFileSync(join(directory, name), content);

const protobuf = 'application/vnd.kubernetes.protobuf';

/** Bytes as they come; a stream is read until it has been quiet for a second. */
const fetcher = (cluster: Cluster) => {
  const { url, ca, cert, key } = cluster.api;
  const agent = new Agent({
    connect: { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) },
    bodyTimeout: 1000,
  });
  const get = async (path: string, accept: string): Promise<Buffer> => {
    const { body } = await agent.request({ origin: url, path, method: 'GET', headers: { accept } });
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of body) chunks.push(chunk);
    } catch (error) {
      if (!path.includes('watch=')) throw error;
    }
    return Buffer.concat(chunks);
  };
  return { get, close: () => agent.destroy() };
};

const status = (cluster: Cluster, path: string, body: object, type = 'merge') =>
  cluster.request(path, { method: 'PATCH', body, contentType: `application/${type}-patch+json` });

const fill = async (cluster: Cluster): Promise<void> => {
  await cluster.apply(fixtureObjects);
  await status(cluster, '/api/v1/nodes/fixed-1/status', { status: nodeStatus });
  const states = '/api/v1/namespaces/states';
  for (const pod of fixturePods) {
    const path = `${states}/pods/${pod.name}`;
    await cluster.apply([JSON.parse(JSON.stringify(podManifest(pod))) as Manifest]);
    if (pod.name === 'running') {
      const spec = { ephemeralContainers: [debugContainer] };
      await status(cluster, `${path}/ephemeralcontainers`, { spec }, 'strategic-merge');
    }
    if (pod.status !== undefined) {
      await status(cluster, `${path}/status`, { status: { ...pod.status, qosClass: undefined } });
    }
    if (pod.deleted) await cluster.request(path, { method: 'DELETE' });
  }
  await status(cluster, `${states}/services/web/status`, {
    status: { loadBalancer: { ingress: [{ ip: '198.51.100.4' }, { hostname: 'lb.example.com' }] } },
  });
  await cluster.waitFor(
    { until: 'the controllers have looked at everything', timeoutMs: 30_000 },
    async () => {
      const { items: sets } = await cluster.request('/apis/apps/v1/replicasets');
      const { items: jobs } = await cluster.request('/apis/batch/v1/jobs');
      const types = [...sets, ...jobs].flatMap((o) => o.status.conditions ?? []).map((c) => c.type);
      return ['ReplicaFailure', 'Failed', 'Complete'].every((type) => types.includes(type));
    },
  );
};

const record = async (cluster: Cluster): Promise<void> => {
  const { get, close } = fetcher(cluster);
  for (const { ref, fieldSelector } of objectKinds) {
    const path = resourcePath(ref);
    const query =
      fieldSelector === undefined ? '' : `fieldSelector=${encodeURIComponent(fieldSelector)}&`;
    const patches = statusPatches.filter((patch) => patch.resource === ref.resource);
    let { resourceVersion } = (await cluster.request(`${path}?limit=1`)).metadata;
    for (const patch of patches) {
      const patched = await status(cluster, patch.path, { status: patch.status });
      resourceVersion = patched.metadata.resourceVersion;
    }
    const same = `resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
    save(`${ref.resource}.json`, await get(`${path}?${query}${same}`, 'application/json'));
    save(`${ref.resource}.pb`, await get(`${path}?${query}${same}`, protobuf));
  }
  save('pods.kubectl.txt', await cluster.kubectl(['get', 'pods', '-n', 'states', '--no-headers']));
  const initial =
    '/api/v1/nodes?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  await cluster.forgetHistory();
  const expired = '/api/v1/nodes?watch=1&resourceVersion=1';
  for (const [name, path] of [
    ['initial', initial],
    ['expired', expired],
  ] as const) {
    save(`nodes.${name}.watch.json`, await get(path, 'application/json'));
    save(`nodes.${name}.watch.pb`, await get(path, `${protobuf};stream=watch`));
  }
  await close();
};

const aborting = new AbortController();
process.once('SIGINT', () => aborting.abort());
const cluster = await startCluster({ nodes: 1, report: console.error }, aborting.signal);
try {
  await fill(cluster);
  await record(cluster);
} finally {
  await cluster.stop();
}
