import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/kernel/probe.ts';
import type { AlertRule, DownTarget, PrometheusData } from '../../src/kernel/prometheus-fact.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';
import { prometheus } from '../../src/probes/prometheus.ts';
import { alert, alertOf, gone } from './alert-told.ts';

const start = Date.UTC(2026, 10, 23, 21, 43);

const rule = (health: AlertRule['health'], more: Partial<AlertRule> = {}): PrometheusData => {
  const told: AlertRule = {
    key: 'etcd/etcdMembersDown',
    group: 'etcd',
    name: 'etcdMembersDown',
    file: 'rules.yml',
    labels: {},
    annotations: {},
    health,
    lastError: health === 'err' ? 'many-to-many matching not allowed' : '',
    lastEvaluation: start,
    ...more,
  };
  return { kind: 'rule', id: `rule/${told.key}`, rule: told };
};
const target: DownTarget = {
  key: 'kubelet/https://10.0.0.7:10250/metrics',
  job: 'kubelet',
  instance: '10.0.0.7:10250',
  labels: {},
  lastError: 'connection refused',
};
const down: PrometheusData = { kind: 'down', id: `target/${target.key}`, target };
const up: PrometheusData = { kind: 'up', id: `target/${target.key}`, key: target.key };
const listed = (more: Partial<Record<'fingerprints' | 'rules' | 'down', string[]>> = {}) =>
  ({ kind: 'listed', id: 'listed', fingerprints: [], rules: [], down: [], ...more }) as const;
const left: PrometheusData = { kind: 'left', id: 'info' };

const observed = (
  all: readonly (readonly [scope: string, data: PrometheusData])[],
  settled: boolean,
  from = 0,
): readonly Observed<PrometheusData>[] =>
  all.map(([scope, data], i) => ({
    rev: revision(from + i + 1),
    at: epochMs(start + (from + i) * 1000),
    scope,
    data,
    settled,
  }));

const begun = prometheus.fold(
  prometheus.empty,
  observed(
    [
      ['p-0', listed()],
      ['p-1', listed()],
    ],
    false,
  ),
).state;

const told = (...all: readonly (readonly [scope: string, data: PrometheusData])[]) => {
  const { state, changes } = prometheus.fold(begun, observed(all, true, 2));
  return { state, changes, lines: changes.map(({ tone, text }) => `${tone}: ${text}`) };
};

describe('alerts of a Prometheus', () => {
  it('given pending and firing ones, when they come and go, then no change is told, and what fired leaves a tombstone', () => {
    const { state, lines } = told(
      ['p-0', alert('a', { state: 'pending' }) as PrometheusData],
      ['p-0', alert('b') as PrometheusData],
      ['p-0', alert('a') as PrometheusData],
      ['p-0', gone('a') as PrometheusData],
      ['p-0', alert('c', { state: 'pending' }) as PrometheusData],
      ['p-0', gone('c') as PrometheusData],
    );
    expect(lines).toEqual([]);
    const found = state.get('p-0');
    expect([...(found?.alerts.keys() ?? [])]).toEqual(['b']);
    expect(found?.resolved).toEqual(new Map([['a', { alert: alertOf('a'), at: start + 5000 }]]));
  });

  it('given one that becomes firing, when folded, then it is held so since then', () => {
    const pending = alert('a', { state: 'pending' }) as PrometheusData;
    const { state } = told(
      ['p-0', pending],
      ['p-0', pending],
      ['p-0', alert('a') as PrometheusData],
    );
    expect(state.get('p-0')?.alerts.get('a')).toMatchObject({
      state: 'firing',
      seenAt: start + 4000,
    });
  });
});

describe('rules and targets', () => {
  it('given a rule that fails, when it is evaluated again, then both are told once, whoever says it', () => {
    const { lines, changes } = told(
      ['p-0', rule('ok')],
      ['p-0', rule('err')],
      ['p-1', rule('err')],
      ['p-0', rule('err', { lastEvaluation: start + 60_000 })],
      ['p-0', rule('ok')],
      ['p-1', rule('ok')],
    );
    expect(lines).toEqual([
      'warn: rule etcdMembersDown fails: many-to-many matching not allowed',
      'good: rule etcdMembersDown is evaluated again',
    ]);
    expect(changes[0]).toMatchObject({ key: 'etcd/etcdMembersDown', probe: 'prometheus' });
  });

  it('given a target that is down, when it is up again, then both are told once, and since when stands', () => {
    const { lines, state } = told(['p-0', down], ['p-1', down], ['p-0', down], ['p-1', up]);
    expect(lines).toEqual(['warn: target kubelet/10.0.0.7:10250 is down: connection refused']);
    expect(state.get('p-0')?.down.get(target.key)).toEqual({ ...target, since: start + 2000 });
    expect(told(['p-0', down], ['p-1', down], ['p-1', up], ['p-0', up]).lines).toEqual([
      'warn: target kubelet/10.0.0.7:10250 is down: connection refused',
      'good: target kubelet/10.0.0.7:10250 is up again',
    ]);
  });

  it('given a whole answer, when something is not in it, then it is gone', () => {
    const { lines, state } = told(
      ['p-0', alert('a') as PrometheusData],
      ['p-0', rule('ok')],
      ['p-0', down],
      ['p-0', listed()],
    );
    expect(lines.at(-1)).toBe('good: target kubelet/10.0.0.7:10250 is up again');
    const found = state.get('p-0');
    expect([found?.alerts.size, found?.rules.size, found?.down.size]).toEqual([0, 0, 0]);
    expect(found?.resolved.size).toBe(1);
  });

  it('given one that is not asked for a time, when it is read anew, then what it still has is no news', () => {
    const { lines } = told(
      ['p-0', left],
      ['p-0', down],
      ['p-0', rule('err')],
      ['p-0', listed({ rules: ['etcd/etcdMembersDown'], down: [target.key] })],
      ['p-0', rule('ok')],
      ['p-0', { kind: 'ruleGone', id: 'rule/etcd/etcdMembersDown', key: 'etcd/etcdMembersDown' }],
    );
    expect(lines).toEqual([
      'info: p-0 is not asked any more',
      'good: rule etcdMembersDown is evaluated again',
    ]);
  });

  it('given a first reading, when folded, then it is a state and no change', () => {
    const { state, changes } = prometheus.fold(
      prometheus.empty,
      observed(
        [
          ['p-0', down],
          ['p-0', rule('err')],
        ],
        false,
      ),
    );
    expect(changes).toEqual([]);
    expect(state.get('p-0')?.rules.get('etcd/etcdMembersDown')?.health).toBe('err');
  });
});
