import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSmall, noteStep, StepDraft, stepTo } from '../../src/kernel/lineage.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: null }) });

describe('how a map came out of another', () => {
  it('given any changes, when the step is taken again, then the map is the same, in the same order', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (first, then) => {
        const from = new Map<string, number>();
        for (const { key: k, value } of first) if (value !== null) from.set(k, value);
        const next = new Map(from);
        const step = new StepDraft();
        for (const { key: k, value } of then) {
          if (value === null) {
            next.delete(k);
            step.delete(k);
          } else {
            next.set(k, value);
            step.set(k);
          }
        }
        noteStep(from, next, step);
        const born = stepTo(next);
        if (born === null) throw new Error('it was noted');
        expect(born.from).toBe(from);
        const again = new Map(born.from);
        for (const k of born.step.removed) again.delete(k);
        for (const k of born.step.put) again.set(k, next.get(k) ?? Number.NaN);
        expect([...again]).toEqual([...next]);
      }),
    );
  });

  it('given a map that nobody has noted, when it is asked for, then nothing is known', () => {
    expect(stepTo(new Map())).toBeNull();
  });

  it('given a step as large as the whole, when it is judged, then it is not small', () => {
    const step = new StepDraft();
    for (let i = 0; i < 10; i += 1) step.set(`k${i}`);
    expect(isSmall(step, 10)).toBe(false);
    expect(isSmall(step, 100)).toBe(true);
  });
});
