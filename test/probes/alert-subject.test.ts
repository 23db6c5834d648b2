import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/probes/alert-subject.ts';

const scrape = {
  job: 'kube-state-metrics',
  instance: '10.0.3.9:8080',
  service: 'ksm',
  endpoint: 'http',
};
const ksm = { ...scrape, pod: 'prom-kube-state-metrics-5c9-x' };

describe('what an alert is about', () => {
  it.each([
    ['a pod', { ...scrape, namespace: 'web', pod: 'a-1', container: 'a' }, 'web/a-1', 'pods'],
    ['a pod on a node', { namespace: 'web', pod: 'a-1', node: 'w-1' }, 'web/a-1', 'pods'],
    ['a pod of a deployment', { namespace: 'web', pod: 'a-1', deployment: 'a' }, 'web/a-1', 'pods'],
    ['a pod without its namespace', { pod: 'a-1' }, 'a-1', 'pods'],
    [
      'a deployment, told by kube-state-metrics',
      { ...ksm, namespace: 'web', deployment: 'a' },
      'web/a',
      'deployments',
    ],
    [
      'a stateful set',
      { ...scrape, namespace: 'web', statefulset: 'db' },
      'web/db',
      'statefulsets',
    ],
    ['a daemon set', { ...scrape, namespace: 'web', daemonset: 'cni' }, 'web/cni', 'daemonsets'],
    ['a job, and not the scrape', { ...scrape, namespace: 'web', job_name: 'x' }, 'web/x', 'jobs'],
    [
      'a node, told by kube-state-metrics',
      { ...ksm, namespace: 'monitoring', node: 'w-7' },
      'node w-7',
      'nodes',
    ],
    [
      'kube-state-metrics itself',
      { ...ksm, namespace: 'monitoring' },
      `monitoring/${ksm.pod}`,
      'pods',
    ],
    [
      'a claim on a node',
      { namespace: 'web', persistentvolumeclaim: 'data-0', node: 'w-1', instance: 'i' },
      'pvc web/data-0',
      'persistentvolumeclaims',
    ],
    [
      'an instance',
      { job: 'blackbox', instance: 'https://shop.example' },
      'https://shop.example',
      null,
    ],
    [
      'the instance of node-exporter',
      {
        job: 'node-exporter',
        namespace: 'monitoring',
        pod: 'node-exporter-8s2',
        instance: '10.0.0.7:9100',
      },
      '10.0.0.7:9100',
      null,
    ],
    [
      'a crash of node-exporter',
      { ...scrape, namespace: 'monitoring', pod: 'node-exporter-8s2', uid: 'u' },
      'monitoring/node-exporter-8s2',
      'pods',
    ],
    ['a service', { job: 'api', namespace: 'web', service: 'api' }, 'service web/api', 'services'],
    ['a namespace', { namespace: 'web' }, 'namespace web', 'namespaces'],
    [
      'labels that lost to those of the scrape',
      {
        ...scrape,
        namespace: 'monitoring',
        exported_namespace: 'web',
        pod: 'ksm-1',
        exported_pod: 'a-1',
      },
      'web/a-1',
      'pods',
    ],
    [
      'an autoscaler',
      { namespace: 'web', horizontalpodautoscaler: 'a' },
      'hpa web/a',
      'horizontalpodautoscalers',
    ],
  ])('given %s, when read, then that is it', (_, labels, text, resource) => {
    const found = subjectOf(labels);
    expect([found?.text, found?.resource]).toEqual([text, resource]);
  });

  it('given a subject, when read, then its namespace and name are apart', () => {
    expect(subjectOf({ namespace: 'web', pod: 'a-1' })).toEqual({
      text: 'web/a-1',
      resource: 'pods',
      namespace: 'web',
      name: 'a-1',
    });
    expect(subjectOf({ namespace: 'web', node: 'w-1' })).toMatchObject({ namespace: '' });
  });

  it('given nothing that says, or nothing printable, when read, then there is none', () => {
    expect(subjectOf({})).toBeNull();
    expect(subjectOf({ alertname: 'Watchdog', severity: 'none', job: 'x' })).toBeNull();
    expect(subjectOf({ pod: '\u202e\n ' })).toBeNull();
    expect(subjectOf(Object.create({ pod: 'inherited' }))).toBeNull();
  });
});
