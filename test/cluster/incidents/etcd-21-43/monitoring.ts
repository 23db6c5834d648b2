import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Manifest } from '../../apply.ts';
import { findBinaries } from '../../binaries.ts';
import type { Cluster } from '../../cluster-handle.ts';
import { hostTool } from '../../debian-packages.ts';
import { freePort } from '../../free-port.ts';
import { startAlertmanager } from '../../monitoring/alertmanager.ts';
import { startPrometheus } from '../../monitoring/prometheus.ts';
import { bridgeOf } from '../../pod-network.ts';
import { startProcess, waitReady } from '../../process.ts';
import { simulatedPlacement } from '../../simulated-load.ts';
import { namespaceOf } from '../../workloads.ts';
import { type AlertDelays, alertRules } from './alert-rules.ts';
import { ETCD_NAMESPACE, ETCD_SERVICE, members } from './payments-etcd.ts';

const exec = promisify(execFile);

export const MONITORING_NAMESPACE = 'monitoring';
const PROMETHEUS_PORT = 9090;
const ALERTMANAGER_PORT = 9093;

/** @returns the port, on loopback: only Prometheus asks it. */
const startKubeStateMetrics = async (cluster: Cluster, signal?: AbortSignal): Promise<number> => {
  const found = findBinaries(['kube-state-metrics']);
  if (found.kind === 'missing') throw new Error(found.reason);
  const [port, telemetryPort] = [await freePort(), await freePort()];
  const record = await startProcess(cluster.run, {
    name: 'kube-state-metrics',
    command: found.binaries.path('kube-state-metrics'),
    args: [
      `--kubeconfig=${cluster.kubeconfig}`,
      '--host=127.0.0.1',
      `--port=${port}`,
      '--telemetry-host=127.0.0.1',
      `--telemetry-port=${telemetryPort}`,
      '--resources=pods,nodes,deployments,namespaces,jobs',
    ],
  });
  const url = `http://127.0.0.1:${port}/healthz`;
  await waitReady(record, 30_000, async () => (await fetch(url)).ok, signal);
  return port;
};

const alertmanagerConfig = {
  route: {
    receiver: 'on-call',
    group_by: ['namespace', 'job'],
    group_wait: '1s',
    group_interval: '5s',
    repeat_interval: '1h',
  },
  receivers: [{ name: 'on-call' }],
  inhibit_rules: [
    {
      source_matchers: ['severity = critical'],
      target_matchers: ['severity =~ warning|info'],
      equal: ['namespace', 'alertname'],
    },
  ],
};

/** Labels as a ServiceMonitor would give them; a member that is down stays a target. */
const etcdTargets = (ip: string) =>
  members.map(({ metricsPort, pod }) => ({
    targets: [`${ip}:${metricsPort}`],
    labels: { namespace: ETCD_NAMESPACE, service: ETCD_SERVICE, endpoint: 'metrics', pod },
  }));

const scrapes = (ip: string, kubeStateMetricsPort: number) => [
  { job_name: ETCD_SERVICE, static_configs: etcdTargets(ip) },
  {
    job_name: 'kube-state-metrics',
    // Its series speak of other pods than its own.
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${kubeStateMetricsPort}`] }],
  },
];

interface Exposed {
  readonly name: string;
  readonly pod: string;
  readonly image: string;
  readonly port: number;
}

const exposed: readonly Exposed[] = [
  {
    name: 'alertmanager',
    pod: 'alertmanager-main-0',
    image: 'quay.io/prometheus/alertmanager:v0.25.0',
    port: ALERTMANAGER_PORT,
  },
  {
    name: 'prometheus',
    pod: 'prometheus-k8s-0',
    image: 'quay.io/prometheus/prometheus:v2.42.0',
    port: PROMETHEUS_PORT,
  },
];

/** A service, and the pod behind it on a simulated node: it survives what happens to the real one. */
const standIn = ({ name, pod, image, port }: Exposed): readonly Manifest[] => {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'kube-prometheus' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace: MONITORING_NAMESPACE, labels },
      spec: {
        ...simulatedPlacement,
        containers: [{ name, image, ports: [{ name: 'web', containerPort: port }] }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: MONITORING_NAMESPACE, labels },
      spec: { selector: labels, ports: [{ name: 'web', port, targetPort: 'web' }] },
    },
  ];
};

/**
 * Leads the API server's proxy to the processes: it goes to endpoints only, and to those only that have the
 * address of an existing pod. The pod is simulated, what answers at its address is not.
 */
const expose = async (cluster: Cluster, ip: string, signal?: AbortSignal): Promise<void> => {
  await cluster.apply([namespaceOf(MONITORING_NAMESPACE), ...exposed.flatMap(standIn)], signal);
  for (const { pod } of exposed) {
    const path = `/api/v1/namespaces/${MONITORING_NAMESPACE}/pods/${pod}`;
    await cluster.waitFor(
      { until: `${pod} has its address`, timeoutMs: 30_000 },
      async () => {
        const { status } = await cluster.request(path);
        if (status.phase !== 'Running') return false;
        if (status.podIP === ip) return true;
        await cluster.request(`${path}/status`, {
          method: 'PATCH',
          contentType: 'application/merge-patch+json',
          body: { status: { podIP: ip, podIPs: [{ ip }] } },
        });
        return false;
      },
      signal,
    );
  }
};

/** One more address of this machine on the node's bridge; it goes with the bridge. */
const monitoringAddress = async ({ run }: Cluster, nodeIp: string): Promise<string> => {
  const ip = nodeIp.replace(/\.1$/, '.2');
  await exec(hostTool('ip'), ['addr', 'add', `${ip}/24`, 'dev', bridgeOf(run)]);
  return ip;
};

/** Prometheus, Alertmanager and kube-state-metrics beside the cluster, and services that lead to the first two. */
export const startMonitoring = async (
  cluster: Cluster,
  nodeIp: string,
  delays: AlertDelays,
  signal?: AbortSignal,
): Promise<void> => {
  const ip = await monitoringAddress(cluster, nodeIp);
  const port = await startKubeStateMetrics(cluster, signal);
  // Not on loopback: the API server refuses to proxy to that.
  const place = { run: cluster.run, host: ip };
  const alertmanager = await startAlertmanager(
    { ...place, port: ALERTMANAGER_PORT, config: alertmanagerConfig },
    signal,
  );
  await startPrometheus(
    {
      ...place,
      port: PROMETHEUS_PORT,
      rules: alertRules(delays),
      scrape: scrapes(nodeIp, port),
      scrapeInterval: '2s',
      alertmanagers: [alertmanager.access],
      externalLabels: { cluster: 'prod-eu', prometheus: `${MONITORING_NAMESPACE}/k8s` },
    },
    signal,
  );
  await expose(cluster, ip, signal);
};
