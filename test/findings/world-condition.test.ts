import { describe, expect, it } from 'vitest';
import { etcdAnswer } from '../../src/findings/etcd-answer.ts';
import { health } from '../../src/findings/health.ts';
import { holds, type WorldCondition } from '../../src/findings/world-condition.ts';
import { worldValues } from '../../src/findings/world-values.ts';
import type { World } from '../../src/kernel/world.ts';
import { fingerprintOf, sourceAlert, withAlerts } from '../support/alert-world.ts';
import { quorumLost, wellMembers, withEtcd } from '../support/etcd-world.ts';
import {
  ago,
  condition,
  crashing,
  downNode,
  node,
  now,
  pod,
  workload,
} from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const said = (c: WorldCondition, world: World): string => {
  const { kind, why } = holds(c, world, now);
  return `${kind}: ${why}`;
};

const object = (
  resource: string,
  name: string,
  what: string,
  status = true,
  namespace = 'payments',
): WorldCondition => ({ kind: 'object', resource, namespace, name, condition: what, status });

describe('objects that are waited for', () => {
  const world = worldOf({
    pods: [pod('a'), crashing('b')],
    deployments: [
      workload('web', { desired: 3, ready: 2, available: 3 }),
      workload('old', { desired: 2, updated: 1 }),
      workload('new', { generation: 4 }),
    ],
    nodes: [node('n1'), downNode('n2')],
  });

  it('given pods and workloads, when they should be ready, then containers and replicas are counted', () => {
    expect(said(object('pods', 'a', 'Ready'), world)).toBe(
      'holds: 1 of 1 containers ready, Running',
    );
    expect(said(object('pods', 'b', 'ready'), world)).toBe('not: 0 of 1 containers ready, Running');
    expect(said(object('deployments', 'web', 'Ready'), world)).toBe('not: 2 of 3 are ready');
    expect(said(object('deployments', 'web', 'Available'), world)).toBe(
      'holds: 3 of 3 are available',
    );
    expect(said(object('deployments', 'old', 'Ready'), world)).toBe('not: 1 of 2 are updated');
    expect(said(object('deployments', 'new', 'Ready'), world)).toBe(
      'not: its controller has not looked yet',
    );
  });

  it('given conditions, when they are true, false, unknown or not there, then no more is said than is known', () => {
    expect(said(object('nodes', 'n1', 'ready', true, ''), world)).toBe('holds: Ready is True');
    expect(said(object('nodes', 'n1', 'ready', false, ''), world)).toBe('not: Ready is True');
    expect(said(object('nodes', 'n2', 'Ready', true, ''), world)).toBe('unknown: Ready is Unknown');
    expect(said(object('nodes', 'n2', 'Ready', false, ''), world)).toBe(
      'unknown: Ready is Unknown',
    );
    expect(said(object('nodes', 'n1', 'Odd', true, ''), world)).toBe(
      'unknown: it has no condition Odd',
    );
    const sick = worldOf({
      nodes: [node('n', { conditions: [condition('Ready', 'False', 60, 'x')] })],
    });
    expect(said(object('nodes', 'n', 'Ready', false, ''), sick)).toBe('holds: Ready is False');
  });

  it('given what is not there, not watched, or not heard now, when asked, then absence is no proof', () => {
    const gone = (name: string): WorldCondition => ({
      kind: 'gone',
      resource: 'pods',
      namespace: 'payments',
      name,
    });
    expect(said(object('pods', 'x', 'Ready'), world)).toBe('not: it is not there');
    expect(said(gone('x'), world)).toBe('holds: it is gone');
    expect(said(gone('a'), world)).toBe('not: it is still there');
    expect(said(object('certificates', 'x', 'Ready'), world)).toBe(
      'unknown: certificates are not watched',
    );
    const old = worldOf(
      { pods: [] },
      { pods: { kind: 'stale', since: ago(60), heard: ago(60), why: 'gap' } },
    );
    expect(said(gone('x'), old)).toBe('unknown: pods: gap');
  });
});

describe('alerts that are waited for', () => {
  const labels = { alertname: 'KubePodCrashLooping', severity: 'warning', namespace: 'payments' };
  const fingerprint = fingerprintOf(labels);
  const waiting: WorldCondition = { kind: 'resolved', fingerprint, name: 'KubePodCrashLooping' };
  const anyOf: WorldCondition = { ...waiting, fingerprint: '' };

  it('given that it fires, is silenced, or is over, when waited for, then only the last is what was waited for', () => {
    const firing = withAlerts(worldOf({}), 'am-0', [sourceAlert(labels, 600)]);
    expect(said(waiting, firing)).toBe('not: KubePodCrashLooping is firing');
    expect(said(anyOf, firing)).toBe('not: KubePodCrashLooping is firing');
    const quiet = sourceAlert(labels, 600, { state: 'suppressed', silencedBy: ['s'] });
    expect(said(waiting, withAlerts(worldOf({}), 'am-0', [quiet]))).toContain('not: ');
    expect(said(waiting, withAlerts(worldOf({}), 'am-0', []))).toBe(
      'holds: KubePodCrashLooping is not there',
    );
  });

  it('given no source, or one that is not heard now, when waited for, then silence is no proof', () => {
    expect(said(waiting, worldOf({}))).toBe('unknown: no source of alerts is asked');
    const silent = withAlerts(worldOf({}), 'am-0', [], { secondsAgo: 400 });
    expect(said(waiting, silent)).toMatch(/^unknown: am-0: /);
    const lost = withAlerts(silent, 'am-0', [sourceAlert(labels, 600)], { secondsAgo: 400 });
    expect(said(waiting, lost)).toMatch(/^unknown: /);
  });
});

describe('etcd and findings that are waited for', () => {
  const quorum: WorldCondition = { kind: 'quorum', cluster: 'payments' };
  const well = withEtcd(worldOf({}), wellMembers());
  const lost = withEtcd(worldOf({}), quorumLost());

  it('given members, when enough take part or not, then it holds or not, and of none nothing is known', () => {
    expect(said(quorum, well)).toBe('holds: payments: 3 of 3 members take part');
    expect(said(quorum, lost)).toBe('not: payments: 1 of 3 members take part');
    expect(said({ ...quorum, cluster: '' }, lost)).toBe('not: payments: 1 of 3 members take part');
    expect(said({ ...quorum, cluster: 'other' }, well)).toBe(
      'unknown: no members of etcd are asked',
    );
    expect(holds(quorum, { ...well, at: now }, ago(-3600)).kind).toBe('unknown');
  });

  it('given a finding, when it is there, gone, or cannot be seen, then each is told apart', () => {
    const [finding] = health(lost, now).findings.filter(({ key }) => key.startsWith('etcd/'));
    const healed: WorldCondition = { kind: 'healed', finding: finding?.key ?? '' };
    expect(finding).toBeDefined();
    expect(holds(healed, lost, now).kind).toBe('not');
    expect(said(healed, withAlerts(well, 'am-0', []))).toBe('holds: it is not found any more');
    expect(said(healed, well)).toMatch(/^unknown: alerts: /);
  });

  it('given questions about etcd, when answered, then from what is watched, with data for rules', () => {
    const status = etcdAnswer('status', '', lost, now);
    expect(status.lines[0]).toMatch(/^payments: quorum lost/);
    expect(status.lines).toHaveLength(4);
    expect(status).toMatchObject({
      well: true,
      data: {
        clusters: [
          { name: 'payments', working: 1, quorum: 2, members: [{ member: 'etcd-0' }, {}, {}] },
        ],
      },
    });
    expect(etcdAnswer('health', '', lost, now).well).toBe(false);
    expect(etcdAnswer('health', '', well, now).well).toBe(true);
    const one = etcdAnswer('members', 'https://10.88.0.2:2379', well, now);
    expect(one.lines).toEqual([
      expect.stringMatching(/^payments: /),
      '  etcd-1  10501334649042878790  voter  https://10.88.0.2:2379',
    ]);
    expect(etcdAnswer('alarms', 'etcd-2', well, now).lines[1]).toBe('  etcd-2: no alarm');
    expect(etcdAnswer('status', 'x', well, now)).toEqual({
      lines: ['no member x is known'],
      data: null,
      well: false,
    });
    expect(etcdAnswer('status', '', worldOf({}), now).well).toBe(false);
  });

  it('given a world, when a runbook asks for its values, then only what is known is there', () => {
    const origin = { cluster: 'https://10.0.0.1', context: 'prod', by: 'x' };
    expect([...worldValues({ ...well, origin }, now)]).toEqual([
      ['context', 'prod'],
      ['cluster', 'https://10.0.0.1'],
      ['etcd.cluster', 'payments'],
      ['etcd.leader', 'etcd-0'],
    ]);
    expect([...worldValues(worldOf({}), now)]).toEqual([]);
  });
});
