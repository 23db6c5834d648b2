import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, type Guard, unknown } from '../../src/actions/guard.ts';
import { guards } from '../../src/actions/guards/index.ts';
import { judge } from '../../src/actions/judge.ts';
import { anyFacts, anyPlan, aPlan, goodFacts, planTime } from '../support/any-plan.ts';

const runs = { numRuns: 300 };
const nobody = unknown('nobody answered');
const broken = {
  by: 'anna',
  reason: 'the shop is down',
  ticket: 'INC-1',
  until: planTime + 60_000,
} as NonNullable<Facts['glass']>;

describe('the list', () => {
  it('given all guards, when they are named, then each has a name of its own and a sentence', () => {
    expect(new Set(guards.map((g) => g.id)).size).toBe(guards.length);
    for (const { id, title } of guards) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(title.length).toBeGreaterThan(10);
    }
  });

  it('given a plan that nothing speaks against, when it is judged, then somebody is asked and nobody denies', () => {
    const verdict = judge(guards, aPlan(), goodFacts(), planTime);
    expect(verdict.outcome).toBe('ask');
    expect(verdict.challenges).toEqual([{ kind: 'name' }]);
  });
});

describe.each(guards.map((guard) => ({ id: guard.id, guard })))('$id', ({ guard }) => {
  it('given any plan and any facts, when it is asked, then it answers in words, and the same each time', () => {
    fc.assert(
      fc.property(anyPlan, anyFacts, (plan, facts) => {
        const said = guard.judge(plan, facts, planTime);
        expect(guard.judge(plan, facts, planTime)).toEqual(said);
        if (said.kind === 'silent') return;
        expect(said.why.trim()).not.toBe('');
        expect(said.why).not.toMatch(/undefined|null|NaN|\[object/);
        if (said.kind === 'deny') expect(said.hint).not.toMatch(/undefined|null|NaN|\[object/);
      }),
      runs,
    );
  });

  it('given a denial that nothing opens, when the glass is broken, then it still denies', () => {
    fc.assert(
      fc.property(anyPlan, anyFacts, (plan, facts) => {
        const before = guard.judge(plan, { ...facts, glass: null }, planTime);
        if (before.kind !== 'deny' || before.opens !== 'never') return;
        const after = guard.judge(plan, { ...facts, glass: broken }, planTime);
        expect(after).toEqual(before);
      }),
      runs,
    );
  });

  it('given a denial that the glass opens, when it was broken and has mended, then it denies again', () => {
    fc.assert(
      fc.property(anyPlan, anyFacts, (plan, facts) => {
        const whole = guard.judge(plan, { ...facts, glass: null }, planTime);
        const mended = { ...broken, until: planTime };
        expect(guard.judge(plan, { ...facts, glass: mended }, planTime)).toEqual(whole);
      }),
      runs,
    );
  });

  it('given all other guards, when this one joins them, then no denial becomes a yes', () => {
    const others = guards.filter((g) => g !== guard);
    fc.assert(
      fc.property(anyPlan, anyFacts, (plan, facts) => {
        const without = judge(others, plan, facts, planTime);
        // Where nobody said a word it was denied for that alone.
        if (without.outcome !== 'deny' || without.reasons[0]?.guard === 'default') return;
        expect(judge(guards, plan, facts, planTime).outcome).toBe('deny');
      }),
      runs,
    );
  });
});

describe('what is not known', () => {
  const cases: readonly (readonly [string, Partial<Facts>])[] = [
    ['the rights', { rights: new Map() }],
    ['who stands behind the name', { uid: nobody }],
    ['the change windows', { windows: nobody }],
    ['whether it can be written down', { audit: nobody }],
  ];

  it.each(cases)(
    'given that %s cannot be found out, when a change is judged, then it is denied',
    (_, more) => {
      expect(judge(guards, aPlan(), goodFacts(more), planTime).outcome).toBe('deny');
    },
  );

  it('given any write and facts of which one is missing, when it is judged, then it is never allowed', () => {
    fc.assert(
      fc.property(anyPlan, anyFacts, fc.constantFrom(...cases), (plan, facts, [, more]) => {
        if (plan.effect === 'read' || plan.subject.kind !== 'object') return;
        if (plan.rights.length === 0) return;
        const verdict = judge(guards, plan, { ...facts, glass: null, ...more }, planTime);
        expect(verdict.outcome).toBe('deny');
      }),
      runs,
    );
  });

  it('given something in the weight of a change that could not be found out, when it is judged, then it is denied', () => {
    const plan = aPlan({ weight: { ...aPlan().weight, unknown: ['budgets may not be listed'] } });
    const verdict = judge(guards, plan, goodFacts(), planTime);
    expect(verdict).toMatchObject({ outcome: 'deny', breakable: true });
  });

  it('given any plan that changes something, when everything is well, then a person is asked at least', () => {
    fc.assert(
      fc.property(anyPlan, anyFacts, (plan, facts) => {
        if (plan.effect === 'read') return;
        expect(judge(guards, plan, facts, planTime).outcome).not.toBe('allow');
      }),
      runs,
    );
  });

  it('given a guard that says yes to all, when it is added to a denial, then it stays one', () => {
    const yes: Guard = { id: 'yes', title: '', judge: () => ({ kind: 'allow', why: 'yes' }) };
    const verdict = judge([...guards, yes], aPlan(), goodFacts({ audit: nobody }), planTime);
    expect(verdict.outcome).toBe('deny');
  });
});
