import { describe, expect, it } from 'vitest';
import { relabelling } from '../../../src/adapters/prometheus/relabel.ts';
import { sentLabels } from '../../../src/adapters/prometheus/sent-labels.ts';

const answerOf = (yaml: string) => ({ status: 'success', data: { yaml } });

/** As an operator sets up a pair: which of the two it was is dropped before alerts are sent. */
const operated = `global:
  scrape_interval: 30s
  external_labels:
    cluster: prod-eu-1
    number: 7
    prometheus: monitoring/k8s
    prometheus_replica: prometheus-k8s-0
alerting:
  alert_relabel_configs:
  - separator: ;
    regex: prometheus_replica
    replacement: $1
    action: labeldrop
  alertmanagers:
  - basic_auth:
      username: prom
      password: hunter2
    scheme: http
rule_files:
- /etc/prometheus/rules/*.yaml
scrape_configs:
- job_name: node
  bearer_token: hunter3
  metric_relabel_configs:
  - regex: 'global:'
`;

describe('sentLabels', () => {
  it('given the configuration of an operator, when read, then alerts look as they are sent', () => {
    const labels = sentLabels(answerOf(operated));
    expect(labels.externalLabels).toEqual({
      cluster: 'prod-eu-1',
      number: '7',
      prometheus: 'monitoring/k8s',
      prometheus_replica: 'prometheus-k8s-0',
    });
    expect(labels.sent({ alertname: 'X', cluster: 'own' })).toEqual({
      alertname: 'X',
      cluster: 'own',
      number: '7',
      prometheus: 'monitoring/k8s',
    });
    expect(JSON.stringify(labels)).not.toContain('hunter');
  });

  it.each([
    ['no configuration', ''],
    ['no such sections', 'scrape_configs: []\n'],
    ['broken YAML', 'global:\n  external_labels: {a: [\n'],
    ['many aliases', `global:\n  a: &a [1]\n  external_labels: {b: *a}\n`],
    [
      'a section inside another',
      'remote_write:\n- headers:\n    global: {external_labels: {a: b}}\n',
    ],
  ])('given %s, when read, then labels stay as they are', (_, yaml) => {
    const labels = sentLabels(answerOf(yaml));
    expect(labels.externalLabels).toEqual({});
    expect(labels.sent({ alertname: 'X' })).toEqual({ alertname: 'X' });
  });

  it('given an answer of something else, when read, then labels stay as they are', () => {
    for (const answer of [null, [], { data: 3 }, 'x']) {
      expect(sentLabels(answer).sent({ a: 'b' })).toEqual({ a: 'b' });
    }
  });
});

describe('relabelling', () => {
  const labels = { alertname: 'Down', node: 'Worker-1', zone: 'eu' };
  it.each<[object, object]>([
    [
      { action: 'labeldrop', regex: 'no.*' },
      { alertname: 'Down', zone: 'eu' },
    ],
    [
      { action: 'labelkeep', regex: 'alertname|zone' },
      { alertname: 'Down', zone: 'eu' },
    ],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: so it is written there
      { action: 'labelmap', regex: 'no(.*)', replacement: 'x_${1}' },
      { ...labels, x_de: 'Worker-1' },
    ],
    [
      { source_labels: ['zone', 'node'], target_label: 'at', separator: '/' },
      { ...labels, at: 'eu/Worker-1' },
    ],
    [
      { source_labels: ['node'], regex: 'Worker-(\\d+)', target_label: 'n', replacement: 'w$1' },
      { ...labels, n: 'w1' },
    ],
    [{ source_labels: ['node'], regex: 'other', target_label: 'n' }, labels],
    [
      { target_label: 'zone', replacement: '' },
      { alertname: 'Down', node: 'Worker-1' },
    ],
    [
      { action: 'lowercase', source_labels: ['node'], target_label: 'node' },
      { ...labels, node: 'worker-1' },
    ],
    [
      { action: 'uppercase', source_labels: ['zone'], target_label: 'zone' },
      { ...labels, zone: 'EU' },
    ],
    [{ action: 'drop', source_labels: ['zone'], regex: 'eu' }, labels],
    [{ action: 'hashmod', source_labels: ['zone'], modulus: 3, target_label: 'h' }, labels],
    [{ action: 'labeldrop', regex: '(' }, labels],
    [{ action: 'labeldrop', regex: '(a+)+$' }, labels],
  ])('given %j, when alerts are sent, then they look like it', (step, expected) => {
    expect(relabelling([step])(labels)).toEqual(expected);
  });
});
