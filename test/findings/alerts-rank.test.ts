import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import type { SourceAlert } from '../../src/kernel/alert-fact.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { ago, node, now, owner, pod, workload } from '../support/objects.ts';
import {
  alertOf,
  ends,
  finding,
  first,
  heard,
  names,
  prometheusFirst,
  streamAfter,
} from './alert-scene.ts';

const listed = {
  nodes: [node('worker-1')],
  deployments: [workload('big', { desired: 40 }), workload('small', { desired: 2 })],
  replicasets: [workload('big-1', { owner: owner('Deployment', 'big') })],
  pods: ['a', 'b', 'c', 'd', 'e'].map((n) => pod(n, { owner: owner('ReplicaSet', 'big-1') })),
};
const about = (name: string, labels: Record<string, string>, over: Partial<SourceAlert> = {}) =>
  alertOf({ alertname: name, severity: 'warning', namespace: 'payments', ...labels }, over);
const ranked = (all: readonly SourceAlert[], findings: readonly Finding[] = []) =>
  names(streamAfter(first('am-0', 3, all), listed, findings));

describe('the order of alerts', () => {
  it('given alerts of one severity, when they are ranked, then by what hangs on them', () => {
    expect(
      ranked([
        about('OfNothing', {}),
        about('OfSmall', { deployment: 'small' }),
        about('OfBig', { deployment: 'big' }),
        about('OfNode', { node: 'worker-1' }),
        about('etcdSlow', { job: 'etcd' }),
      ]),
    ).toEqual(['etcdSlow', 'OfBig', 'OfNode', 'OfSmall', 'OfNothing']);
  });

  it('given alerts about the same, when they are ranked, then by severity', () => {
    const levels = ['info', 'none', 'warning', 'critical'];
    expect(
      ranked(levels.map((severity) => about(severity, { severity, deployment: 'small' }))),
    ).toEqual(['critical', 'warning', 'info', 'none']);
  });

  it('given equals, when they are ranked, then the younger comes first, and time changes nothing', () => {
    const all = [
      about('Old', {}, { startsAt: ago(7200) }),
      about('Young', {}, { startsAt: ago(60) }),
      about('Middle', {}, { startsAt: ago(600) }),
    ];
    expect(ranked(all)).toEqual(['Young', 'Middle', 'Old']);
    const later = epochMs(now + 30_000);
    const told = first('am-0', 3, all);
    expect(names(streamAfter(told, listed, [], {}, later))).toEqual(['Young', 'Middle', 'Old']);
  });

  it('given a finding about the same, when it weighs more, then the alert weighs as much', () => {
    const heavy = finding('workload/payments/deployments/small', { weight: 500 });
    const all = [about('OfBig', { deployment: 'big' }), about('OfSmall', { deployment: 'small' })];
    expect(ranked(all)).toEqual(['OfBig', 'OfSmall']);
    expect(ranked(all, [heavy])).toEqual(['OfSmall', 'OfBig']);
  });

  it('given all sorts, when they are ranked, then firing, own, pending, suppressed, resolved', () => {
    const gone = about('Gone', {});
    const stream = streamAfter([
      ...first('am-0', 300, [
        gone,
        about('Firing', { severity: 'info' }),
        about('Quiet', { severity: 'critical' }, { state: 'suppressed', mutedBy: ['night'] }),
      ]),
      ends('am-0', 100, gone),
      heard('am-0'),
      ...prometheusFirst('prometheus', 20, [about('Soon', {}, { state: 'pending' })]),
    ]);
    expect(names(stream)).toEqual(['Firing', 'Watchdog', 'Soon', 'Quiet', 'Gone']);
  });

  it('given groups of the source, when they are listed, then each where its best stands, with what they share', () => {
    const group = '{alertname="Crash", namespace="payments"}';
    const crashes = ['a', 'b', 'c'].map((name) => about('Crash', { pod: name }, { group }));
    const stream = streamAfter(
      first('am-0', 3, [
        about('Alone', { severity: 'info', deployment: 'small' }, { group: 'other' }),
        ...crashes,
      ]),
      listed,
    );
    expect(stream.groups.map((g) => [g.key, g.items.length, g.subject])).toEqual([
      [group, 3, 'payments/big'],
      ['other', 1, 'payments/small'],
    ]);
  });

  it('given a group about different things, when all of it is about one finding, then that is what it is about', () => {
    const group = '{job="apiserver"}';
    const members = [
      about('KubeAPIDown', { deployment: 'small' }, { group }),
      about('KubeAPIErrorBudgetBurn', { deployment: 'big' }, { group }),
    ];
    const subjects = (findings: readonly Finding[]) =>
      streamAfter(first('am-0', 3, members), listed, findings).groups.map((g) => g.subject);
    expect(subjects([])).toEqual(['']);
    expect(subjects([finding('api/readyz', { title: 'API server' })])).toEqual(['API server']);
  });
});
