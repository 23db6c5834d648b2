/** Servers beside the API server: an etcd of three members, and an Alertmanager with thousands of alerts. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEtcdCluster } from '../test/cluster/etcd-cluster.ts';
import { type PostedAlert, startAlertmanager } from '../test/cluster/monitoring/alertmanager.ts';
import type { Measured } from './rows.ts';
import { keyTimes, usedOver } from './session.ts';
import { quantile } from './statistics.ts';
import type { Subject } from './subject.ts';

export interface BenchSources {
  /** Flags that name them to midwatch. */
  readonly flags: readonly string[];
  close(): Promise<void>;
}

export const alertsPosted = 5000;
const names = 250;
const atOnce = 1000;
/** Longer than any bench: an alert that is not sent again would be over after five minutes. */
const lasts = 6 * 3_600_000;

/** They fire for hours: ages of seconds would be repainted all the time. */
const began = 2 * 3_600_000;

const alert = (i: number): PostedAlert => ({
  labels: {
    alertname: `Bench${String(i % names).padStart(3, '0')}`,
    severity: ['critical', 'warning', 'info'][i % 3] ?? '',
    namespace: `team-${i % 40}`,
    pod: `app-${i}`,
    job: 'kube-state-metrics',
  },
  annotations: {
    summary: `Container of app-${i} has been waiting for longer than ${i % 60} minutes.`,
    runbook_url: `https://runbooks.example.com/bench/${i % names}`,
  },
  startsAt: new Date(Date.now() - began - i * 1000).toISOString(),
  endsAt: new Date(Date.now() + lasts).toISOString(),
});

/** Ten seconds. Each alert is a group of its own, so that each is a line of its own. */
export const openBenchSources = async (): Promise<BenchSources> => {
  const etcd = await startEtcdCluster();
  const { ca, cert, key } = etcd.credentials;
  const config = {
    route: { receiver: 'nobody', group_by: ['...'] },
    receivers: [{ name: 'nobody' }],
  };
  const alertmanager = await startAlertmanager({ config }).catch(async (error: unknown) => {
    await etcd.stop();
    throw error;
  });
  const close = async (): Promise<void> => {
    await alertmanager.stop();
    await etcd.stop();
  };
  try {
    for (let from = 0; from < alertsPosted; from += atOnce) {
      await alertmanager.post(Array.from({ length: atOnce }, (_, i) => alert(from + i)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    flags: [
      '--no-discover',
      ...['--alertmanager', alertmanager.url],
      ...['--etcd-endpoints', etcd.endpoints.join(',')],
      ...['--etcd-cacert', ca, '--etcd-cert', cert, '--etcd-key', key],
    ],
    close,
  };
};

/** How many alerts the title of the view counts, `alerts[5 000]`; null before there is one. */
export const alertsCounted = (text: string): number | null => {
  const found = /alerts\[([\d \u2009\u202f,.]+)\]/.exec(text)?.[1];
  return found === undefined ? null : Number(found.replace(/\D/g, ''));
};

const alertsOn = (text: string): number =>
  text.split('\n').filter((line) => / Bench\d{3} /.test(line)).length;

const within = 60_000;

/** One start in the view of alerts, and one at home, of a program that watches the sources. */
export const watchingSources = async (
  subject: Subject,
  kubeconfig: string,
  { flags }: BenchSources,
): Promise<Measured> => ({
  ...(await inAlerts(subject, kubeconfig, flags)),
  ...(await atHome(subject, kubeconfig, flags)),
});

const inAlerts = async (
  subject: Subject,
  kubeconfig: string,
  flags: readonly string[],
): Promise<Measured> => {
  const began = performance.now();
  await using terminal = subject.open(kubeconfig, [...flags, '-c', 'alerts']);
  await terminal.until((text) => alertsOn(text) >= 3, within);
  const first = (performance.now() - began) / 1000;
  await terminal.until((text) => (alertsCounted(text) ?? 0) >= alertsPosted, within);
  await sleep(10_000);
  const keys = await keyTimes(terminal, 100);
  return {
    'alerts-first': first,
    'alerts-key-p50': quantile(keys, 0.5),
    'alerts-key-p99': quantile(keys, 0.99),
  };
};

const atHome = async (
  subject: Subject,
  kubeconfig: string,
  flags: readonly string[],
): Promise<Measured> => {
  await using terminal = subject.open(kubeconfig, flags);
  await terminal.until((text) => text.includes('etcd ✓ 3/3') && alertsOn(text) >= 3, within);
  await sleep(10_000);
  const { cpu, bytesPerSecond } = await usedOver(terminal, 20_000);
  return { 'sources-cpu': cpu, 'sources-bytes': bytesPerSecond };
};
