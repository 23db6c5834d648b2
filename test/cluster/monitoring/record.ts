/**
 * Records test/fixtures/alertmanager/<version> and test/fixtures/prometheus/<version> from what is installed:
 * `node test/cluster/monitoring/record.ts`. An Alertmanager is told of a few alerts, and of a silence; a
 * Prometheus scrapes itself and a target that is down, and tells another Alertmanager.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { waitFor } from '../wait.ts';
import { type Alertmanager, type PostedAlert, startAlertmanager } from './alertmanager.ts';
import { startAlertmanagerPair } from './alertmanager-pair.ts';
import { type Prometheus, type RuleGroup, startPrometheus } from './prometheus.ts';
import type { WebRequest } from './web-client.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');

type Record = (file: string, path: string, request?: WebRequest) => Promise<void>;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const recorder = (
  { exchange, run }: Pick<Alertmanager, 'exchange' | 'run'>,
  product: string,
  version: string,
): Record => {
  const directory = join(fixtures, product, version.split('.').slice(0, 2).join('.'));
  mkdirSync(directory, { recursive: true });
  return async (file, path, request = {}) => {
    const started = performance.now();
    const { status, headers, text } = await exchange(path, request);
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const body = parsed(text);
    const recorded = {
      method: request.method ?? 'GET',
      path,
      ...(request.body === undefined ? {} : { request: request.body }),
      status,
      headers,
      ms,
      bytes: Buffer.byteLength(text),
      body,
      ...(Array.isArray(body) ? { totalItems: body.length } : {}),
    };
    const content = JSON.stringify(recorded, undefined, 2).replaceAll(run.dir, '/run');
    writeFileSync(join(directory, file), `${content}\n`);
  };
};

const alert = (
  alertname: string,
  severity: string,
  labels: Readonly<{ [label: string]: string }>,
  minutesAgo: number,
): PostedAlert => ({
  labels: { alertname, severity, cluster: 'prod-eu-1', ...labels },
  annotations: {
    summary: `${alertname} in ${labels.namespace}`,
    runbook_url: `https://runbooks.example.com/${alertname}`,
  },
  startsAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
  generatorURL: 'http://prometheus.example/graph?g0.expr=up',
});

const alerts: readonly PostedAlert[] = [
  alert('etcdMembersDown', 'critical', { namespace: 'kube-system', job: 'etcd' }, 3),
  alert('KubePodCrashLooping', 'warning', { namespace: 'payments', pod: 'gateway-7d9f-x2x1p' }, 12),
  alert('KubePodCrashLooping', 'critical', { namespace: 'payments', pod: 'gateway-7d9f-k8s7q' }, 9),
  alert('NodeDiskPressure', 'warning', { namespace: 'monitoring', node: 'node-3' }, 55),
];

const versionOf = async (one: Alertmanager): Promise<string> =>
  (await one.request('/api/v2/status')).versionInfo.version;

const recordAlertmanager = async (one: Alertmanager): Promise<void> => {
  const record = recorder(one, 'alertmanager', await versionOf(one));
  await record('01-status.json', '/api/v2/status');
  await record('02-alerts-none.json', '/api/v2/alerts');
  await record('03-post.json', '/api/v2/alerts', { method: 'POST', body: alerts });
  const nameless = { method: 'POST', body: [{ labels: {} }] } as const;
  await record('04-post-invalid.json', '/api/v2/alerts', nameless);
  const matchers = [{ name: 'alertname', value: 'Node.*', isRegex: true }];
  const id = await one.silence({
    matchers,
    createdBy: 'jo@example.com',
    comment: 'INC-1234 draining',
    minutes: 120,
  });
  await waitFor({ until: 'all alerts are judged', timeoutMs: 15_000 }, async () => {
    const states = (await one.alerts()).map(({ status }) => status.state);
    return states.filter((state) => state === 'suppressed').length === 2;
  });
  // Grouped only once the first notification of each group is due.
  await waitFor({ until: 'alerts are grouped', timeoutMs: 15_000 }, async () => {
    const groups: readonly { alerts: readonly unknown[] }[] =
      await one.request('/api/v2/alerts/groups');
    return groups.flatMap((group) => group.alerts).length === alerts.length;
  });
  await record('05-alerts.json', '/api/v2/alerts');
  await record('06-alerts-groups.json', '/api/v2/alerts/groups');
  const critical = '?active=true&silenced=false&inhibited=false&filter=severity%3D%22critical%22';
  await record('07-alerts-active-critical.json', `/api/v2/alerts${critical}`);
  await record('08-bad-filter.json', '/api/v2/alerts?filter=severity');
  await record('11-silences.json', '/api/v2/silences');
  await record('12-silence-get.json', `/api/v2/silence/${id}`);
  const endless = { matchers, startsAt: '', endsAt: '', createdBy: '', comment: '' };
  await record('13-silence-bad.json', '/api/v2/silences', { method: 'POST', body: endless });
  await record('16-silence-delete.json', `/api/v2/silence/${id}`, { method: 'DELETE' });
  await record('17-silence-after-expire.json', `/api/v2/silence/${id}`);
  const unknown = '/api/v2/silence/00000000-0000-4000-8000-000000000000';
  await record('18-silence-delete-404.json', unknown, { method: 'DELETE' });
  await record('19-receivers.json', '/api/v2/receivers');
  await record('20-ready.json', '/-/ready');
  await record('21-healthy.json', '/-/healthy');
  await record('22-unknown-path.json', '/api/v2/nope');
};

const recordPair = async (): Promise<void> => {
  const pair = await startAlertmanagerPair();
  try {
    const [first, second] = pair.members;
    const record = recorder(first, 'alertmanager', await versionOf(first));
    await record('23-status-of-a-pair.json', '/api/v2/status');
    await second.kill();
    await waitFor({ until: 'the other is missed', timeoutMs: 60_000 }, async () => {
      const { cluster } = await first.request('/api/v2/status');
      return cluster.peers.length === 1;
    });
    await record('24-status-of-a-pair-one-down.json', '/api/v2/status');
  } finally {
    await pair.stop();
  }
};

const rules: readonly RuleGroup[] = [
  {
    name: 'kubernetes',
    rules: [
      {
        alert: 'TargetDown',
        expr: 'up == 0',
        labels: { severity: 'critical', namespace: 'payments' },
        annotations: {
          summary: '{{ $labels.job }} is down',
          runbook_url: 'https://runbooks.example.com/TargetDown',
        },
      },
      {
        alert: 'TargetDownForLong',
        expr: 'up == 0',
        for: '10m',
        labels: { severity: 'warning' },
        annotations: { summary: '{{ $labels.job }} is down for long' },
      },
      { alert: 'Never', expr: 'up > 1', labels: { severity: 'info' } },
      { record: 'job:up:sum', expr: 'sum by (job) (up)' },
    ],
  },
];

const recordPrometheus = async (one: Prometheus): Promise<void> => {
  await waitFor({ until: 'one fires and one is pending', timeoutMs: 30_000 }, async () => {
    const states = (await one.alerts()).map(({ state }) => state);
    return states.includes('firing') && states.includes('pending');
  });
  await waitFor({ until: 'there is some history', timeoutMs: 30_000 }, async () => {
    const counts = await one.query('count_over_time(up[1m]) >= 4');
    return counts.length === 2;
  });
  const { version } = (await one.request('/api/v1/status/buildinfo')).data;
  const record = recorder(one, 'prometheus', version);
  const now = Math.floor(Date.now() / 1_000);
  await record('alerts.json', '/api/v1/alerts');
  await record('rules-alert.json', '/api/v1/rules?type=alert');
  await record('targets-active.json', '/api/v1/targets?state=active');
  await record('query.json', '/api/v1/query?query=up');
  const scalar = '/api/v1/query?query=scalar(vector(0))%2F0';
  await record('query-scalar-nan.json', scalar);
  await record('query-empty.json', '/api/v1/query?query=nothing_like_it');
  const range = `start=${now - 5}&end=${now}&step=1`;
  await record('query-range.json', `/api/v1/query_range?query=up&${range}`);
  await record('query-error.json', '/api/v1/query?query=up%20%3D%3D');
  await record('alertmanagers.json', '/api/v1/alertmanagers');
  await record('buildinfo.json', '/api/v1/status/buildinfo');
  await record('runtimeinfo.json', '/api/v1/status/runtimeinfo');
  await record('ready.json', '/-/ready');
  await record('unknown-path.json', '/api/v1/nope');
};

const alone = await startAlertmanager();
try {
  await recordAlertmanager(alone);
} finally {
  await alone.stop();
}
await recordPair();

const told = await startAlertmanager();
try {
  const port = await freePort();
  const prometheus = await startPrometheus({
    run: told.run,
    port,
    rules,
    scrape: [
      { job_name: 'prometheus', static_configs: [{ targets: [`127.0.0.1:${port}`] }] },
      { job_name: 'gateway', static_configs: [{ targets: [`127.0.0.1:${await freePort()}`] }] },
    ],
    alertmanagers: [told.access],
    externalLabels: { cluster: 'prod-eu-1' },
  });
  await recordPrometheus(prometheus);
} finally {
  await told.stop();
}
