import { describe, expect, it } from 'vitest';
import type { HeldEvidence, Visit } from '../../../src/kernel/run.ts';
import type { Evidence } from '../../../src/kernel/run-fact.ts';
import { epochMs } from '../../../src/kernel/units.ts';
import { suggest } from '../../../src/runbooks/machine/suggest.ts';
import type { Rule, Step } from '../../../src/runbooks/runbook.ts';
import { aRunbook, branch, evidence, Walk } from './a-book.ts';

const asking = (rules: readonly (Rule | null)[]): Step => {
  const [, quorum] = aRunbook.steps;
  if (quorum === undefined) throw new Error('no step');
  return { ...quorum, branches: rules.map((when, n) => branch(`way ${n}`, 'wait', n, when)) };
};

const visitWith = (...all: readonly Partial<Evidence>[]): Visit => {
  const visit = new Walk().toQuorum().run.visits.at(-1);
  if (visit === undefined) throw new Error('no visit');
  const held = all.map((e): HeldEvidence => ({ ...evidence(e), at: epochMs(1), by: 'ana' }));
  return { ...visit, evidence: held };
};

const few: Rule = { kind: 'value', is: '<', value: 2 };
const many: Rule = { kind: 'value', is: '>=', value: 2 };

describe('what the rules of a step suggest', () => {
  it('given one rule that holds, when asked, then it is the suggestion', () => {
    expect(suggest(asking([few, many]), visitWith({ values: [3] }))).toEqual({
      branch: 1,
      why: 'the result of up fits the rule for “way 1”',
    });
  });

  it('given none or several that hold, when asked, then the operator is', () => {
    expect(suggest(asking([few, few]), visitWith({ values: [1] }))).toEqual({
      branch: null,
      why: 'the rules for “way 0” and “way 1” fit: choose',
    });
    expect(suggest(asking([few, null]), visitWith({ values: [3] }))).toEqual({
      branch: null,
      why: 'no rule fits: choose',
    });
  });

  it('given no result, one that cannot be told, or no rules, when asked, then it says so', () => {
    expect(suggest(asking([few, many]), visitWith()).why).toBe(
      'there is no result yet to judge by',
    );
    expect(suggest(asking([few, many]), visitWith({ values: [] }))).toEqual({
      branch: null,
      why: 'the rule for “way 0” and “way 1” cannot be told: choose',
    });
    expect(suggest(asking([null, null]), visitWith())).toEqual({ branch: null, why: '' });
  });

  it('given a task that was run twice, when asked, then only its newest result counts', () => {
    const visit = visitWith({ values: [3] }, { values: [1] });
    expect(suggest(asking([few, many]), visit).branch).toBe(0);
  });

  it('given text, JSON and the end of a task, when rules are about them, then they are judged', () => {
    const rules: readonly Rule[] = [
      { kind: 'text', pattern: 'has already been bootstrapped' },
      { kind: 'json', path: '$.status.phase', is: '==', value: 'Pending' },
      { kind: 'ended', well: false },
    ];
    const which = (e: Partial<Evidence>) => suggest(asking(rules), visitWith(e)).branch;
    expect(which({ lines: ['a', 'member 8e has already been bootstrapped'] })).toBe(0);
    expect(which({ data: { status: { phase: 'Pending' } } })).toBe(1);
    expect(which({ exit: 'failed' })).toBe(2);
  });
});
