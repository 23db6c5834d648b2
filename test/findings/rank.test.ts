import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { isSystem, rank, weigh } from '../../src/findings/rank.ts';
import { epochMs } from '../../src/kernel/units.ts';

const finding = (key: string, over: Partial<Finding> = {}): Finding => ({
  key,
  subsystem: 'pods',
  tone: 'warn',
  title: key,
  reason: '',
  detail: '',
  ready: null,
  weight: 1,
  since: epochMs(1000),
  object: null,
  proof: [],
  under: null,
  ...over,
});

const order = (...findings: readonly Finding[]): string =>
  rank(findings)
    .map((f) => f.key)
    .join(' ');

describe('the order of findings', () => {
  it('given tones, then what is bad comes first however little it weighs', () => {
    expect(order(finding('a', { weight: 900 }), finding('b', { tone: 'bad' }))).toBe('b a');
  });

  it('given equal tones, then what hurts more comes first', () => {
    expect(order(finding('a', { weight: 2 }), finding('b', { weight: 30 }))).toBe('b a');
  });

  it('given weights within a factor of two, then the younger one comes first', () => {
    const old = finding('a', { weight: 7, since: epochMs(1000) });
    const young = finding('b', { weight: 5, since: epochMs(9000) });
    expect(order(old, young)).toBe('b a');
  });

  it('given warning events, then they come last', () => {
    expect(order(finding('a', { subsystem: 'alerts', weight: 99 }), finding('b'))).toBe('b a');
  });

  it('given a cause, then what it causes follows it, down to the last', () => {
    const all = [
      finding('service', { under: 'workload', tone: 'bad', weight: 50 }),
      finding('other', { weight: 3 }),
      finding('workload', { under: 'node', tone: 'bad' }),
      finding('node', { weight: 1 }),
    ];
    expect(order(...all)).toBe('other node workload service');
  });

  it('given a cause that is not among them, then the finding stands on its own', () => {
    expect(order(finding('a', { under: 'gone' }))).toBe('a');
  });

  it('given any findings in any order, then none is lost and the order is the same', () => {
    const some = fc.uniqueArray(
      fc.record({
        key: fc.string({ minLength: 1, maxLength: 3 }),
        tone: fc.constantFrom('bad' as const, 'warn' as const),
        weight: fc.double({ min: 0, max: 1e6, noNaN: true }),
        since: fc.nat(5).map(epochMs),
      }),
      { selector: (f) => f.key, maxLength: 20 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const all = list.map((f) => finding(f.key, f));
        expect(rank(all)).toHaveLength(all.length);
        expect(rank(all.toReversed())).toEqual(rank(all));
      }),
    );
  });
});

describe('blast radius', () => {
  it.each([
    [12, 12, 'payments', 24],
    [1, 1, 'payments', 2],
    [1, 12, 'payments', 1 + 1 / 12],
    [1, 1, 'kube-system', 6],
    [0, 12, 'payments', 0],
    [3, 0, 'payments', 6],
  ])('given %d of %d lost in %s, then it weighs %d', (lost, want, namespace, expected) => {
    expect(weigh(lost, want, namespace)).toBeCloseTo(expected);
  });

  it.each(['kube-system', 'openshift-dns', 'cert-manager-operator'])(
    '%s is a system namespace',
    (n) => {
      expect(isSystem(n)).toBe(true);
    },
  );
});
