import { describe, expect, it } from 'vitest';
import { budget } from '../../../src/actions/guards/budget.ts';
import { lokiQuery, sinceLimit } from '../../../src/actions/guards/since-limit.ts';
import { type LogPolicy, productionClass } from '../../../src/actions/policy.ts';
import type { EffectRequest, LogBounds } from '../../../src/kernel/act.ts';
import { bytes, epochMs, hours, mib, minutes } from '../../../src/kernel/units.ts';
import { aPlan, goodFacts, planTime } from '../../support/any-plan.ts';

const bounds: LogBounds = {
  since: { kind: 'age', age: minutes(10) },
  tail: 500,
  limitBytes: mib(1),
  previous: false,
  lease: null,
  streams: 20,
};

const logs = (more: Partial<LogBounds> = {}): EffectRequest => ({
  kind: 'logs',
  target: {
    namespace: 'shop',
    pods: { kind: 'named', names: ['cart-0'] },
    containers: ['app'],
  },
  bounds: { ...bounds, ...more },
});

const reading = (request: EffectRequest) =>
  aPlan({ action: 'logs', effect: 'read', requests: [request] });

const under = (more: Partial<LogPolicy> = {}) =>
  goodFacts({ policy: { ...productionClass, logs: { ...productionClass.logs, ...more } } });

const judged = (request: EffectRequest, more: Partial<LogPolicy> = {}) =>
  sinceLimit.judge(reading(request), under(more), planTime);

describe('since-limit', () => {
  it.each([
    ['an age within the limit', { since: { kind: 'age', age: hours(1) } }],
    ['a time within the limit', { since: { kind: 'time', at: epochMs(planTime - hours(1)) } }],
    ['the newest lines, few of them', { since: { kind: 'newest' }, tail: 20 }],
    ['all that is new for a while', { lease: minutes(30) }],
  ] as const)('given %s, when it is judged, then it is allowed', (_, more) => {
    expect(judged(logs(more)).kind).toBe('allow');
  });

  it.each([
    ['more lines', { tail: 5001 }, /asked for 5001 lines, the limit is 5000/, '--tail=5000'],
    ['more bytes', { limitBytes: mib(9) }, /asked for 9Mi of each/, '--limit-bytes=8388608'],
    ['no bytes', { limitBytes: bytes(0) }, /of each container/, '--limit-bytes'],
    ['a longer wait', { lease: hours(1) }, /asked for 1h of new lines/, '--for=30m'],
    ['more streams', { streams: 21 }, /21 streams at once/, '--streams=20'],
    ['all of the newest', { since: { kind: 'newest' }, tail: null }, /whenever/, '--tail=20'],
    ['more of the newest', { since: { kind: 'newest' }, tail: 21 }, /whenever/, '--tail=20'],
  ] as const)(
    'given %s than the policy has, when it is judged, then it is denied for good, with what to try',
    (_, more, why, hint) => {
      const said = judged(logs(more));
      expect(said).toMatchObject({ kind: 'deny', opens: 'never' });
      if (said.kind !== 'deny') return;
      expect(said.why).toMatch(why);
      expect(said.hint).toContain(hint);
    },
  );

  it('given a longer age, when a reason opens it, then one is asked for, with the limit and a question for Loki', () => {
    const said = judged(logs({ since: { kind: 'age', age: hours(6) } }));
    expect(said).toMatchObject({ kind: 'ask', challenge: { kind: 'reason', least: 10 } });
    if (said.kind !== 'ask') return;
    expect(said.why).toContain('asked for 6h, the limit is 1h');
    expect(said.why).toContain('--since=1h (or give a reason with --reason)');
    expect(said.why).toContain(
      `logcli query --since=6h '{namespace="shop", pod=~"cart-0", container=~"app"}'`,
    );
  });

  it('given a longer age, when it takes another person or nothing opens it, then so it is', () => {
    const far = logs({ since: { kind: 'time', at: epochMs(0) } });
    expect(judged(far, { override: 'second-person' })).toMatchObject({
      kind: 'ask',
      challenge: { kind: 'second-person' },
    });
    expect(judged(far, { override: 'never' })).toMatchObject({ kind: 'deny', opens: 'never' });
  });

  it('given a longer age and more lines, when a reason would open the age, then the lines still deny it', () => {
    const both = logs({ since: { kind: 'age', age: hours(6) }, tail: 1e6 });
    expect(judged(both).kind).toBe('deny');
  });

  it('given a policy without newest lines, when they are asked for, then they are denied', () => {
    const said = judged(logs({ since: { kind: 'newest' }, tail: 1 }), { newest: 0 });
    expect(said.kind).toBe('deny');
  });

  it.each([
    [hours(1), 100, 'allow'],
    [hours(2), 100, 'ask'],
    [hours(1), 5001, 'deny'],
  ])(
    'given a Loki asked for %d ms and %d lines, when it is judged, then it is %s',
    (span, lines, kind) => {
      const to = epochMs(planTime - hours(200));
      const loki: EffectRequest = {
        kind: 'loki',
        source: 'loki',
        query: '{namespace="shop"}',
        from: epochMs(to - span),
        to,
        lines,
      };
      expect(judged(loki).kind).toBe(kind);
    },
  );

  it('given names with signs in them, when they are put into a question, then they are no pattern', () => {
    const pods = { kind: 'named', names: ['a.b', 'c+"d'] } as const;
    expect(lokiQuery({ namespace: 'x"y', pods, containers: null })).toBe(
      String.raw`{namespace="x\"y", pod=~"a\\.b|c\\+\"d"}`,
    );
  });

  it('given what reads no logs, when it is judged, then it says nothing', () => {
    expect(sinceLimit.judge(aPlan(), goodFacts(), planTime).kind).toBe('silent');
  });
});

describe('budget', () => {
  const spent = (used: { bytes: number; streams: number }) =>
    budget.judge(reading(logs()), { ...under(), used }, planTime);

  it('given some of it used, when more is read, then it says how much', () => {
    const said = spent({ bytes: mib(100), streams: 3 });
    expect(said).toEqual({ kind: 'allow', why: '100Mi of 256Mi of this session are used' });
  });

  it.each([
    ['all of it', { bytes: mib(256), streams: 0 }, 'break-glass'],
    ['so much that one container may be more', { bytes: mib(256) - 1000, streams: 0 }, 'never'],
    ['all streams', { bytes: 0, streams: 20 }, 'never'],
  ])('given %s used, when more is read, then it is denied', (_, used, opens) => {
    expect(spent(used)).toMatchObject({ kind: 'deny', opens });
  });
});
