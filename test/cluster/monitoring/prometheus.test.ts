import { expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { waitFor } from '../wait.ts';
import type { Alertmanager } from './alertmanager.ts';
import type { Prometheus, RuleGroup } from './prometheus.ts';
import { describeWithMonitoring } from './support.ts';

const rules = (...alerts: readonly { alert: string; expr: string }[]): readonly RuleGroup[] => [
  {
    name: 'test',
    rules: alerts.map((rule) => ({
      ...rule,
      labels: { severity: 'critical' },
      annotations: { summary: '{{ $labels.job }} says {{ $value }}' },
    })),
  },
];

const targetDown = { alert: 'TargetDown', expr: 'up == 0' };

const names = (alerts: readonly { labels: { alertname: string } }[]): readonly string[] =>
  alerts.map(({ labels }) => labels.alertname).toSorted();

const shows = (source: Prometheus | Alertmanager, expected: readonly string[]) =>
  waitFor(
    { until: `alerts are ${expected.join(', ') || 'none'}`, timeoutMs: 20_000 },
    async () => names(await source.alerts()).join() === expected.join(),
  );

describeWithMonitoring('a Prometheus with an Alertmanager', (monitoring) => {
  let prometheus: Prometheus;
  let alertmanager: Alertmanager;

  it('given a target that is down, when scraped, then an alert reaches Alertmanager', async () => {
    const basicAuth = { user: 'prometheus', password: 'not a secret' };
    alertmanager = await monitoring().alertmanager({
      routePrefix: '/alertmanager',
      webConfig: { basicAuth, tls: 'server' },
    });
    const port = await freePort();
    prometheus = await monitoring().prometheus({
      rules: rules(targetDown),
      scrape: [{ job_name: 'nobody', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
      alertmanagers: [alertmanager.access],
      externalLabels: { cluster: 'prod-eu-1' },
    });
    await shows(prometheus, ['TargetDown']);
    await shows(alertmanager, ['TargetDown']);
    const [alert] = await alertmanager.alerts();
    expect(alert.labels).toMatchObject({ job: 'nobody', cluster: 'prod-eu-1' });
    expect(alert.annotations).toEqual({ summary: 'nobody says 0' });
  });

  it('given an Alertmanager that forgot all, when it is back, then it is told again', async () => {
    await alertmanager.kill();
    await alertmanager.start({ state: 'lost' });
    await shows(alertmanager, ['TargetDown']);
  });

  it('given a crash, when started again, then it has what it measured before', async () => {
    const before = await prometheus.query('count_over_time(up[1h])');
    await prometheus.kill();
    await expect(prometheus.alerts()).rejects.toThrow();
    await prometheus.start();
    const after = await prometheus.query('count_over_time(up[1h])');
    expect(Number(after[0].value[1])).toBeGreaterThanOrEqual(Number(before[0].value[1]));
    await prometheus.kill();
    await prometheus.start({ data: 'lost' });
    const anew = await prometheus.query('count_over_time(up[1h])');
    expect(Number(anew[0]?.value[1] ?? 0)).toBeLessThan(Number(after[0].value[1]));
  });

  it('given a rule it refuses, when reloaded, then the old ones stay', async () => {
    await expect(
      prometheus.reload({ rules: rules({ alert: 'Broken', expr: 'up ==' }) }),
    ).rejects.toThrow('500');
    await prometheus.reload();
    await shows(prometheus, ['TargetDown']);
  });

  it('given new rules, when reloaded, then those count, and the old alert resolves', async () => {
    await prometheus.reload({ rules: rules({ alert: 'Watchdog', expr: 'vector(1)' }) });
    await shows(prometheus, ['Watchdog']);
    await shows(alertmanager, ['Watchdog']);
  });

  it('given a frozen one, when resumed, then it answers again', async () => {
    await prometheus.pause();
    await expect(prometheus.alerts(AbortSignal.timeout(500))).rejects.toThrow();
    prometheus.resume();
    expect(await prometheus.alerts()).toHaveLength(1);
  });

  it('given a rule it refuses, when started, then the error has its words', async () => {
    const starting = monitoring().prometheus({ rules: rules({ alert: 'Broken', expr: 'up ==' }) });
    await expect(starting).rejects.toThrow(/could not parse expression|parse error/);
  });
});
