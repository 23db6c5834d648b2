import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import type { EtcdData } from '../../src/kernel/etcd-fact.ts';
import { memberPod } from '../support/etcd-case.ts';
import {
  clusterFact,
  memberInfo,
  metricsOf,
  refused,
  statusOf,
  told,
  withEtcd,
} from '../support/etcd-world.ts';
import { endpointSlice, service } from '../support/more-objects.ts';
import {
  ago,
  condition,
  container,
  crashing,
  event,
  minute,
  node,
  now,
  owner,
  workload,
} from '../support/objects.ts';
import { type Listed, worldOf } from '../support/world-of.ts';

const ip = '10.88.0.1';
const labels = {
  component: 'etcd',
  tier: 'control-plane',
  'app.kubernetes.io/instance': 'payments',
};
const infos = [0, 1, 2].map((n) =>
  memberInfo(n, {
    key: `payments-${n}`,
    name: `payments-${n}`,
    clientUrls: [`https://${ip}:${2379 + n * 100}`],
    metricsUrls: [`http://${ip}:${2381 + n * 100}`],
    pod: { namespace: 'kube-system', name: `etcd-payments-${n}-real-1`, node: 'real-1' },
  }),
);
const of = (n: number) => ({ cluster: 'payments', member: `payments-${n}` });
const answer = (n: number): EtcdData => ({
  kind: 'status',
  id: 'status',
  ...of(n),
  latency: 2,
  status: statusOf(n),
});
const silent = (n: number): EtcdData => ({
  kind: 'down',
  id: 'status',
  ...of(n),
  failure: refused,
});
const measured = (n: number, hasLeader: boolean): EtcdData => ({
  kind: 'metrics',
  id: 'metrics',
  ...of(n),
  metrics: metricsOf({ hasLeader }),
});

/** A member with its data takes no client before it has a leader: it is known by its metrics, and is not ready. */
const facts = [
  ...told(3600, clusterFact(infos)),
  ...told(600, answer(0), answer(1), answer(2)),
  ...told(280, silent(0), silent(1), silent(2)),
  ...told(5, measured(0, false)),
  ...told(3, silent(0), silent(1), silent(2)),
];

const refusal =
  '{"level":"info","msg":"starting"} {"level":"fatal","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"member 2943212f5e2cf73 has already been bootstrapped"}';
const tried = [2379, 2479, 2579].map((port) => `${ip}:${port}`).join(', ');
const words = `failed to connect to etcd: context deadline exceeded (payments-etcd.kube-system.svc: ${tried})`;

const listed: Listed = {
  nodes: [node('real-1'), node('fake-1'), node('fake-2')],
  events: [
    event('Node', 'real-1', 'Rebooted', 'Node real-1 has been rebooted', {
      in: '',
      lastSeen: ago(5 * minute),
      count: 1,
    }),
  ],
  deployments: [workload('payment-gateway', { desired: 12, ready: 0 })],
  replicasets: [
    workload('payment-gateway-1', { desired: 12, owner: owner('Deployment', 'payment-gateway') }),
  ],
  services: [
    service('payments-etcd', {
      namespace: 'kube-system',
      selector: { component: 'etcd', 'app.kubernetes.io/instance': 'payments' },
      ports: ['client', 'metrics'].map((name, i) => ({
        name,
        protocol: 'TCP',
        port: 2379 + 2 * i,
        target: name,
        nodePort: 0,
      })),
    }),
  ],
  endpointslices: [endpointSlice('payments-etcd', 0, 3, { namespace: 'kube-system' })],
  pods: [
    memberPod('etcd-payments-0-real-1', {
      labels,
      node: 'real-1',
      ready: 0,
      containers: [container({ ready: false, startedAt: ago(280) })],
      conditions: [condition('Ready', 'False', 280, 'ContainersNotReady')],
    }),
    ...[1, 2].map((n) =>
      crashing(`etcd-payments-${n}-real-1`, refusal, {
        namespace: 'kube-system',
        node: 'real-1',
        labels,
        hostNetwork: true,
      }),
    ),
    ...Array.from({ length: 12 }, (_, i) =>
      crashing(`payment-gateway-1-${i}`, words, {
        owner: owner('ReplicaSet', 'payment-gateway-1'),
        node: 'real-1',
      }),
    ),
  ],
};

describe('a cluster whose node has rebooted, with two of three data directories empty', () => {
  const known = health(withEtcd(worldOf(listed), facts), now);
  const [cause, ...rest] = known.findings.filter(
    (f) => f.key === 'etcd/payments' || f.under !== null,
  );

  it('given members that refuse, pods that crash and a service that is empty, then it is one cause', () => {
    expect(known.verdict.text).toMatch(/^1 cause, 15 pods not ready/);
    expect(cause).toMatchObject({
      title: 'etcd payments',
      ready: { have: 1, want: 3 },
      reason: 'quorum lost: 1 of 3 members, writes stopped',
      detail:
        'payments-1, payments-2 lost their data: started on an empty data directory, db was 1.17 GiB, after real-1 rebooted',
    });
    expect(rest.map((f) => `${f.title} ${f.under}`).sort()).toEqual([
      'kube-system/payments-etcd etcd/payments',
      'payments/payment-gateway etcd/payments',
    ]);
    expect(known.findings[0]).toBe(cause);
    const proof = (cause?.proof ?? []).map((p) => p.text);
    for (const n of [0, 1, 2]) {
      expect(proof).toContainEqual(
        expect.stringMatching(new RegExp(`^kube-system/etcd-payments-${n}-real-1: `)),
      );
    }
  });

  it('given the whole of it, then each member is told as it is, and the etcd of the API server is another one', () => {
    const [report] = known.etcd;
    expect(report?.members.map((m) => m.words)).toEqual([
      'runs, no leader, takes no requests',
      'lost its data, CrashLoopBackOff, exit 1',
      'lost its data, CrashLoopBackOff, exit 1',
    ]);
    expect(report).toMatchObject({ own: false, working: 1, margin: -1, tone: 'bad' });
    expect(known.standings[1]).toMatchObject({ tone: 'bad', text: '1/3' });
  });
});
