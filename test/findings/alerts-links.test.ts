import { describe, expect, it } from 'vitest';
import type { StreamItem } from '../../src/findings/alert-stream.ts';
import { alertsAbout } from '../../src/findings/alerts-about.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { EtcdMemberInfo } from '../../src/kernel/etcd-fact.ts';
import { revision } from '../../src/kernel/units.ts';
import { etcd } from '../../src/probes/etcd.ts';
import { claim, job, service } from '../support/more-objects.ts';
import { ago, node, owner, pod, workload } from '../support/objects.ts';
import type { Listed } from '../support/world-of.ts';
import { alertOf, finding, first, only, streamAfter } from './alert-scene.ts';

const listed: Listed = {
  nodes: [
    node('worker-1', { internalIp: '10.1.0.1' }),
    node('worker-7', { internalIp: '10.1.0.7' }),
    node('here', { internalIp: '127.0.0.1' }),
    node('twin-1', { internalIp: '10.1.0.9' }),
    node('twin-2', { internalIp: '10.1.0.9' }),
  ],
  pods: [
    pod('gateway-7d9f6c-4crcm', {
      owner: owner('ReplicaSet', 'gateway-7d9f6c'),
      node: 'worker-7',
      ip: '10.244.0.7',
    }),
    pod('kube-state-metrics-0', { namespace: 'monitoring', node: 'worker-1', ip: '10.244.0.8' }),
    pod('etcd-1', {
      namespace: 'kube-system',
      node: 'worker-1',
      hostNetwork: true,
      ip: '10.1.0.1',
    }),
  ],
  replicasets: [workload('gateway-7d9f6c', { owner: owner('Deployment', 'gateway') })],
  deployments: [workload('gateway', { desired: 12 })],
  statefulsets: [workload('ledger', { desired: 3 })],
  jobs: [job('nightly')],
  services: [service('gateway')],
  persistentvolumeclaims: [claim('data-ledger-0')],
};

const info = (name: string, host: string, over: Partial<EtcdMemberInfo> = {}): EtcdMemberInfo => ({
  key: name,
  name,
  id: '',
  clientUrls: [`https://${host}:2379`],
  peerUrls: [`https://${host}:2380`],
  metricsUrls: [`http://${host}:2381`],
  learner: false,
  foundBy: 'static pod',
  pod: null,
  dataDir: '',
  ...over,
});

const members = [
  info('etcd-0', '10.9.0.1', { id: '10501334649042878790' }),
  info('etcd-1', '10.9.0.2', {
    pod: { namespace: 'kube-system', name: 'etcd-1', node: 'worker-1' },
  }),
];
const states = {
  etcd: etcd.fold(etcd.empty, [
    {
      rev: revision(1),
      at: ago(3),
      scope: 'payments',
      settled: true,
      data: { kind: 'cluster', id: 'cluster', cluster: 'payments', members, problems: [] },
    },
  ]).state,
};

const gatewayKey = 'workload/payments/deployments/gateway';
const itemOf = (labels: Record<string, string>, findings: readonly Finding[] = []): StreamItem =>
  only(streamAfter(first('am-0', 3, [alertOf(labels)]), listed, findings, states));

describe('what an alert is about', () => {
  it.each<[Record<string, string>, string, string]>([
    [
      { pod: 'gateway-7d9f6c-4crcm' },
      'pods payments/gateway-7d9f6c-4crcm',
      'payments/gateway-7d9f6c-4crcm',
    ],
    [{ pod: 'gateway-7d9f6c-gone1' }, 'deployments payments/gateway', 'payments/gateway'],
    [{ pod: 'ledger-2' }, 'statefulsets payments/ledger', 'payments/ledger'],
    [
      { deployment: 'gateway', pod: 'kube-state-metrics-0' },
      'deployments payments/gateway',
      'payments/gateway',
    ],
    [
      { job_name: 'nightly', job: 'kube-state-metrics' },
      'jobs payments/nightly',
      'payments/nightly',
    ],
    [
      { persistentvolumeclaim: 'data-ledger-0' },
      'persistentvolumeclaims payments/data-ledger-0',
      'pvc payments/data-ledger-0',
    ],
    [{ node: 'worker-7' }, 'nodes /worker-7', 'node worker-7'],
    [{ instance: '10.1.0.7:9100', job: 'node-exporter' }, 'nodes /worker-7', 'node worker-7'],
    [{ instance: 'worker-7' }, 'nodes /worker-7', 'node worker-7'],
    [
      { instance: '10.244.0.7:8080' },
      'pods payments/gateway-7d9f6c-4crcm',
      'payments/gateway-7d9f6c-4crcm',
    ],
    [{ service: 'gateway' }, 'services payments/gateway', 'service payments/gateway'],
    [{ deployment: 'nobody' }, '', 'payments/nobody'],
    [{ node: '__proto__' }, '', 'node __proto__'],
  ])('given %j, when it is looked up, then it is %s', (labels, object, subject) => {
    const item = itemOf({ alertname: 'X', namespace: 'payments', ...labels });
    const o = item.object;
    expect(o === null ? '' : `${o.resource} ${o.namespace}/${o.name}`).toBe(object);
    expect(item.subject).toBe(subject);
  });

  it('given what kube-state-metrics tells of a namespace, when it is looked up, then it is not its own pod', () => {
    const labels = { alertname: 'KubeQuotaFull', namespace: 'payments', job: 'kube-state-metrics' };
    const item = itemOf({ ...labels, instance: '10.244.0.8:8080', pod: 'kube-state-metrics-0' });
    expect(item.object?.resource).not.toBe('pods');
  });

  it.each<[Record<string, string>, StreamItem['member']]>([
    [{ instance: '10.9.0.2:2381' }, { cluster: 'payments', member: 'etcd-1' }],
    [
      { namespace: 'kube-system', pod: 'etcd-1' },
      { cluster: 'payments', member: 'etcd-1' },
    ],
    [
      { job: 'etcd', instance: '10.9.0.1:9999' },
      { cluster: 'payments', member: 'etcd-0' },
    ],
    [{ job: 'node-exporter', instance: '10.9.0.1:9100' }, null],
    [
      { job: 'etcd', To: '91bc3c398fb3c146' },
      { cluster: 'payments', member: 'etcd-0' },
    ],
    [
      { job: 'etcd', member: 'etcd-1' },
      { cluster: 'payments', member: 'etcd-1' },
    ],
    [{ job: 'web', member: 'etcd-1' }, null],
  ])('given %j, when it is looked up, then the member is %j', (labels, member) => {
    expect(itemOf({ alertname: 'X', ...labels }).member).toEqual(member);
  });

  it('given an etcd alert without a member, when there is a finding of the cluster, then that is meant', () => {
    const findings = [finding('etcd/payments'), finding(gatewayKey)];
    expect(itemOf({ alertname: 'etcdInsufficientMembers', job: 'etcd' }, findings).finding).toBe(
      'etcd/payments',
    );
    const others = {
      alertname: 'etcdInsufficientMembers',
      job: 'etcd',
      instance: '10.50.0.1:2381',
    };
    expect(itemOf(others, findings).finding).toBe(null);
  });

  it.each([
    [{ namespace: 'payments', pod: 'gateway-7d9f6c-4crcm' }, gatewayKey],
    [{ namespace: 'payments', deployment: 'gateway' }, gatewayKey],
    [{ node: 'worker-7' }, 'node/worker-7'],
    [
      { namespace: 'payments', persistentvolumeclaim: 'data-ledger-0' },
      'claim/payments/data-ledger-0',
    ],
    [{ job: 'apiserver' }, 'api/readyz'],
    [{ namespace: 'payments', statefulset: 'ledger' }, null],
  ])('given %j, when findings are there, then %s is about the same', (labels, key) => {
    const findings = [gatewayKey, 'node/worker-7', 'claim/payments/data-ledger-0', 'api/readyz'];
    const item = itemOf(
      { alertname: 'X', ...labels },
      findings.map((k) => finding(k)),
    );
    expect(item.finding).toBe(key);
  });

  it('given an object, a finding or a member, when its alerts are asked for, then they are found', () => {
    const about = (labels: Record<string, string>) => alertOf({ alertname: 'X', ...labels });
    const mine = about({ namespace: 'payments', pod: 'gateway-7d9f6c-4crcm' });
    const other = about({ job: 'etcd', member: 'etcd-1' });
    const stream = streamAfter(
      first('am-0', 3, [mine, other]),
      listed,
      [finding(gatewayKey)],
      states,
    );
    const keys = (items: readonly StreamItem[]) => items.map((i) => i.key);
    const object = (resource: string, name: string) =>
      keys(alertsAbout(stream, { kind: 'object', resource, namespace: 'payments', name }));
    expect(object('pods', 'gateway-7d9f6c-4crcm')).toEqual([mine.fingerprint]);
    expect(object('replicasets', 'gateway-7d9f6c')).toEqual([mine.fingerprint]);
    expect(object('deployments', 'gateway')).toEqual([mine.fingerprint]);
    expect(object('deployments', 'other')).toEqual([]);
    expect(keys(alertsAbout(stream, { kind: 'finding', key: gatewayKey }))).toEqual([
      mine.fingerprint,
    ]);
    const member = { kind: 'member', cluster: 'payments', member: 'etcd-1' } as const;
    expect(keys(alertsAbout(stream, member))).toEqual([other.fingerprint]);
  });
});

describe('warning events beside alerts', () => {
  const backOff = finding('event/BackOff/workload/payments/deployments/gateway', {
    subsystem: 'alerts',
    title: 'payments/gateway',
    reason: 'BackOff x5',
    detail: 'Back-off restarting',
    object: { resource: 'deployments', namespace: 'payments', name: 'gateway' },
    proof: [{ text: 'Back-off restarting', source: 'events' as never, at: ago(20) }],
  });

  it('given no alert about the same, when they are listed, then each is a line that does not count', () => {
    const stream = streamAfter([], listed, [backOff]);
    expect(stream.items).toMatchObject([
      { kind: 'event', key: backOff.key, name: 'BackOff x5', subject: 'payments/gateway' },
    ]);
    expect(stream.counts.warning).toBe(0);
  });

  it('given an alert about the same, when they are listed, then it speaks for them', () => {
    const crash = alertOf({
      alertname: 'Crash',
      namespace: 'payments',
      pod: 'gateway-7d9f6c-4crcm',
    });
    const item = only(streamAfter(first('am-0', 3, [crash]), listed, [backOff]));
    expect(item.proof.map((p) => p.text)).toEqual(['am-0: firing', 'Back-off restarting']);
    const stream = streamAfter(first('am-0', 3, [crash]), listed, [backOff]);
    expect(stream.items.filter((i) => i.kind === 'event')).toEqual([]);
  });
});

describe('addresses of nodes', () => {
  it.each(['127.0.0.1:9100', '10.1.0.9:9100'])(
    'given %s, which is not the address of one node alone, then no node is named',
    (instance) => {
      expect(itemOf({ instance, job: 'node-exporter' }).object).toBe(null);
      expect(itemOf({ instance, job: 'node-exporter' }).subject).toBe(instance);
    },
  );
});
