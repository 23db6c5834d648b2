import type { World } from '../../src/kernel/world.ts';
import { sourceAlert, withAlerts } from './alert-world.ts';
import { quorumLost, withEtcd } from './etcd-world.ts';
import { claim, cronJob, endpointSlice, job, lease, service } from './more-objects.ts';
import {
  ago,
  condition,
  crashing,
  daemonSet,
  day,
  downNode,
  event,
  hour,
  minute,
  node,
  owner,
  pod,
  sickPod,
  waiting,
  workload,
} from './objects.ts';
import { change, cpu, definition, namespace, served } from './scenes.ts';
import { worldOf } from './world-of.ts';

const gateway = owner('ReplicaSet', 'payment-gateway-7d9f8c6b5');
const checkout = owner('ReplicaSet', 'checkout-6c9f7d4b8');

const sized = { requests: cpu(250, 256), limits: cpu(1000, 512) };

const gatewayPods = ['4crcm', '8xk2p', 'q9wlz'].map((suffix, i) =>
  crashing(
    `payment-gateway-7d9f8c6b5-${suffix}`,
    'failed to connect to etcd-0.etcd:2379: context deadline exceeded',
    {
      ...sized,
      owner: gateway,
      node: `worker-${i + 1}`,
      ip: `10.244.${i + 1}.17`,
      labels: { app: 'payment-gateway', tier: 'backend' },
      claims: i === 0 ? ['gateway-cache'] : [],
    },
  ),
);

const checkoutPods = ['8xk2p', 'zz7vd'].map((suffix, i) =>
  pod(`checkout-6c9f7d4b8-${suffix}`, {
    ...sized,
    namespace: 'web',
    owner: checkout,
    node: `worker-${i + 1}`,
    ip: `10.244.${i + 1}.33`,
    labels: { app: 'checkout', tier: 'frontend' },
    created: ago(12 * day),
  }),
);

const others = [
  sickPod(
    'importer-0',
    'ImagePullBackOff',
    waiting('ImagePullBackOff', 'Back-off pulling image "registry.test/importer:9"'),
    8 * minute,
    {
      namespace: 'batch',
      node: 'worker-2',
      ip: '10.244.2.40',
    },
  ),
  pod('report-28813-x7v2q', {
    namespace: 'batch',
    phase: 'Succeeded',
    status: 'Completed',
    ready: 0,
    node: 'worker-1',
    created: ago(3 * hour),
  }),
  pod('big-model-0', {
    namespace: 'batch',
    node: '',
    ip: '',
    phase: 'Pending',
    status: 'Pending',
    ready: 0,
    created: ago(2 * minute),
    conditions: [
      condition(
        'PodScheduled',
        'False',
        2 * minute,
        'Unschedulable',
        '0/4 nodes are available: 4 Insufficient memory.',
      ),
    ],
  }),
  pod('etcd-0', {
    namespace: 'kube-system',
    node: 'control-1',
    hostNetwork: true,
    created: ago(90 * day),
  }),
];

const usage = new Map(
  checkoutPods.map((p, i) => [`web/${p.name}`, cpu(100 + 140 * i, 120 + 370 * i)]),
);

/** A cluster on a bad evening, small enough to be read as a frame: every kind is there, in several states. */
export const badEvening = (): World => ({
  ...worldOf(
    {
      pods: [...others, ...gatewayPods, ...checkoutPods],
      nodes: [
        node('control-1', {
          roles: ['control-plane'],
          taints: [
            { key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' },
          ],
        }),
        node('worker-1', {
          allocatable: { ...cpu(7800, 30_000), pods: 110 },
          capacity: { ...cpu(8000, 32_000), pods: 110 },
        }),
        node('worker-2', { unschedulable: true }),
        downNode('worker-7'),
      ],
      namespaces: ['batch', 'kube-system', 'payments', 'web'].map((name) => namespace(name)),
      deployments: [
        workload('payment-gateway', {
          desired: 3,
          ready: 0,
          available: 0,
          uid: 'uid-Deployment-payment-gateway',
          images: ['registry.test/gateway:2.1.0'],
          conditions: [
            condition(
              'Available',
              'False',
              4 * minute,
              'MinimumReplicasUnavailable',
              'Deployment does not have minimum availability.',
            ),
          ],
        }),
        workload('checkout', {
          namespace: 'web',
          desired: 2,
          images: ['registry.test/checkout:1.4.2'],
          uid: 'uid-Deployment-checkout',
        }),
        workload('search', {
          namespace: 'web',
          desired: 4,
          updated: 1,
          ready: 4,
          available: 4,
          observed: 3,
          images: ['registry.test/search:9'],
        }),
        workload('old-import', { namespace: 'batch', desired: 0 }),
      ],
      replicasets: [
        workload(gateway.name, {
          uid: gateway.uid,
          owner: owner('Deployment', 'payment-gateway'),
          desired: 3,
          ready: 0,
          available: 0,
        }),
        workload(checkout.name, {
          uid: checkout.uid,
          namespace: 'web',
          owner: owner('Deployment', 'checkout'),
          desired: 2,
        }),
      ],
      statefulsets: [
        workload('importer', { namespace: 'batch', desired: 1, ready: 0, available: 0 }),
      ],
      daemonsets: [
        daemonSet('node-agent', { desired: 4, ready: 3, available: 3, misscheduled: 1 }),
      ],
      jobs: [
        job('report-28813', {
          namespace: 'batch',
          succeeded: 1,
          completed: ago(18 * minute),
          conditions: [condition('Complete', 'True', 2 * hour)],
        }),
        job('backfill', {
          namespace: 'batch',
          failed: 7,
          conditions: [
            condition(
              'Failed',
              'True',
              minute,
              'BackoffLimitExceeded',
              'Job has reached the specified backoff limit',
            ),
          ],
        }),
      ],
      cronjobs: [cronJob('report', { namespace: 'batch' }), cronJob('sweep', { suspended: true })],
      services: [service('payment-gateway'), service('checkout', { namespace: 'web' })],
      endpointslices: [
        endpointSlice('payment-gateway', 0, 3),
        endpointSlice('checkout', 2, 0, { namespace: 'web' }),
      ],
      events: [
        event(
          'Pod',
          'payment-gateway-7d9f8c6b5-4crcm',
          'BackOff',
          'Back-off restarting failed container app',
        ),
        event('Node', 'worker-7', 'NodeNotReady', 'Node worker-7 status is now: NodeNotReady', {
          in: '',
          lastSeen: ago(7 * minute),
          count: 1,
        }),
      ],
      persistentvolumeclaims: [
        claim('gateway-cache'),
        claim('scratch', { phase: 'Pending', volume: '' }),
      ],
      leases: [lease('worker-1', 20), lease('worker-7', 7 * minute)],
      customresourcedefinitions: [definition('certificates.cert-manager.io', 'Certificate')],
    },
    {},
    {
      metrics: {
        served: true,
        nodes: new Map([['worker-1', cpu(5400, 28_000)]]),
        pods: usage,
      },
      discovery: [
        served('certificates', 'cert-manager.io', 'Certificate', { shortNames: ['cert'] }),
      ],
    },
  ),
  changes: [
    change({
      key: 'payments/payment-gateway-7d9f8c6b5-4crcm',
      tone: 'bad',
      text: 'restarts 6 → 7, exit 1',
    }),
  ],
});

export const crashLabels = (n: number) => ({
  alertname: 'KubePodCrashLooping',
  severity: 'critical',
  namespace: 'payments',
  pod: `payment-gateway-7d9f8c6b5-${['4crcm', '8xk2p', 'q9wlz'][n] ?? n}`,
});

const told = [
  sourceAlert({ alertname: 'etcdInsufficientMembers', severity: 'critical', job: 'etcd' }, 300, {
    annotations: {
      summary: 'etcd cluster "payments": insufficient members (1).',
      runbook_url: 'https://runbooks.test/etcdInsufficientMembers',
    },
  }),
  ...[0, 1, 2].map((n) =>
    sourceAlert(crashLabels(n), 240, { annotations: { summary: 'a pod is crash looping' } }),
  ),
  sourceAlert({ alertname: 'KubeNodeNotReady', severity: 'warning', node: 'worker-7' }, 360),
  sourceAlert({ alertname: 'NodeClockSkew', severity: 'warning', node: 'worker-2' }, 2 * hour, {
    state: 'suppressed',
    silencedBy: ['s1'],
  }),
  sourceAlert({ alertname: 'Watchdog', severity: 'none' }, 90 * day),
];

const ntpSilence = {
  id: 's1',
  state: 'active',
  matchers: [{ name: 'node', value: 'worker-2', isRegex: false, isEqual: true }],
  author: 'ops',
  comment: 'ntp is being replaced',
  startsAt: ago(hour),
  endsAt: ago(-77 * minute),
} as const;

/** The same evening, with an etcd cluster that lost its quorum, and two Alertmanagers, one of which is not heard. */
export const alertedEvening = (): World => {
  const silences = [ntpSilence];
  const one = withAlerts(withEtcd(badEvening(), quorumLost()), 'am-0', told, { silences });
  return withAlerts(one, 'am-1', told.slice(1), { silences, secondsAgo: 130 });
};
