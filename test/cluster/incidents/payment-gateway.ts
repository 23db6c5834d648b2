import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../apply.ts';
import { BUSYBOX_IMAGE } from '../busybox-image.ts';
import type { Cluster } from '../cluster-handle.ts';
import { silenceNode, wakeNode } from '../silent-node.ts';
import { dyingWords, namespaceOf, workload } from '../workloads.ts';
import { allReady, crowd, service } from './crowd.ts';
import type { Incident } from './incident.ts';

const message = 'failed to connect to etcd: context deadline exceeded';
const lostNode = 'sim-004';

/** A file on the node stands for the etcd that the gateway needs: it runs while the file is there. */
const switchDir = (cluster: Cluster): string => join(cluster.run.dir, 'etcd-reachable');
const switchFile = (cluster: Cluster): string => join(switchDir(cluster), 'yes');

const gateway = (cluster: Cluster): Manifest => {
  const script = `echo "connecting to etcd-0.etcd:2379"; while [ -e /etcd/yes ]; do sleep 1; done; sleep 3; ${dyingWords(message, 1)}`;
  const base = workload(cluster, {
    name: 'payment-gateway',
    namespace: 'payments',
    replicas: 6,
    script,
  }) as unknown as {
    spec: { template: { spec: { containers: object[]; volumes?: unknown } } };
  };
  const pod = base.spec.template.spec;
  pod.containers = pod.containers.map((c) => ({
    ...c,
    volumeMounts: [{ name: 'etcd', mountPath: '/etcd', readOnly: true }],
    resources: { requests: { cpu: '20m', memory: '16Mi' }, limits: { memory: '32Mi' } },
  }));
  pod.volumes = [{ name: 'etcd', hostPath: { path: switchDir(cluster), type: 'Directory' } }];
  return base as unknown as Manifest;
};

const checkout = (cluster: Cluster, image: string): Manifest =>
  workload(cluster, {
    name: 'checkout',
    namespace: 'web',
    replicas: 4,
    image,
    progressDeadlineSeconds: 60,
    resources: { requests: { cpu: '10m', memory: '8Mi' } },
  });

const restarts = async (cluster: Cluster, atLeast: number): Promise<void> => {
  await cluster.waitFor(
    { until: 'payment-gateway has restarted', timeoutMs: 180_000 },
    async () => {
      const { items } = await cluster.request(
        '/api/v1/namespaces/payments/pods?labelSelector=app=payment-gateway',
      );
      return items.every(
        (p: { status: { containerStatuses?: { restartCount: number }[] } }) =>
          (p.status.containerStatuses?.[0]?.restartCount ?? 0) >= atLeast,
      );
    },
  );
};

/** The gateway loses etcd, then a node goes silent, then somebody's rollout does not come up; and the way back. */
export const paymentGateway: Incident = {
  name: 'incident',
  summary:
    'a payment gateway crash-loops without etcd, a node is lost, a rollout sticks; and the recovery',
  nodes: 14,
  prepare: async (cluster) => {
    mkdirSync(switchDir(cluster), { recursive: true });
    writeFileSync(switchFile(cluster), '');
    await cluster.apply(['payments', 'web', 'platform', 'data'].map(namespaceOf));
    await cluster.apply([
      gateway(cluster),
      checkout(cluster, BUSYBOX_IMAGE),
      crowd('payments', 'ledger', 12),
      crowd('payments', 'fraud-check', 8),
      crowd('web', 'storefront', 24),
      crowd('web', 'catalog', 18),
      crowd('platform', 'ingress', 6),
      crowd('platform', 'metrics', 4),
      crowd('data', 'warehouse', 10),
      service('payments', 'payment-gateway'),
      service('web', 'checkout'),
      service('web', 'storefront'),
    ]);
    await allReady(cluster);
  },
  stages: [
    { mark: '', act: async () => {}, thenSeconds: 60 },
    {
      mark: '',
      act: async (cluster) => rmSync(switchFile(cluster)),
      until: (cluster) => restarts(cluster, 1),
      thenSeconds: 8,
    },
    {
      mark: 'payment-gateway crash-loops: etcd is out of reach',
      act: async () => {},
      until: (cluster) => restarts(cluster, 2),
      thenSeconds: 15,
    },
    { mark: '', act: (cluster) => silenceNode(cluster, lostNode), thenSeconds: 25 },
    {
      mark: '',
      act: (cluster) => cluster.apply([checkout(cluster, '127.0.0.1:5000/web/checkout:2.31.0')]),
      thenSeconds: 100,
    },
    {
      mark: 'etcd is back, the node answers, the rollout is taken back',
      act: async (cluster) => {
        writeFileSync(switchFile(cluster), '');
        await wakeNode(cluster, lostNode);
        await cluster.kubectl(['rollout', 'undo', '-n', 'web', 'deployment/checkout']);
        await cluster.kubectl([
          'rollout',
          'restart',
          '-n',
          'payments',
          'deployment/payment-gateway',
        ]);
      },
      until: allReady,
      thenSeconds: 40,
    },
  ],
};
