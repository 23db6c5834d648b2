import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { probeId } from '../../src/kernel/fact.ts';
import { failure } from '../../src/kernel/failure.ts';
import type { Freshness } from '../../src/kernel/freshness.ts';
import { epochMs } from '../../src/kernel/units.ts';
import type { World } from '../../src/kernel/world.ts';
import { type EtcdState, etcd } from '../../src/probes/etcd.ts';
import { anyBatch } from '../support/any-data.ts';
import { memberPod } from '../support/etcd-case.ts';
import { ago, crashing, node, now } from '../support/objects.ts';
import { worldOf } from '../support/world-of.ts';

const anyFreshness: fc.Arbitrary<Freshness> = fc.oneof(
  fc.constant<Freshness>({ kind: 'never' }),
  fc.nat(90).map((s): Freshness => ({ kind: 'fresh', heard: ago(s) })),
  fc.nat(90).map((s): Freshness => ({ kind: 'stale', since: ago(s), why: 'gap', heard: ago(s) })),
  fc.nat(90).map(
    (s): Freshness => ({
      kind: 'failing',
      since: ago(s),
      failure: failure('unreachable', 'ask', 'no route'),
      heard: s > 45 ? null : ago(s),
    }),
  ),
);

const listed = {
  nodes: [node('a'), node('b')],
  pods: [
    memberPod('a', { namespace: 'a', node: 'a' }),
    crashing('b', 'cannot reach a:2379 of b.a.svc', {
      namespace: 'b',
      labels: { component: 'etcd' },
    }),
  ],
};

/** Facts end when the objects are: later ones would be of the future. */
const shifted = (state: EtcdState, batch: readonly { readonly at: number }[]): EtcdState => {
  const last = batch.at(-1)?.at ?? now;
  const by = now - last;
  const text = JSON.stringify(etcd.save(state), (key, value) =>
    /^(at|answeredAt|metricsAt|since|leaderless)$/.test(key) &&
    typeof value === 'number' &&
    value > 1e12
      ? epochMs(value + by)
      : value,
  );
  return etcd.load(JSON.parse(text));
};

const anyWorld: fc.Arbitrary<World> = fc
  .tuple(anyBatch(etcd, 40), fc.array(anyFreshness, { minLength: 8, maxLength: 8 }))
  .map(([batch, freshness]) => {
    const state = shifted(etcd.fold(etcd.empty, batch as never).state, batch);
    const scopes = new Map(
      [...state].flatMap(([name, c]) =>
        [...c.members.keys()].map((key, i) => [`${name}/${key}`, freshness[i % 8]!] as const),
      ),
    );
    const world = worldOf(listed);
    return { ...world, slices: new Map(world.slices).set(probeId('etcd'), { state, scopes }) };
  });

describe('any facts of etcd', () => {
  it('given whatever is told, then it is judged in words, every cause is there, and nothing is well without an answer', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const known = health(world, now);
        const keys = new Set(known.findings.map((f) => f.key));
        expect(keys.size).toBe(known.findings.length);
        for (const f of known.findings) {
          if (f.under !== null) expect(keys).toContain(f.under);
        }
        const said = JSON.stringify([
          known.findings,
          known.standings,
          known.verdict,
          known.etcd.map(({ members, ...r }) => r),
        ]);
        expect(said).not.toMatch(/undefined|NaN|Infinity|\[object/);
        for (const report of known.etcd) {
          if (report.tone !== 'good') continue;
          expect(report.members.every((m) => m.tone === 'good')).toBe(true);
          expect(report.working).toBe(report.voters);
          expect(report.margin).toBeGreaterThanOrEqual(0);
          expect(report.members.flatMap((m) => m.state.status?.alarms ?? [])).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });
});
