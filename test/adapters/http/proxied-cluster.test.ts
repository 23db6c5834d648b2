import { expect, it } from 'vitest';
import { alertmanagerSource } from '../../../src/adapters/alertmanager/alertmanager-source.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import { ingestPort } from '../../../src/adapters/kubernetes/ingest-port.ts';
import { openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { noTls, type SourceTarget, type SourceWay } from '../../../src/kernel/source-target.ts';
import type { Manifest } from '../../cluster/apply.ts';
import { BUSYBOX_IMAGE } from '../../cluster/busybox-image.ts';
import { hostTool } from '../../cluster/debian-packages.ts';
import { describeWithCluster } from '../../cluster/support.ts';
import { namespaceOf } from '../../cluster/workloads.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import { toldSignals } from '../../support/told-signals.ts';

const namespace = 'monitoring';
const labels = { 'app.kubernetes.io/name': 'alertmanager' };

/** Debian's own Alertmanager, in the root of the machine, in the network of the pod. */
const script = (command: string): string =>
  [
    'mkdir -p /host/tmp/alertmanager-$HOSTNAME && cd /host/tmp/alertmanager-$HOSTNAME',
    `echo '{"route":{"receiver":"nobody"},"receivers":[{"name":"nobody"}]}' > config.yml`,
    `exec chroot /host ${command} --config.file=/tmp/alertmanager-$HOSTNAME/config.yml` +
      ' --storage.path=/tmp/alertmanager-$HOSTNAME --cluster.listen-address=',
  ].join('; ');

const podOf = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    nodeSelector: { 'midwatch.dev/node': 'real' },
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'alertmanager',
        image: BUSYBOX_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', script(hostTool('alertmanager'))],
        ports: [{ name: 'web', containerPort: 9093 }],
        readinessProbe: { httpGet: { path: '/-/ready', port: 9093 }, periodSeconds: 1 },
        volumeMounts: [
          { name: 'host', mountPath: '/host', readOnly: true },
          { name: 'tmp', mountPath: '/host/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'host', hostPath: { path: '/' } },
      { name: 'tmp', emptyDir: {} },
    ],
  },
});

const serviceOf = (name: string, more: object): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { selector: labels, ports: [{ name: 'web', port: 9093, targetPort: 9093 }], ...more },
});

const pods = ['alertmanager-0', 'alertmanager-1'];

describeWithCluster('Alertmanagers behind a real API server', { realNode: true }, (cluster) => {
  const open = async (kubeconfig: string, signal: AbortSignal) => {
    const opened = await openCluster(
      { flags: { kubeconfig }, env: {}, clock: systemClock, version: 'test' },
      signal,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    return opened.value;
  };
  const targetOf = (way: SourceWay): SourceTarget => ({
    name: way.kind,
    way,
    auth: { kind: 'none' },
    tls: noTls,
  });
  const at = { namespace, scheme: 'http', path: '' } as const;
  const ways: readonly SourceWay[] = [
    { kind: 'service', ...at, name: 'alertmanager', port: 'web' },
    { kind: 'pod-proxy', ...at, name: 'alertmanager-0', port: 9093 },
    { kind: 'pod', ...at, name: 'alertmanager-0', port: 9093 },
  ];

  const watch = async (
    kubeconfig: string,
    settings: { alertmanagers: readonly SourceTarget[]; discover: boolean },
  ) => {
    const ended = new AbortController();
    const { client, forward } = await open(kubeconfig, ended.signal);
    const never = () => Promise.reject(new Error('not asked for here'));
    const kubernetes = ingestPort({
      client,
      clock: systemClock,
      random: () => 0.5,
      kinds: new Map(),
      discover: never,
      may: never,
      link: never,
    });
    const attention = nudgedAttention();
    const told = toldSignals(
      alertmanagerSource({
        settings,
        kubernetes,
        open: (target) =>
          openHttp(target, { api: client, forward, clock: systemClock, version: 'test' }),
        clock: systemClock,
        random: () => 0.5,
        attention,
      }),
    );
    const wait = (what: string, condition: () => boolean) =>
      told.until(
        what,
        () => {
          attention.nudge();
          return condition();
        },
        30_000,
      );
    const stop = async (): Promise<void> => {
      await told.stop();
      ended.abort();
    };
    return { told, wait, stop };
  };

  const rights = async (user: string, rules: readonly object[]): Promise<string> => {
    const name = `may-${user}`;
    await cluster().apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name },
        rules,
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
      },
    ]);
    return cluster().kubeconfigFor({ user });
  };
  const core = (verbs: readonly string[], ...resources: readonly string[]) => ({
    apiGroups: [''],
    resources,
    verbs,
  });
  const slices = {
    apiGroups: ['discovery.k8s.io'],
    resources: ['endpointslices'],
    verbs: ['list'],
  };

  it('given two pods behind a service, when they run, then they are ready', async () => {
    await cluster().apply([
      namespaceOf(namespace),
      ...pods.map(podOf),
      serviceOf('alertmanager', {}),
      serviceOf('alertmanager-operated', { clusterIP: 'None' }),
    ]);
    for (const pod of pods) {
      await cluster().kubectl([
        '-n',
        namespace,
        'wait',
        `pod/${pod}`,
        '--for=condition=Ready',
        '--timeout=60s',
      ]);
    }
  }, 90_000);

  it('given each way through the API server, when asked, then an alert is seen on it', async () => {
    const { told, wait, stop } = await watch(cluster().kubeconfig, {
      alertmanagers: ways.map(targetOf),
      discover: false,
    });
    await wait('all are read', () => ways.every(({ kind }) => told.kinds(kind).includes('synced')));
    for (const pod of pods) {
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}:9093/proxy/api/v2/alerts`;
      await cluster().client.send(path, {
        method: 'POST',
        body: [{ labels: { alertname: 'Proxied' } }],
      });
    }
    await wait('all tell it', () =>
      ways.every(({ kind }) => told.data(kind).some((d) => d.kind === 'alert')),
    );
    const where = told.data().flatMap((d) => (d.kind === 'source' ? [d.source.where] : []));
    expect(where.sort()).toEqual([
      'pod monitoring/alertmanager-0',
      'pod monitoring/alertmanager-0',
      'service monitoring/alertmanager',
    ]);
    await stop();
  });

  it('given nothing but the cluster, when looked for, then both replicas are found, each on its own', async () => {
    const { told, wait, stop } = await watch(cluster().kubeconfig, {
      alertmanagers: [],
      discover: true,
    });
    const scopes = pods.map((pod) => `${namespace}/${pod}`);
    await wait('both are read', () => scopes.every((s) => told.kinds(s).includes('synced')));
    expect(new Set(told.signals.map((s) => s.scope))).toEqual(new Set([...scopes, '']));
    await stop();
  });

  it('given rights to services only, when looked for, then the service stands for both', async () => {
    const kubeconfig = await rights('narrow', [
      core(['list'], 'services'),
      core(['get'], 'services/proxy'),
      slices,
    ]);
    const { told, wait, stop } = await watch(kubeconfig, { alertmanagers: [], discover: true });
    const scope = `${namespace}/alertmanager`;
    await wait('it is read', () => told.kinds(scope).includes('synced'));
    expect(new Set(told.signals.map((s) => s.scope))).toEqual(new Set([scope, '']));
    await stop();
  });

  it('given no rights at all, when asked, then each way says once what to ask for', async () => {
    const kubeconfig = await cluster().kubeconfigFor({ user: 'nobody' });
    const { told, wait, stop } = await watch(kubeconfig, {
      alertmanagers: ways.map(targetOf),
      discover: true,
    });
    const scopes = ['', ...ways.map(({ kind }) => kind)];
    await wait('all have failed', () => scopes.every((s) => told.kinds(s).includes('failed')));
    const hints = Object.fromEntries(
      told.signals.flatMap((s) => (s.kind === 'failed' ? [[s.scope, s.failure]] : [])),
    );
    expect(hints['']).toMatchObject({ kind: 'forbidden', hint: expect.stringContaining('URL') });
    expect(hints.service).toMatchObject({
      kind: 'forbidden',
      hint: expect.stringContaining('get services/proxy'),
    });
    expect(hints['pod-proxy']).toMatchObject({ hint: expect.stringContaining('get pods/proxy') });
    expect(hints.pod).toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('cannot get resource "pods/portforward"'),
    });
    expect(told.kinds('service')).toEqual(['gap', 'failed']);
    await stop();
  });

  it.each([
    [['get'], 'forbidden'],
    [['create'], 'forbidden'],
    [['get', 'create'], 'ok'],
  ])(
    'given the verbs %j on pods/portforward, when a pod is forwarded, then it is %s',
    async (verbs, outcome) => {
      const kubeconfig = await rights(`forwards-${verbs.join('-')}`, [
        core(verbs, 'pods/portforward'),
      ]);
      const ended = new AbortController();
      const { forward } = await open(kubeconfig, ended.signal);
      const pod = { namespace, name: 'alertmanager-0', port: 9093 };
      const opened = await forward(pod, ended.signal);
      expect(opened.ok ? 'ok' : opened.failure.kind).toBe(outcome);
      if (opened.ok) opened.value.destroy();
      ended.abort();
    },
  );

  it('given a port on which nothing listens, or no such pod, when forwarded, then the node or the server says so', async () => {
    const way = ways[2] as Extract<SourceWay, { kind: 'pod' }>;
    const { told, wait, stop } = await watch(cluster().kubeconfig, {
      alertmanagers: [
        { ...targetOf({ ...way, port: 9 }), name: 'port' },
        { ...targetOf({ ...way, name: 'alertmanager-7' }), name: 'pod' },
      ],
      discover: false,
    });
    await wait('both have failed', () =>
      ['port', 'pod'].every((s) => told.kinds(s).includes('failed')),
    );
    const messages = Object.fromEntries(
      told.signals.flatMap((s) => (s.kind === 'failed' ? [[s.scope, s.failure.message]] : [])),
    );
    expect(messages.port).toContain('connection refused');
    expect(messages.pod).toContain('"alertmanager-7" not found');
    await stop();
  });
});
