import { describe, expect, it } from 'vitest';
import { memberPod, reportOf, reportsOf } from '../support/etcd-case.ts';
import {
  clusterFact,
  downFact,
  memberInfo,
  quorumLost,
  statusFact,
  type TimedFacts,
  told,
  wellMembers,
} from '../support/etcd-world.ts';
import { endpointSlice, service } from '../support/more-objects.ts';
import { ago, crashing, minute, pod } from '../support/objects.ts';
import { controlPlaneState } from '../support/world-of.ts';

/** The members of a control plane as kubeadm makes it, beside API servers. */
const stacked = (facts = wellMembers()): TimedFacts => facts;
const planePods = [
  memberPod('etcd-control-1', { node: 'control-1' }),
  pod('kube-apiserver-control-1', {
    namespace: 'kube-system',
    node: 'control-1',
    labels: { component: 'kube-apiserver' },
  }),
];
const own = told(
  3600,
  clusterFact(
    [0, 1, 2].map((n) =>
      memberInfo(
        n,
        n === 0
          ? { pod: { namespace: 'kube-system', name: 'etcd-control-1', node: 'control-1' } }
          : { pod: null },
      ),
    ),
  ),
);
const ownAnswers = [...own, ...told(4, statusFact(0), statusFact(1), statusFact(2))];
const failing = controlPlaneState({ etcd: 'reason withheld' }).readyz;

describe('what the API server says', () => {
  it('given an etcd that is not its own, then readyz is not about it', () => {
    const report = reportOf(stacked(), {
      readyz: failing,
      listed: { pods: [memberPod('etcd-0')] },
    });
    expect(report).toMatchObject({ own: false, disagreements: [] });
    expect(report.outside.map((o) => o.by)).not.toContain('readyz');
  });

  it('given static pods of another etcd beside an API server, then they are not taken for its own', () => {
    const pods = [planePods[1]!, memberPod('etcd-0', { node: 'control-1' })];
    expect(reportOf(stacked(), { listed: { pods } }).own).toBe(false);
  });

  it('given the members of its control plane, then readyz is one more word about them', () => {
    const report = reportOf(ownAnswers, { readyz: failing, listed: { pods: planePods } });
    expect(report.own).toBe(true);
    expect(report.outside[0]).toEqual({
      by: 'readyz',
      tone: 'bad',
      text: 'readyz of the API server: etcd fails',
    });
    expect(report.disagreements).toEqual([
      '3 of 3 members take part and have a leader, while readyz of the API server says that etcd fails',
    ]);
  });

  it.each([
    ['etcd', true],
    ['prod-control-plane', true],
    ['payments', false],
  ])('given %s as the only cluster, named by hand, then it is its own: %s', (name, is) => {
    const facts = told(
      3600,
      clusterFact([memberInfo(0, { pod: null, foundBy: 'setting' })], { cluster: name }),
    );
    expect(reportOf(facts).own).toBe(is);
    const two = [
      ...facts,
      ...told(3600, clusterFact([memberInfo(1, { pod: null })], { cluster: 'b' })),
    ];
    expect(reportsOf(two).map((r) => r.own)).toEqual([false, false]);
  });

  it('given readyz that has not been heard for long, then it is old, and contradicts nobody', () => {
    const trust = { kind: 'stale', heard: ago(5 * minute), why: 'no answer' } as const;
    const report = reportOf(ownAnswers, { readyz: failing, trust, listed: { pods: planePods } });
    expect(report.outside[0]?.tone).toBe('stale');
    expect(report.disagreements).toEqual([]);
  });

  it('given that nobody answers us while the API server reaches them, then it may be our way', () => {
    const facts = [
      ...ownAnswers.filter((f) => f.at < ago(10)),
      ...told(600, statusFact(0), statusFact(1), statusFact(2)),
      ...told(60, downFact(0), downFact(1), downFact(2)),
      ...told(4, downFact(0), downFact(1), downFact(2)),
    ];
    const report = reportOf(facts, { listed: { pods: planePods } });
    expect(report.tone).toBe('unknown');
    expect(report.disagreements[0]).toContain('it may be our way to them');
    const bad = reportOf(facts, { readyz: failing, listed: { pods: planePods } });
    expect(bad.tone).toBe('bad');
  });
});

describe('pods and endpoints', () => {
  const pods = [
    memberPod('etcd-0', { node: 'control-1' }),
    crashing('etcd-1', 'has already been bootstrapped', {
      namespace: 'kube-system',
      labels: { component: 'etcd' },
    }),
    memberPod('etcd-2', { node: 'worker-7' }),
  ];
  const lead = {
    services: [
      service('payments-etcd', {
        namespace: 'kube-system',
        selector: { component: 'etcd' },
        ports: [{ name: 'client', protocol: 'TCP', port: 2379, target: 'client', nodePort: 0 }],
      }),
    ],
  };

  it('given a service without ready endpoints, then it is told, and that a member has a leader', () => {
    const listed = {
      ...lead,
      pods,
      endpointslices: [endpointSlice('payments-etcd', 0, 3, { namespace: 'kube-system' })],
    };
    const report = reportOf(wellMembers(), { listed });
    expect(report.outside).toContainEqual({
      by: 'endpoints',
      tone: 'bad',
      text: 'service kube-system/payments-etcd: 0 of 3 endpoints ready',
    });
    expect(report.disagreements).toContain(
      'service kube-system/payments-etcd has no ready endpoint, while etcd-0, etcd-1, etcd-2 answer',
    );
    expect(report.disagreements).toContain(
      'pod kube-system/etcd-1 is not well (CrashLoopBackOff, exit 1), while etcd-1 answers',
    );
  });

  it('given a service by addresses alone, then its port tells whose it is', () => {
    const endpoints = [
      { address: '10.88.0.1', ready: true, terminating: false, target: '', node: '' },
    ];
    const slice = (name: string, port: number) =>
      endpointSlice(name, 1, 0, {
        namespace: 'infra',
        endpoints,
        ports: [{ name: '', protocol: 'TCP', port }],
      });
    const listed = {
      services: ['etcd', 'exporter'].map((name) =>
        service(name, { namespace: 'infra', selector: {} }),
      ),
      endpointslices: [slice('etcd', 2379), slice('exporter', 9100)],
    };
    expect(reportOf(wellMembers(), { listed }).outside.map((o) => o.text)).toContain(
      'service infra/etcd: 1 of 1 endpoint ready',
    );
    expect(JSON.stringify(reportOf(wellMembers(), { listed }).outside)).not.toContain('exporter');
  });

  it('given a pod that is ready while its member does not answer, then both are told', () => {
    const facts = [...wellMembers(), ...told(3, downFact(2))];
    expect(reportOf(facts, { listed: { pods } }).disagreements).toContain(
      'pod kube-system/etcd-2 is ready, while etcd-2 does not answer: connection refused',
    );
  });

  it('given pods, then how many of them are ready', () => {
    expect(reportOf(quorumLost(), { listed: { pods } }).outside).toContainEqual({
      by: 'static pods',
      tone: 'bad',
      text: '2 of 3 pods ready',
    });
    expect(reportOf(quorumLost()).outside).toContainEqual({
      by: 'static pods',
      tone: 'unknown',
      text: '0 of 3 pods ready; no pod of etcd-0, etcd-1, etcd-2 is seen',
    });
  });

  it('given several members on one address, then a pod is found by the name of its member and node', () => {
    const shared = told(
      3600,
      clusterFact(
        [0, 1].map((n) =>
          memberInfo(n, { pod: null, clientUrls: [`https://10.88.0.1:${2379 + n}`] }),
        ),
      ),
    );
    const here = [0, 1].map((n) =>
      memberPod(`etcd-${n}-real-1`, { node: 'real-1', ip: '10.88.0.1' }),
    );
    expect(reportOf(shared, { listed: { pods: here } }).outside[0]?.text).toBe('2 of 2 pods ready');
  });
});
