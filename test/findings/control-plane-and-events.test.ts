import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { health } from '../../src/findings/health.ts';
import { minutes } from '../../src/kernel/units.ts';
import { lease } from '../support/more-objects.ts';
import {
  ago,
  crashing,
  day,
  event,
  minute,
  node,
  now,
  owner,
  pod,
  workload,
} from '../support/objects.ts';
import { controlPlaneState, type Listed, linkState, worldOf } from '../support/world-of.ts';

const nodes = [node('worker-1')];
const said = (f: Finding): string =>
  `${f.tone} ${f.title}: ${f.reason}${f.under === null ? '' : ` (under ${f.under})`}`;
const allSaid = (listed: Listed, states: Readonly<Record<string, unknown>> = {}) =>
  health(worldOf({ nodes, ...listed }, {}, states), now).findings.map(said);

describe('the control plane', () => {
  it.each<[string, Listed, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'an etcd check of readyz fails: it is etcd that is broken',
      {},
      {
        'control-plane': controlPlaneState({
          etcd: 'reason withheld',
          'etcd-readiness': 'reason withheld',
        }),
      },
      ['bad etcd, as the API server sees it: readyz fails: etcd, etcd-readiness'],
    ],
    [
      'another check fails',
      {},
      { 'control-plane': controlPlaneState({ 'poststarthook/rbac': 'not finished' }) },
      ['bad API server: readyz fails: poststarthook/rbac'],
    ],
    [
      'the link is down',
      {},
      {
        link: linkState({
          state: 'unhealthy',
          since: ago(40),
          lastAnswer: ago(70),
          missed: 3,
          why: 'timeout',
        }),
      },
      ['bad API link: the API server does not answer us'],
    ],
    [
      'nobody renews the lease of the scheduler',
      {
        leases: [
          lease('kube-scheduler', 300, { namespace: 'kube-system' }),
          lease('kube-controller-manager', 10, { namespace: 'kube-system' }),
        ],
      },
      {},
      ['bad kube-scheduler: its lease is not renewed: no pod gets a node'],
    ],
    [
      'a lease was left behind a week ago',
      {
        leases: [
          lease('kube-scheduler', 7 * day, { namespace: 'kube-system' }),
          lease('worker-1', 10),
        ],
      },
      {},
      [],
    ],
    [
      'our clock is ten minutes ahead, as the link has measured',
      { leases: [lease('kube-scheduler', 620, { namespace: 'kube-system' })] },
      { link: linkState({ serverSkew: -minutes(10) as ReturnType<typeof minutes> }) },
      [],
    ],
  ])('given that %s', (_, listed, states, expected) => {
    expect(allSaid(listed, states)).toEqual(expected);
  });
});

describe('warning events', () => {
  const scaler = (name: string, over = {}) =>
    event('HorizontalPodAutoscaler', name, 'FailedGetResourceMetric', 'no metrics', {
      count: 40,
      ...over,
    });

  it.each<[string, Listed, readonly string[]]>([
    [
      'events that nothing explains, folded',
      { events: [scaler('gw')] },
      ['warn payments/gw: FailedGetResourceMetric x40'],
    ],
    [
      'events that are half an hour old',
      { events: [scaler('gw', { lastSeen: ago(40 * minute) })] },
      [],
    ],
    [
      'events about a workload that is broken: they are explained',
      {
        deployments: [workload('gw', { desired: 1, ready: 0 })],
        replicasets: [workload('gw-1', { owner: owner('Deployment', 'gw') })],
        pods: [crashing('gw-1-1', '', { owner: owner('ReplicaSet', 'gw-1') })],
        events: [event('Pod', 'gw-1-1', 'BackOff', 'Back-off restarting failed container')],
      },
      ['bad payments/gw: CrashLoopBackOff, exit 1'],
    ],
    [
      'events about a pod that is gone',
      { events: [event('Pod', 'gw-1-1', 'Unhealthy', 'Readiness probe failed')] },
      [],
    ],
    [
      'a single failed probe of a pod that is well',
      {
        pods: [pod('a')],
        events: [event('Pod', 'a', 'Unhealthy', 'Readiness probe failed', { count: 1 })],
      },
      [],
    ],
    [
      'a probe of a pod that is well and fails again and again',
      {
        pods: [pod('a')],
        events: [event('Pod', 'a', 'Unhealthy', 'Readiness probe failed', { count: 50 })],
      },
      ['warn payments/a: Unhealthy x50'],
    ],
  ])('given %s', (_, listed, expected) => {
    expect(allSaid(listed)).toEqual(expected);
  });

  it('given the same reason about several pods of one owner, then one line counts them', () => {
    const pods = [1, 2, 3].map((i) => pod(`db-${i}`, { owner: owner('StatefulSet', 'db') }));
    const events = pods.map((p) =>
      event('Pod', p.name, 'DNSConfigForming', 'too many search paths', { count: 10 }),
    );
    expect(allSaid({ pods, events })).toEqual([
      'warn payments/db: DNSConfigForming x30 on 3 objects',
    ]);
  });
});
