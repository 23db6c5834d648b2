import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alikeOf, groupAlike, makerOf } from '../../src/kernel/alike.ts';
import { probeId } from '../../src/kernel/fact.ts';
import type { Change, Tone } from '../../src/kernel/probe.ts';
import { epochMs, revision } from '../../src/kernel/units.ts';

let rev = 0;
const change = (probe: string, key: string, text: string, at = 0, tone: Tone = 'bad'): Change => ({
  rev: revision(++rev),
  at: epochMs(at * 1000),
  probe: probeId(probe),
  key,
  tone,
  text,
});
const sizes = (...changes: readonly Change[]) => groupAlike(changes).map((g) => g.length);

describe('what a pod was made by', () => {
  it.each([
    ['web/shop-6c9f7d4b8-zz7vd', 'web/shop'],
    ['web/agent-x7k2p', 'web/agent'],
    ['data/db-11', 'data/db'],
    ['kube-system/etcd-payments-1-real-1', 'kube-system/etcd-payments-1-real'],
    ['web/shop', 'web/shop'],
    ['web/back-order', 'web/back-order'],
    ['', ''],
  ])('given %s, then it is %s', (name, maker) => {
    expect(makerOf(name)).toBe(maker);
  });
});

describe('changes that are alike', () => {
  it.each([
    ['pods', 'a/gw-7d9f8c6b5-4crcm', 'Running → Error: exit 1: no', 'a/gw', 'Running → Error'],
    ['alerts', 'f00d', 'Crash fires: a/gw-7d9f8c6b5-4crcm', 'a/gw', 'Crash fires'],
    ['alerts', 'f00d', 'Slow fires: 10.0.0.1:2379', '', 'Slow fires'],
    ['alerts', 'f00d', 'Slow fires: service a/gw', 'service a/gw', 'Slow fires'],
    ['control-plane', 'etcd', 'livez check etcd fails: why', 'livez check', 'fails'],
    ['events', 'a/gw-x.18ea', 'Pod gw-7d9f8c6b5-4crcm BackOff ×2: why', 'a/gw', 'Pod BackOff'],
    ['endpointslices', 'a/gw-4wbz5', 'gw: ready endpoints 4 → 0', 'a/gw', 'ready endpoints 4 → 0'],
    ['etcd', 'pay/pay-0', 'pay-0 does not answer: why', 'pay', 'does not answer'],
    ['prometheus', 'job/http://x', 'target job/x is down: why', 'job', 'target is down'],
    ['nodes', 'worker-7', 'Ready → NotReady: why', '', 'Ready → NotReady'],
    ['deployments', 'a/gw', 'available 4 → 0', 'a/gw', 'available 4 → 0'],
  ])('given one of %s, then what it is part of and what happened is read of it', (...given) => {
    const [probe, key, text, of, words] = given;
    expect(alikeOf(change(probe, key, text))).toEqual({ of, words });
  });

  const crash = (suffix: string, at: number, n = 1) =>
    change('pods', `a/gw-7d9f8c6b5-${suffix}`, `restarts ${n} → ${n + 1}, exit 1: ${suffix}`, at);

  it('given the same for pods of one workload within half a minute each, then they are one', () => {
    expect(sizes(crash('4crcm', 0), crash('q9wlz', 25, 3), crash('zz7vd', 50))).toEqual([3]);
    expect(sizes(crash('4crcm', 0), crash('q9wlz', 31))).toEqual([1, 1]);
  });

  it('given another workload, other words, another tone or a mark, then each stands for itself', () => {
    const marks = [change('', '', 'now', 0, 'info'), change('', '', 'now', 0, 'info')];
    const other = change('pods', 'b/gw-7d9f8c6b5-4crcm', 'restarts 1 → 2, exit 1', 0);
    const words = change('pods', 'a/gw-7d9f8c6b5-4crcm', 'ready', 0);
    const tone = { ...crash('4crcm', 0), tone: 'warn' as const };
    expect(sizes(crash('zz7vd', 0), other, words, tone, ...marks)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('given any changes, then each is in one group, oldest or newest first, and none takes long', () => {
    const any = fc.record({
      probe: fc.constantFrom('pods', 'alerts', 'events', 'etcd', 'nodes', '', '__proto__'),
      key: fc.string(),
      text: fc.oneof(fc.string(), fc.constant(`${'-b'.repeat(50_000)}`)),
      at: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (list) => {
        const changes = list.map((c) => change(c.probe, c.key, c.text, c.at));
        const groups = groupAlike(changes);
        expect(
          groups
            .flat()
            .map((c) => c.rev)
            .toSorted(),
        ).toEqual(changes.map((c) => c.rev).toSorted());
      }),
    );
  });
});
