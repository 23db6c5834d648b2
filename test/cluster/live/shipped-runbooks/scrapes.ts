import type { Cluster } from '../../cluster-handle.ts';
import { caOf, pairOf } from '../../pki.ts';

export const MONITORING_NAMESPACE = 'monitoring';
export const PROMETHEUS_POD = 'prometheus-k8s-0';
export const ALERTMANAGER_POD = 'alertmanager-main-0';
export const ETCD_JOB = 'payments-etcd';

/** A target that nobody listens at, and what it is called. */
export const downTarget = { job: 'cart', namespace: 'targets', service: 'cart' };

type Scrape = Readonly<Record<string, unknown>>;

export interface Scraped {
  /** Of the real node. */
  readonly kubelet: string;
  readonly kubeStateMetrics: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly etcd: readonly string[];
}

const own = (pod: string, host: string): Scrape => ({
  targets: [host],
  labels: { namespace: MONITORING_NAMESPACE, pod },
});

/** What a Prometheus of the usual kind scrapes, under the names that rules of the usual kind expect. */
export const scrapesOf = ({ run, record }: Cluster, at: Scraped): readonly Scrape[] => {
  const { cert, key } = pairOf(run.dir, 'admin');
  const secure = {
    scheme: 'https',
    tls_config: { ca_file: caOf(run.dir).cert, cert_file: cert, key_file: key },
    // They are large, and two cores do much else.
    scrape_interval: '5s',
  };
  const kubelet = {
    ...secure,
    honor_labels: true,
    static_configs: [{ targets: [at.kubelet], labels: { node: record.realNodes[0] } }],
    relabel_configs: [{ target_label: 'job', replacement: 'kubelet' }],
  };
  return [
    {
      ...secure,
      job_name: 'apiserver',
      static_configs: [{ targets: [`127.0.0.1:${record.ports.api}`] }],
    },
    { ...kubelet, job_name: 'kubelet' },
    { ...kubelet, job_name: 'cadvisor', metrics_path: '/metrics/cadvisor' },
    {
      job_name: 'kube-state-metrics',
      // Its series speak of other pods than its own.
      honor_labels: true,
      static_configs: [{ targets: [at.kubeStateMetrics] }],
    },
    { job_name: 'prometheus-k8s', static_configs: [own(PROMETHEUS_POD, at.prometheus)] },
    { job_name: 'alertmanager-main', static_configs: [own(ALERTMANAGER_POD, at.alertmanager)] },
    { job_name: ETCD_JOB, static_configs: [{ targets: at.etcd }] },
    {
      job_name: downTarget.job,
      static_configs: [
        {
          targets: ['127.0.0.1:1'],
          labels: { namespace: downTarget.namespace, service: downTarget.service },
        },
      ],
    },
  ];
};
