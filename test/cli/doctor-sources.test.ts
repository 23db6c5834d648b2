import { describe, expect, it } from 'vitest';
import { doctorSourceLines } from '../../src/cli/doctor-sources.ts';
import type { AlertData } from '../../src/kernel/alert-fact.ts';
import type { EtcdData, EtcdMemberInfo } from '../../src/kernel/etcd-fact.ts';
import type { Fact } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { emptyWorld, foldWorld } from '../../src/kernel/world.ts';
import { alerts } from '../../src/probes/alerts.ts';
import { etcd } from '../../src/probes/etcd.ts';
import { prometheus } from '../../src/probes/prometheus.ts';

const probes = new Map([etcd, alerts, prometheus].map((p) => [p.id, p]));

const linesAfter = (facts: readonly Fact[]): readonly string[] => {
  const entries = facts.map((fact, i) => ({ rev: revision(i + 1), at: epochMs(1000), fact }));
  return doctorSourceLines(foldWorld(probes, emptyWorld, entries)).map(
    (l) => `${l.mark} ${l.check}: ${l.text}${l.fix === '' ? '' : ` -> ${l.fix}`}`,
  );
};

const member = (key: string): EtcdMemberInfo => ({
  key,
  name: key,
  id: '',
  clientUrls: [`https://${key}:2379`],
  peerUrls: [],
  metricsUrls: [],
  learner: false,
  foundBy: 'setting',
  pod: null,
  dataDir: '',
});
const etcdSaid = (scope: string, data: EtcdData): Fact => ({
  kind: 'observed',
  probe: etcd.id,
  scope,
  data,
});
const alertSaid = (data: AlertData): Fact => ({
  kind: 'observed',
  probe: alerts.id,
  scope: 'am-0',
  data,
});

describe('doctorSourceLines', () => {
  it('given nothing was found, then etcd is no fault, and the alerts are', () => {
    expect(linesAfter([]).map((l) => l.split(':')[0])).toEqual([
      'ok etcd',
      'warn alertmanager',
      'warn prometheus',
    ]);
  });

  it('given members without certificates, then which file, and what to set', () => {
    const missing = failure('misconfigured', 'ask etcd', 'the client key may not be read by ops', {
      hint: 'set ETCDCTL_KEY',
    });
    const lines = linesAfter([
      etcdSaid('etcd', {
        kind: 'cluster',
        id: 'cluster',
        cluster: 'etcd',
        members: [member('a')],
        problems: [missing],
      }),
      etcdSaid('etcd/a', {
        kind: 'down',
        id: 'status',
        cluster: 'etcd',
        member: 'a',
        failure: missing,
      }),
    ]);
    expect(lines).toContain(
      'warn etcd etcd: the client key may not be read by ops -> set ETCDCTL_KEY',
    );
    expect(lines.some((l) => l.startsWith('warn etcd etcd/a: the client key'))).toBe(true);
  });

  it('given a search that is forbidden, then the reason stands where the members would', () => {
    const forbidden = failure('forbidden', 'find etcd', 'pods of kube-system are forbidden');
    const lines = linesAfter([
      { kind: 'failed', probe: etcd.id, scope: '', failure: forbidden },
      { kind: 'failed', probe: alerts.id, scope: '', failure: forbidden },
    ]);
    expect(lines[0]).toMatch(/^warn etcd: pods of kube-system are forbidden -> /);
    expect(lines[1]).toMatch(/^warn alertmanager: pods of kube-system are forbidden -> /);
  });

  it('given an Alertmanager that answers and one that does not, then both are told', () => {
    const lines = linesAfter([
      alertSaid({
        kind: 'source',
        id: 'source',
        source: {
          kind: 'alertmanager',
          where: 'http://am-0:9093',
          version: '0.28.1',
          peers: [],
          clusterStatus: 'ready',
          clockSkew: 0,
        },
      }),
      { kind: 'synced', probe: alerts.id, scope: 'am-0' },
      {
        kind: 'failed',
        probe: alerts.id,
        scope: 'am-1',
        failure: failure('unreachable', 'ask', 'connection refused'),
      },
    ]);
    expect(lines).toContain('ok alertmanager am-0: http://am-0:9093, version 0.28.1, 0 alerts');
    expect(lines.some((l) => l.startsWith('warn alertmanager am-1: connection refused'))).toBe(
      true,
    );
  });
});
