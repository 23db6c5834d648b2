import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import { memberPod } from '../support/etcd-case.ts';
import {
  downFact,
  quorumLost,
  type TimedFacts,
  told,
  wellMembers,
  withEtcd,
} from '../support/etcd-world.ts';
import { endpointSlice, service } from '../support/more-objects.ts';
import { crashing, downNode, node, now, owner, pod, workload } from '../support/objects.ts';
import { controlPlaneState, type Listed, worldOf } from '../support/world-of.ts';

const nodes = [node('worker-1')];
const indent = (f: Finding, all: readonly Finding[]): string => {
  const above = all.find((o) => o.key === f.under);
  return above === undefined ? '' : `  ${indent(above, all)}`;
};
const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map((f) => `${indent(f, findings)}${f.tone} ${f.title}: ${f.reason}`);
const judged = (listed: Listed, facts: TimedFacts = [], states = {}) =>
  health(withEtcd(worldOf({ nodes, ...listed }, {}, states), facts), now);
const tell = (listed: Listed, facts: TimedFacts = [], states = {}) =>
  lines(judged(listed, facts, states).findings);

/** A deployment whose pods crash with these words. */
const failing = (
  name: string,
  message: string,
  pods = 2,
  over: Parameters<typeof pod>[1] = {},
): Listed => ({
  deployments: [workload(name, { desired: pods, ready: 0 })],
  replicasets: [
    workload(`${name}-1`, { desired: pods, ready: 0, owner: owner('Deployment', name) }),
  ],
  pods: Array.from({ length: pods }, (_, i) =>
    crashing(`${name}-1-${i}`, message, {
      owner: owner('ReplicaSet', `${name}-1`),
      labels: { app: name },
      ...over,
    }),
  ),
});
const merged = (...all: readonly Listed[]): Listed => {
  const kinds = new Set(all.flatMap((l) => Object.keys(l)));
  return Object.fromEntries([...kinds].map((kind) => [kind, all.flatMap((l) => l[kind] ?? [])]));
};
const words = (endpoint: string) =>
  `failed to connect to etcd: context deadline exceeded (${endpoint})`;
const etcdLine = 'bad etcd payments: quorum lost: 1 of 3 members, writes stopped';
const crashed = 'CrashLoopBackOff, exit 1';

describe('what hangs under etcd', () => {
  it('given a message that names a client URL of a member, then that is the cause, and the proof says why', () => {
    const { findings, verdict } = judged(failing('gateway', words('10.88.0.3:2379')), quorumLost());
    expect(lines(findings)).toEqual([etcdLine, `  bad payments/gateway: ${crashed}`]);
    expect(findings[1]?.proof[0]?.text).toBe(
      'gateway-1-0: its message names 10.88.0.3:2379, a client URL of etcd-2',
    );
    expect(verdict).toEqual({ tone: 'bad', text: '1 cause, 2 pods not ready' });
  });

  it.each([
    ['no address', 'failed to connect to etcd: context deadline exceeded'],
    ['another port of the same host', words('10.88.0.3:9100')],
    ['somebody else', words('10.99.0.1:2379')],
    ['localhost, which is the pod itself', words('127.0.0.1:2379')],
  ])('given a message that names %s, then both stand apart', (_, message) => {
    expect(tell(failing('gateway', message), quorumLost())).toEqual([
      etcdLine,
      `bad payments/gateway: ${crashed}`,
    ]);
  });

  it('given an etcd that is well, then a message that names it proves nothing', () => {
    expect(tell(failing('gateway', words('10.88.0.3:2379')), wellMembers())).toEqual([
      `bad payments/gateway: ${crashed}`,
    ]);
  });

  it('given one member that is down while writes go on, then only who names that one hangs under it', () => {
    const facts = [...wellMembers(), ...told(3, downFact(2))];
    const listed = merged(
      failing('asks-2', words('10.88.0.3:2379')),
      failing('asks-0', words('10.88.0.1:2379')),
    );
    expect(tell(listed, facts)).toEqual([
      'bad etcd payments: quorum 2 of 3: one more loss stops writes',
      `  bad payments/asks-2: ${crashed}`,
      `bad payments/asks-0: ${crashed}`,
    ]);
  });

  it('given many that name it, then the line of the cause counts them', () => {
    const many = Array.from({ length: 12 }, (_, i) =>
      failing(`app-${i}`, words('10.88.0.1:2379'), 1),
    );
    const all = tell(merged(...many), quorumLost());
    expect(all[0]).toBe(`${etcdLine}; 12 workloads fail to reach it`);
    expect(all).toHaveLength(13);
  });

  it('given that most pods say something else, then one that names it is not enough', () => {
    const one = failing('gateway', words('10.88.0.1:2379'), 1);
    const others = failing('gateway', 'out of memory', 3);
    const listed = {
      ...others,
      pods: [
        ...(one.pods ?? []),
        ...(others.pods ?? []).map((p) => ({ ...p, name: `${p.name}-x` })),
      ],
    };
    expect(tell(listed, quorumLost())[1]).toBe(`bad payments/gateway: ${crashed}`);
  });

  it('given the static pod of an API server on a member node, then localhost means that member', () => {
    const plane = (name: string, on: string, hostNetwork: boolean) =>
      crashing(name, 'dial tcp 127.0.0.1:2379: connect: connection refused', {
        namespace: 'kube-system',
        node: on,
        hostNetwork,
      });
    const pods = [
      plane('kube-apiserver-w7', 'worker-7', true),
      plane('elsewhere', 'worker-1', true),
      plane('in-a-pod', 'worker-7', false),
    ];
    expect(tell({ pods }, quorumLost())).toEqual([
      etcdLine,
      `  bad kube-system/kube-apiserver-w7: ${crashed}`,
      `bad kube-system/elsewhere: ${crashed}`,
      `bad kube-system/in-a-pod: ${crashed}`,
    ]);
  });

  const lead: Listed = {
    services: [
      service('payments-etcd', {
        namespace: 'kube-system',
        selector: { component: 'etcd' },
        ports: [{ name: 'client', protocol: 'TCP', port: 2379, target: 'client', nodePort: 0 }],
      }),
    ],
    endpointslices: [endpointSlice('payments-etcd', 0, 3, { namespace: 'kube-system' })],
    pods: [
      memberPod('etcd-0'),
      crashing('etcd-1', 'member 294 has already been bootstrapped', {
        namespace: 'kube-system',
        labels: { component: 'etcd' },
      }),
    ],
  };

  it('given the pods of members and the service that leads to them, then those are the same thing and this hangs there', () => {
    const listed = merged(lead, failing('gateway', words('payments-etcd.kube-system.svc:2379')));
    expect(tell(listed, quorumLost())).toEqual([
      etcdLine,
      '  bad kube-system/payments-etcd: no ready endpoints',
      `  bad payments/gateway: ${crashed}`,
    ]);
    const [cause] = judged(listed, quorumLost()).findings;
    expect(cause?.proof.map((p) => p.text)).toContain(`kube-system/etcd-1: ${crashed}`);
  });

  it('given the pods of members of a cluster that is not watched, then each stands for itself', () => {
    expect(tell(lead)).toEqual([`bad kube-system/etcd-1: ${crashed}`]);
  });

  it('given a member of a broken cluster whose pod starts, then that is no progress of its own', () => {
    const starting = {
      pods: [
        pod('etcd-1', {
          namespace: 'kube-system',
          labels: { component: 'etcd' },
          status: 'ContainerCreating',
          phase: 'Pending',
          ready: 0,
          created: now,
        }),
      ],
    };
    expect(judged(starting).progress.map((p) => p.title)).toEqual(['kube-system/etcd-1']);
    expect(judged(starting, quorumLost()).progress).toEqual([]);
  });

  it('given its whole story, then the detail names who lost what', () => {
    const { findings } = judged(lead, quorumLost());
    expect(findings[0]).toMatchObject({
      key: 'etcd/payments',
      ready: { have: 1, want: 3 },
      detail: 'etcd-1 lost its data: db 20 KiB, was 1.17 GiB',
      opens: { view: 'etcd', args: { cluster: 'payments' } },
    });
    expect(findings[0]?.proof.length).toBeLessThanOrEqual(30);
  });

  it('given members that were all on one node that is down, then the node is the cause', () => {
    const facts = [...wellMembers(), ...told(3, downFact(2))];
    const listed = {
      nodes: [node('w-1'), node('w-2'), node('w-3'), downNode('worker-7')],
      pods: [memberPod('etcd-2', { node: 'worker-7' })],
    };
    expect(tell(listed, facts)).toEqual([
      'warn node worker-7: NotReady: its kubelet stopped reporting',
      '  warn etcd payments: quorum 2 of 3: one more loss stops writes',
    ]);
  });

  it('given readyz, then it hangs under the etcd that is its own, and under no other', () => {
    const states = { 'control-plane': controlPlaneState({ etcd: 'reason withheld' }) };
    expect(tell({}, quorumLost(), states)).toEqual([
      'bad etcd, as the API server sees it: readyz fails: etcd',
      etcdLine,
    ]);
    const apiServer = pod('kube-apiserver-control-1', {
      namespace: 'kube-system',
      node: 'control-1',
      labels: { component: 'kube-apiserver' },
    });
    const renamed = quorumLost().map((f) =>
      JSON.parse(
        JSON.stringify(f).replaceAll(
          '"name":"etcd-0","node":"control-1"',
          '"name":"etcd-control-1","node":"control-1"',
        ),
      ),
    );
    const pods = [apiServer, memberPod('etcd-control-1', { node: 'control-1' })];
    expect(tell({ pods }, renamed, states)).toEqual([
      'bad etcd: quorum lost: 1 of 3 members, writes stopped',
      '  bad etcd, as the API server sees it: readyz fails: etcd',
    ]);
  });
});

describe('what hangs under a service without a ready endpoint', () => {
  const redis = merged(failing('redis', 'out of memory'), {
    services: [
      service('redis', {
        ports: [{ name: '', protocol: 'TCP', port: 6379, target: '', nodePort: 0 }],
      }),
    ],
    endpointslices: [endpointSlice('redis', 0, 2)],
  });

  it.each([
    'dial tcp: lookup redis: no such host',
    'cannot reach redis:6379',
    'redis.payments.svc.cluster.local refused',
    'dial tcp 10.96.0.7:6379: connection refused',
  ])('given the words %s, then its workload is the cause', (message) => {
    expect(tell(merged(redis, failing('cart', message)))).toEqual([
      `bad payments/redis: ${crashed}`,
      `  bad payments/cart: ${crashed}`,
    ]);
  });

  it.each([
    'redis is not well',
    'cannot reach redis:9999',
    'cannot reach redis.web:6379',
    'dial tcp 10.96.0.8:6379: connection refused',
  ])('given the words %s, then they stand apart', (message) => {
    expect(tell(merged(redis, failing('cart', message)))).toHaveLength(2);
    expect(tell(merged(redis, failing('cart', message))).every((l) => l.startsWith('bad'))).toBe(
      true,
    );
  });

  it('given two that wait for each other, then neither hides the other', () => {
    const both = (name: string, other: string) =>
      merged(failing(name, `cannot reach ${other}:80`), {
        services: [service(name, { clusterIp: `10.96.1.${name.length}` })],
        endpointslices: [endpointSlice(name, 0, 2)],
      });
    const found = tell(merged(both('hen', 'chicken'), both('chicken', 'hen')));
    expect(found).toEqual([`bad payments/chicken: ${crashed}`, `bad payments/hen: ${crashed}`]);
  });

  it('given a chain, then each hangs under the next', () => {
    const cart = merged(failing('cart', 'cannot reach redis:6379'), {
      services: [service('cart', { clusterIp: '10.96.1.9' })],
      endpointslices: [endpointSlice('cart', 0, 2)],
    });
    expect(tell(merged(redis, cart, failing('shop', 'lookup cart: timeout')))).toEqual([
      `bad payments/redis: ${crashed}`,
      `  bad payments/cart: ${crashed}`,
      `    bad payments/shop: ${crashed}`,
    ]);
  });
});
