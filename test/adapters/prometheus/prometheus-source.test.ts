import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import { prometheusSource } from '../../../src/adapters/prometheus/prometheus-source.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import type { PrometheusData } from '../../../src/kernel/prometheus-fact.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import { recordedAnswer } from '../../support/alertmanager-stage.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { nudgedAttention } from '../../support/nudged-attention.ts';
import {
  json,
  type ScriptedMonitoring,
  startScriptedMonitoring,
} from '../../support/scripted-monitoring.ts';
import { type ToldSignals, toldSignals } from '../../support/told-signals.ts';

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));

const paths = {
  rules: '/api/v1/rules',
  targets: '/api/v1/targets',
  config: '/api/v1/status/config',
  build: '/api/v1/status/buildinfo',
  alertmanagers: '/api/v1/alertmanagers',
} as const;

describe('prometheusSource', () => {
  let server: ScriptedMonitoring;
  let clock: FakeClock;
  let told: ToldSignals<PrometheusData>;
  const attention = nudgedAttention();
  beforeEach(async () => {
    server = await startScriptedMonitoring();
    const set = (path: string, file: string) =>
      server.answers.set(path, json(recordedAnswer(`alertmanager/${file}`)));
    set(paths.rules, '41-prom-rules.json');
    set(paths.targets, '42-prom-targets.json');
    set(paths.build, '47-prom-buildinfo.json');
    set(paths.alertmanagers, '46-prom-alertmanagers.json');
    const yaml = 'global:\n  external_labels:\n    cluster: eu-1\nscrape_configs: []\n';
    server.answers.set(paths.config, json({ status: 'success', data: { yaml } }));
    clock = new FakeClock();
    attention.set(true);
  });
  afterEach(async () => {
    await told.stop();
    await server.close();
  });

  const asked = (path: string) =>
    server.requests.filter((request) => request.split('?')[0] === path).length;
  const roundEnds = (n: number) =>
    told.until(`round ${n} has ended`, () => asked(paths.rules) >= n && attention.resting === 1);
  const nextRound = async (wait = 14.4) => {
    const n = asked(paths.rules);
    await roundEnds(n);
    await clock.advance(seconds(wait));
    await roundEnds(n + 1);
  };
  const watch = async () => {
    told = toldSignals(
      prometheusSource({
        settings: {
          prometheus: [
            {
              name: 'main',
              way: { kind: 'direct', url: server.url },
              auth: { kind: 'none' },
              tls: noTls,
            },
          ],
          discover: false,
        },
        kubernetes: { get: async () => nowhere },
        open: (target) =>
          openHttp(target, {
            api: { request: async () => nowhere },
            forward: async () => nowhere,
            clock,
            version: 'test',
          }),
        clock,
        random: () => 1,
        attention,
      }),
    );
    await roundEnds(1);
  };
  const kinds = () => [...new Set(told.data().map((d) => d.kind))].sort();

  it('given recorded answers, when read, then all is told and listed, with the labels that are sent', async () => {
    await watch();
    expect(kinds()).toEqual(['alert', 'down', 'info', 'listed', 'rule']);
    expect(told.data()[0]).toMatchObject({
      info: {
        version: '2.53.3+ds1',
        rules: 2,
        alertmanagers: ['http://127.0.0.1:19093/api/v2/alerts'],
        externalLabels: { cluster: 'eu-1' },
        clockSkew: null,
      },
    });
    const alerts = told.data().flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
    expect(alerts.map((a) => a.labels.cluster)).toEqual(['eu-1', 'eu-1']);
    expect(told.kinds().at(-1)).toBe('synced');
  });

  it('given nothing new, when a minute passes, then it is heard, and what hardly changes is asked once', async () => {
    await watch();
    told.forget();
    for (let n = 0; n < 5; n += 1) await nextRound();
    expect(told.kinds()).toEqual(['heard', 'heard', 'heard', 'heard', 'heard']);
    expect([asked(paths.rules), asked(paths.targets)]).toEqual([6, 6]);
    expect([asked(paths.config), asked(paths.build), asked(paths.alertmanagers)]).toEqual([
      1, 2, 2,
    ]);
  });

  it('given an answer with very many targets, when time passes, then it is asked for less often', async () => {
    const target = {
      health: 'up',
      scrapePool: 'p',
      scrapeUrl: 'http://x',
      labels: {},
      pad: 'x'.repeat(1000),
    };
    const activeTargets = Array.from({ length: 600 }, () => target);
    server.answers.set(paths.targets, json({ data: { activeTargets } }));
    await watch();
    for (let n = 0; n < 4; n += 1) await nextRound();
    // 0.65 MB at 20 kB a second: every 33 s, which is every third round.
    expect(asked(paths.targets)).toBe(2);
  });

  it('given a configuration that may not be read, when asked, then the rest is told as it is', async () => {
    server.answers.set(paths.config, { kind: 'raw', status: 403, headers: {}, body: 'no' });
    await watch();
    const alerts = told.data().flatMap((d) => (d.kind === 'alert' ? [d.alert] : []));
    expect(alerts.map((a) => a.labels.cluster)).toEqual([undefined, undefined]);
    expect(told.kinds().at(-1)).toBe('synced');
    await nextRound();
    expect(asked(paths.config)).toBe(1);
  });

  it('given targets that cannot be read, when rules can, then alerts are told, and the failure', async () => {
    server.answers.delete(paths.targets);
    await watch();
    expect(kinds()).toEqual(['alert', 'info', 'rule']);
    expect(told.signals.at(-1)).toMatchObject({ kind: 'failed', failure: { on: paths.targets } });
  });

  it('given something that is no Prometheus, when asked, then it says so', async () => {
    server.answers.set(paths.rules, json([]));
    await watch();
    expect(told.signals).toMatchObject([
      { kind: 'gap' },
      { kind: 'failed', failure: { message: 'it answers, but not as a Prometheus does' } },
    ]);
  });
});
