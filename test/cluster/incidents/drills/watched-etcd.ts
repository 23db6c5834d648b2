import { startEtcdCluster } from '../../etcd-cluster.ts';
import type { EtcdCluster } from '../../etcd-cluster-handle.ts';
import { type Alertmanager, startAlertmanager } from '../../monitoring/alertmanager.ts';
import { type Prometheus, type Rule, startPrometheus } from '../../monitoring/prometheus.ts';
import { waitFor } from '../../wait.ts';
import type { Told } from '../incident.ts';

/** An etcd of three members with a Prometheus that scrapes it and an Alertmanager that is told. */
export interface WatchedEtcd {
  readonly etcd: EtcdCluster;
  readonly prometheus: Prometheus;
  readonly alertmanager: Alertmanager;
  readonly told: Told;
  stop(): Promise<void>;
}

const watchdog: Rule = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  labels: { severity: 'none' },
  annotations: { summary: 'Always fires.' },
};

/** @param quotaBytes of the database of each member. */
export const startWatchedEtcd = async (
  rules: readonly Rule[],
  quotaBytes?: number,
  signal?: AbortSignal,
): Promise<WatchedEtcd> => {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of started.toReversed()) await one.stop();
  };
  try {
    const etcd = await startEtcdCluster(quotaBytes === undefined ? {} : { quotaBytes }, signal);
    started.push(etcd);
    const alertmanager = await startAlertmanager({}, signal);
    started.push(alertmanager);
    const prometheus = await startPrometheus(
      {
        rules: [
          { name: 'etcd', rules },
          { name: 'general', rules: [watchdog] },
        ],
        scrape: [
          {
            job_name: 'payments-etcd',
            static_configs: [{ targets: etcd.metricsUrls.map((url) => new URL(url).host) }],
          },
        ],
        alertmanagers: [alertmanager.access],
      },
      signal,
    );
    started.push(prometheus);
    const { ca, cert, key } = etcd.credentials;
    return {
      etcd,
      prometheus,
      alertmanager,
      told: {
        config: {
          discover: false,
          etcd: [
            {
              name: 'payments',
              endpoints: [...etcd.endpoints],
              caFile: ca,
              certFile: cert,
              keyFile: key,
            },
          ],
          alertmanagers: [{ name: 'am-0', url: alertmanager.url }],
          prometheus: [{ name: 'prometheus', url: prometheus.url }],
        },
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Waits until an alert fires, or until it does not any more. */
export const untilAlert = async (
  { alertmanager }: Pick<WatchedEtcd, 'alertmanager'>,
  name: string,
  fires: boolean,
): Promise<void> => {
  await waitFor(
    { until: `${name} ${fires ? 'fires' : 'is over'}`, timeoutMs: 120_000 },
    async () => {
      const alerts = await alertmanager.alerts();
      return alerts.some((a) => a.labels.alertname === name) === fires;
    },
  );
};
