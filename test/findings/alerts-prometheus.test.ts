import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../src/kernel/prometheus-fact.ts';
import { ago } from '../support/objects.ts';
import {
  alertOf,
  ends,
  fails,
  first,
  heard,
  names,
  only,
  prometheusFirst,
  prometheusHeard,
  rules,
  streamAfter,
  type Told,
} from './alert-scene.ts';

const sent = alertOf({
  alertname: 'Crash',
  severity: 'critical',
  cluster: 'eu',
  prometheus: 'monitoring/k8s',
});
/** The same before the Prometheus puts its own labels on it. */
const rule = alertOf({ alertname: 'Crash', severity: 'critical' });
const eu = { externalLabels: { cluster: 'eu', prometheus: 'monitoring/k8s' } };
const watchdog = alertOf({ alertname: 'Watchdog', severity: 'none' });

describe('what a Prometheus adds', () => {
  it('given labels of its own on what it sends, when the same alert comes both ways, then it is one', () => {
    const stream = streamAfter([
      ...first('am-0', 300, [sent, watchdog]),
      ...prometheusFirst('prometheus', 300, [rule], eu),
      heard('am-0'),
      prometheusHeard('prometheus'),
    ]);
    expect(only(stream)).toMatchObject({
      key: sent.fingerprint,
      state: 'firing',
      disagreement: '',
    });
    expect(only(stream).says.map((s) => s.source)).toEqual(['am-0', 'prometheus']);
  });

  it('given a label with the name of an external one and another value, when it is compared, then it is another alert', () => {
    const other = alertOf({ alertname: 'Crash', severity: 'critical', cluster: 'us' });
    const stream = streamAfter([
      ...first('am-0', 60, [other]),
      ...prometheusFirst('prometheus', 60, [rule], eu),
      heard('am-0'),
    ]);
    expect(stream.items.filter((i) => i.kind === 'alert')).toHaveLength(2);
  });

  it('given two replicas of a Prometheus, when both tell an alert, then it is one', () => {
    const told = [
      ...prometheusFirst('prom-0', 30, [rule], { externalLabels: { replica: 'a' } }),
      ...prometheusFirst('prom-1', 20, [rule], { externalLabels: { replica: 'b' } }),
    ];
    const item = only(streamAfter(told));
    expect(item.says.map((s) => s.source)).toEqual(['prom-0', 'prom-1']);
    expect(item).toMatchObject({ state: 'firing', stale: false, disagreement: '' });
  });

  it('given an alert that is pending, when it is merged, then it stands below those that fire', () => {
    const soon = alertOf({ alertname: 'Soon', severity: 'critical' }, { state: 'pending' });
    const stream = streamAfter([
      ...first('am-0', 300, [sent, watchdog]),
      ...prometheusFirst('prometheus', 30, [rule, soon], eu),
      heard('am-0'),
    ]);
    expect(names(stream)).toEqual(['Crash', 'Soon']);
    expect(stream.counts).toMatchObject({ critical: 1, pending: 1 });
  });

  it.each([
    [100, ''],
    [140, 'am-0 does not have it'],
  ])(
    'given it fires for %ds and no Alertmanager has it, when it is merged, then: %s',
    (s, text) => {
      const told = [
        ...first('am-0', 300, [watchdog]),
        ...prometheusFirst('prometheus', s, [rule]),
        heard('am-0'),
        prometheusHeard('prometheus'),
      ];
      expect(only(streamAfter(told))).toMatchObject({ state: 'firing', disagreement: text });
      expect(only(streamAfter(told)).says.map((x) => x.state)).toEqual(['firing', 'silent']);
    },
  );

  it('given no Alertmanager is asked, when rules fire, then they are the stream', () => {
    const stream = streamAfter([
      ...prometheusFirst('prometheus', 300, [rule]),
      prometheusHeard('prometheus'),
    ]);
    expect(only(stream)).toMatchObject({ state: 'firing', disagreement: '', stale: false });
    expect(stream.watchdog.tone).toBe('unknown');
    expect(stream.counts.critical).toBe(1);
  });

  it('given the Alertmanager dropped it, when rules still fire later, then it fires, and that is said', () => {
    const dropped = [
      ...first('am-0', 300, [rule, watchdog]),
      ends('am-0', 60, rule),
      heard('am-0'),
    ];
    const firing = prometheusFirst('prometheus', 300, [rule]);
    expect(
      only(streamAfter([...dropped, ...firing, prometheusHeard('prometheus', 90)])),
    ).toMatchObject({ state: 'resolved', disagreement: '' });
    expect(only(streamAfter([...dropped, ...firing, prometheusHeard('prometheus')]))).toMatchObject(
      {
        state: 'firing',
        disagreement: 'prometheus has it, am-0 dropped it 1m ago',
      },
    );
  });

  it('given the Alertmanager is not heard, when rules still fire, then the alert is not stale', () => {
    const told = [...first('am-0', 300, [rule]), fails('am-0', 60)];
    const stream = streamAfter([
      ...told,
      ...prometheusFirst('prometheus', 300, [rule]),
      prometheusHeard('prometheus'),
    ]);
    expect(only(stream)).toMatchObject({ state: 'firing', stale: false });
  });

  it('given only a Prometheus that is not heard has it, when it is merged, then it is stale', () => {
    const told = prometheusFirst('prometheus', 300, [rule]);
    expect(only(streamAfter(told))).toMatchObject({ state: 'firing', stale: true });
  });
});

const ruleOf = (name: string, over: Partial<AlertRule> = {}): AlertRule => ({
  key: `group/${name}`,
  group: 'group',
  name,
  file: 'rules.yaml',
  labels: {},
  annotations: {},
  health: 'ok',
  lastError: '',
  lastEvaluation: ago(60),
  ...over,
});

const downTarget = (job: string, instance: string): Told =>
  rules('prometheus', 100, {
    kind: 'down',
    id: `target/${job}/${instance}`,
    target: {
      key: `${job}/${instance}`,
      job,
      instance,
      labels: {},
      lastError: 'connection refused',
    },
  });

const jobs = (name: string, seconds: number, ...told: readonly [string, number][]) =>
  prometheusFirst(name, seconds, [], {
    jobs: told.map(([job, total]) => ({ job, up: 0, total })),
  });

const base = [...prometheusFirst('prometheus', 300, []), prometheusHeard('prometheus')];
const summaries = (told: readonly Told[]) => streamAfter(told).items.map((i) => i.summary);

describe('words of our own about a Prometheus', () => {
  it('given a rule that cannot be evaluated, when it is told, then it is a line', () => {
    const broken = ruleOf('Broken', { health: 'err', lastError: 'many-to-many matching' });
    const told = [
      ...base,
      ...[broken, ruleOf('Fine')].map((r) =>
        rules('prometheus', 100, { kind: 'rule', id: `rule/${r.key}`, rule: r }),
      ),
    ];
    const [item] = streamAfter(told).items;
    expect(item).toMatchObject({
      kind: 'own',
      key: 'own/rule/group/Broken',
      severity: 'warning',
      summary: 'rule Broken fails: many-to-many matching',
    });
    expect(streamAfter(told).counts.warning).toBe(1);
    expect(streamAfter(told).sources[0]).toMatchObject({
      tone: 'good',
      text: '10 rules, 1 of them fails',
    });
  });

  it('given more rules that fail than are listed, when they are told, then the rest is counted', () => {
    const many = Array.from({ length: 53 }, (_, i) => ruleOf(`R${i}`, { health: 'err' }));
    const told = many.map((r) =>
      rules('prometheus', 100, { kind: 'rule', id: `rule/${r.key}`, rule: r }),
    );
    const all = summaries([...base, ...told]);
    expect(all).toHaveLength(51);
    expect(all).toContain('3 more rules fail, not listed');
  });

  it('given targets down, when no alert says so, then there is one line for each job', () => {
    const down = [
      downTarget('kubelet', 'a:1'),
      downTarget('kubelet', 'b:1'),
      downTarget('dns', 'c:1'),
    ];
    expect(summaries([...base, ...down])).toEqual([
      '2 targets of job kubelet are down: connection refused',
      '1 target of job dns is down: connection refused',
    ]);
  });

  it.each<[string, readonly Told[], string]>([
    [
      '12',
      jobs('prometheus', 50, ['kubelet', 12], ['dns', 3]),
      '2 of 12 targets of job kubelet are',
    ],
    ['2', jobs('prometheus', 50, ['kubelet', 2]), 'all 2 targets of job kubelet are'],
    ['fewer than are down', jobs('prometheus', 50, ['kubelet', 1]), '2 targets of job kubelet are'],
    ['none', jobs('prometheus', 50, ['dns', 3]), '2 targets of job kubelet are'],
    [
      'as many by two that watch alike',
      [...jobs('prometheus', 50, ['kubelet', 12]), ...jobs('replica', 50, ['kubelet', 12])],
      '2 of 12 targets of job kubelet are',
    ],
    [
      'other numbers by two that share the work',
      [...jobs('prometheus', 50, ['kubelet', 12]), ...jobs('shard', 50, ['kubelet', 14])],
      '2 targets of job kubelet are',
    ],
    [
      'as many by two of which each tells others',
      [...jobs('one', 50, ['kubelet', 12]), ...jobs('another', 50, ['kubelet', 12])],
      '2 targets of job kubelet are',
    ],
  ])(
    'given a job whose targets are told to be %s, when two are down, then: %s',
    (_, told, text) => {
      const down = [downTarget('kubelet', 'a:1'), downTarget('kubelet', 'b:1')];
      expect(summaries([...base, ...down, ...told])).toEqual([`${text} down: connection refused`]);
    },
  );

  it('given the only target of a job, when it is down, then that is said', () => {
    const told = [downTarget('dns', 'c:1'), ...jobs('prometheus', 50, ['dns', 1])];
    expect(summaries([...base, ...told])).toEqual([
      'the only target of job dns is down: connection refused',
    ]);
  });

  it('given an alert about one of those that are down, then the line counts all of them', () => {
    const told = [
      ...jobs('prometheus', 50, ['dns', 3]),
      downTarget('dns', 'c:1'),
      downTarget('dns', 'd:1'),
      ...prometheusFirst('other', 20, [
        alertOf({ alertname: 'InstanceDown', job: 'dns', instance: 'c:1' }),
      ]),
    ];
    const own = streamAfter([...base, ...told]).items.filter((i) => i.kind === 'own');
    expect(own.map((i) => i.summary)).toEqual([
      '2 of 3 targets of job dns are down: connection refused',
    ]);
  });

  it('given an alert that says so, when targets are down, then they are no line of their own', () => {
    const down = [downTarget('kubelet', 'a:1'), downTarget('dns', 'c:1'), downTarget('dns', 'd:1')];
    const told = (labels: Record<string, string>): readonly Told[] => [
      ...base,
      ...down,
      ...prometheusFirst('other', 20, [alertOf(labels)]),
    ];
    const own = (labels: Record<string, string>) =>
      streamAfter(told(labels))
        .items.filter((i) => i.kind === 'own')
        .map((i) => i.subject);
    expect(own({ alertname: 'TargetDown', job: 'kubelet' })).toEqual(['job dns']);
    expect(own({ alertname: 'InstanceDown', job: 'dns', instance: 'c:1' })).toEqual([
      'job dns',
      'job kubelet',
    ]);
    expect(own({ alertname: 'KubeletTooManyPods', job: 'kubelet' })).toEqual([
      'job dns',
      'job kubelet',
    ]);
  });
});
