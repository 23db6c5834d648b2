import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerPlan } from '../../../src/runbooks/layout/layer-plan.ts';
import { ranksOf } from '../../../src/runbooks/layout/ranks.ts';

/** Arrows such as `A>B`; `A<B` leads back from B to A. */
const planOf = (...arrows: readonly string[]): LayerPlan => {
  const links = arrows.map((arrow, edge) => {
    const [from = '', to = ''] = arrow.split(/[<>]/);
    return { edge, from, to, reversed: arrow.includes('<') };
  });
  const names = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
  const stands = names.map((name) => ({ name, kind: 'node' as const, id: name, group: '' }));
  return { stands, links, holds: [], loops: new Map() };
};

/** Without circles: each link leads to a later number. */
const anyPlan = fc
  .array(fc.tuple(fc.nat(24), fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 60 })
  .map((pairs) => planOf(...pairs.map(([from, by]) => `n${from}>n${from + by}`)));

const lengthOf = (plan: LayerPlan, ranks: ReadonlyMap<string, number>): number =>
  plan.links.reduce((sum, { from, to }) => sum + (ranks.get(to) ?? 0) - (ranks.get(from) ?? 0), 0);

describe('ranking a chart', () => {
  it('given a way and a longer one, when they meet, then what they meet at is below both', () => {
    const ranks = ranksOf(planOf('A>B', 'B>C', 'C>D', 'A>D'));
    expect([...ranks.values()]).toEqual([0, 1, 2, 3]);
  });

  it('given a late beginner, when it leads far down, then it stands directly above that', () => {
    const ranks = ranksOf(planOf('A>B', 'B>C', 'C>D', 'X>Y', 'Y>D'));
    expect([ranks.get('X'), ranks.get('Y')]).toEqual([1, 2]);
  });

  it('given places that are equally good, when one is taken, then it is the first', () => {
    const ranks = ranksOf(planOf('A>B', 'B>C', 'C>D', 'A>X', 'X>D'));
    expect(ranks.get('X')).toBe(1);
  });

  it('given any chart, when it is ranked, then every line leads to a higher rank', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const ranks = ranksOf(plan);
        for (const { from, to } of plan.links)
          expect((ranks.get(to) ?? 0) - (ranks.get(from) ?? 0)).toBeGreaterThanOrEqual(1);
        expect(Math.min(...ranks.values())).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('given any chart, when one of its stands is moved alone, then no line gets shorter by it', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const ranks = ranksOf(plan);
        const least = lengthOf(plan, ranks);
        for (const { name } of plan.stands) {
          const moved = new Map(ranks).set(name, (ranks.get(name) ?? 0) + 1);
          const allowed = plan.links.every(
            ({ from, to }) => (moved.get(to) ?? 0) > (moved.get(from) ?? 0),
          );
          if (allowed) expect(lengthOf(plan, moved)).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });
});
