import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import { prometheusSource } from '../../../src/adapters/prometheus/prometheus-source.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { type PrometheusData, prometheusDataSchema } from '../../../src/kernel/prometheus-fact.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { describeWithMonitoring } from '../../cluster/monitoring/support.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';
import { until } from '../../support/until.ts';

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));

const rules = [
  {
    name: 'first',
    rules: [
      {
        alert: 'AlwaysFires',
        expr: 'vector(1)',
        labels: { severity: 'critical' },
        annotations: { summary: 'it fires' },
      },
      { alert: 'Waits', expr: 'vector(1)', for: '1h', labels: { severity: 'warning' } },
      { alert: 'Down', expr: 'up == 0', labels: { severity: 'warning' } },
      { record: 'one', expr: 'vector(1)' },
    ],
  },
  {
    name: 'second',
    rules: [
      {
        alert: 'Fails',
        expr: 'up * on() group_left() (up or vector(1) or label_replace(vector(2), "a", "b", "", ""))',
      },
    ],
  },
];

describeWithMonitoring('a Prometheus that is real', (monitoring) => {
  let told: ToldSignals<PrometheusData>;
  const attention = nudgedAttention();
  afterEach(() => told.stop());
  const watch = (url: string) => {
    told = toldSignals(
      prometheusSource({
        settings: {
          prometheus: [
            { name: 'main', way: { kind: 'direct', url }, auth: { kind: 'none' }, tls: noTls },
          ],
          discover: false,
        },
        kubernetes: { get: async () => nowhere },
        open: (target) =>
          openHttp(target, {
            api: { request: async () => nowhere },
            forward: async () => nowhere,
            clock: systemClock,
            version: 'test',
          }),
        clock: systemClock,
        random: () => 0.5,
        attention,
      }),
    );
  };
  const wait = (what: string, condition: () => boolean) =>
    told.until(
      what,
      () => {
        attention.nudge();
        return condition();
      },
      30_000,
    );
  const latest = (id: string) => told.data().findLast((data) => data.id === id);
  const alertNamed = (name: string) =>
    told
      .data()
      .flatMap((d) =>
        d.kind === 'alert' && d.alert.labels.alertname === name ? [d.alert] : [],
      )[0];

  it('given rules and targets, when it evaluates, then alerts, failures and what is down are told, known as Alertmanager knows them', async () => {
    const alertmanager = await monitoring().alertmanager();
    const prometheus = await monitoring().prometheus({
      rules,
      alertmanagers: [alertmanager.access],
      externalLabels: { cluster: 'eu-1', severity: 'not this' },
      scrape: [
        { job_name: 'dead', static_configs: [{ targets: ['127.0.0.1:1'] }] },
        { job_name: 'itself', static_configs: [{ targets: [new URL(alertmanager.url).host] }] },
      ],
    });
    watch(prometheus.url);
    await wait('it is read, with all that goes on', () => {
      const fires = alertNamed('AlwaysFires')?.state === 'firing';
      const rule = latest('rule/second/Fails');
      const down = told.data().some((d) => d.kind === 'down' && d.target.job === 'dead');
      return fires && down && rule?.kind === 'rule' && rule.rule.health === 'err';
    });
    for (const data of told.data()) expect(prometheusDataSchema.parse(data)).toEqual(data);
    expect(alertNamed('Waits')?.state).toBe('pending');
    expect(latest('rule/second/Fails')).toMatchObject({
      rule: { lastError: expect.stringContaining('duplicate series') },
    });
    expect(told.data().findLast((d) => d.kind === 'down')).toMatchObject({
      target: { instance: '127.0.0.1:1', lastError: expect.stringContaining('refused') },
    });
    await wait('counts are told', () => {
      const info = latest('info');
      return info?.kind === 'info' && info.info.alertmanagers.length === 1;
    });
    expect(latest('info')).toMatchObject({
      info: {
        version: expect.stringMatching(/^2\./),
        rules: 4,
        targets: 2,
        jobs: [
          { job: 'dead', up: 0, total: 1 },
          { job: 'itself', total: 1 },
        ],
        alertmanagers: [`${alertmanager.url}/api/v2/alerts`],
        externalLabels: { cluster: 'eu-1' },
        clockSkew: 0,
      },
    });
    const sent = async () =>
      (await alertmanager.alerts()).find((alert) => alert.labels.alertname === 'AlwaysFires');
    // It is sent a moment after it has begun to fire, or once the Alertmanager is known.
    await until('the alert has been sent', async () => (await sent()) !== undefined, 60_000);
    const fires = await sent();
    expect(alertNamed('AlwaysFires')).toMatchObject({
      fingerprint: fires.fingerprint,
      labels: fires.labels,
    });

    told.forget();
    await prometheus.reload({ rules: rules.slice(1), scrape: [] });
    await wait('what is over is told', () =>
      ['gone', 'ruleGone', 'up'].every((kind) => told.data().some((d) => d.kind === kind)),
    );

    await prometheus.kill();
    await wait('that it is gone is told', () => told.kinds().includes('failed'));
    told.forget();
    await prometheus.start();
    await wait('it is back', () => told.kinds().includes('synced'));
    expect(told.data().some((d) => d.kind === 'listed')).toBe(true);
    await prometheus.stop();
    await alertmanager.stop();
  });
});
