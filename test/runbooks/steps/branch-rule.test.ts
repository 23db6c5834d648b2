import { describe, expect, it } from 'vitest';
import type { Branch, Rule } from '../../../src/runbooks/runbook.ts';
import { branchRule, preselect } from '../../../src/runbooks/steps/branch-rule.ts';
import { searchPattern } from '../../../src/runbooks/steps/pattern-search.ts';
import { readRule } from '../../../src/runbooks/steps/rule.ts';

const result = {
  task: 't',
  text: 'member x\nDB SIZE: 1.5 GiB used 85%\n{"a":[{"phase":"Running"},{"phase":"Failed"}],"n":3}',
  json: { a: [{ phase: 'Running' }, { phase: 'Failed' }], n: 3 },
  values: [0.5, 2],
  well: true,
};
const rule = (when: Record<string, unknown>): Rule => {
  const read = readRule(when);
  if (read.kind === 'wrong') throw new Error(read.why);
  return read.rule;
};

describe('rules on what a step has brought', () => {
  it.each([
    [{ stdout: 'DB SIZE: \\d' }, 'holds'],
    [{ stdout: '^DB' }, 'not'],
    [{ stdout: '(?m)^DB' }, 'holds'],
    [{ number: '> 1GB', after: 'DB SIZE' }, 'holds'],
    [{ number: '> 2GiB', after: 'DB SIZE' }, 'not'],
    [{ number: '>= 85', after: 'used' }, 'holds'],
    [{ number: '> 1', after: 'nowhere' }, 'unsure'],
    [{ json: '$.a[*].phase == Failed' }, 'holds'],
    [{ json: '$.a[0].phase == Failed' }, 'not'],
    [{ json: '$.n >= 3' }, 'holds'],
    [{ json: '$.missing == 1' }, 'unsure'],
    [{ json: '$.constructor == 1' }, 'unsure'],
    [{ value: '> 1' }, 'holds'],
    [{ promql: '> 2' }, 'not'],
    [{ exit: 0 }, 'holds'],
    [{ exit: 1 }, 'not'],
    [{ stdout: 'DB', value: '> 5' }, 'not'],
  ])('given %j, then %s', (when, expected) => {
    expect(branchRule(rule(when), result)).toBe(expected);
  });

  it.each([
    [{}, 'nothing is asked'],
    [{ stdot: 'x' }, 'there is no test "stdot"'],
    [{ stdout: '(' }, '('],
    [{ stdout: '(?=x)' }, 'looking around'],
    [{ number: 'many' }, 'no comparison with a number'],
    [{ json: 'x' }, 'no comparison'],
  ])('given %j, then it is wrong: %s', (when, why) => {
    const read = readRule(when);
    expect(read.kind === 'wrong' ? read.why : '').toContain(why);
  });

  it('given a pattern that others hang on, then it is answered in linear work', () => {
    const text = `${'a'.repeat(50_000)}!`;
    expect(searchPattern('(a+)+$', text).kind).toBe('none');
    expect(searchPattern('(a{1,500}){1,7}b', 'a'.repeat(1_000_000)).kind).toBe('unsure');
  });

  const branch = (label: string, when: Rule | null): Branch => ({
    label: label as never,
    to: label,
    edge: null,
    when,
    from: '',
    line: 1,
  });
  const yes = rule({ value: '> 1' });
  const no = rule({ value: '> 9' });

  it.each([
    ['one that holds', [branch('a', no), branch('b', yes)], { kind: 'one', branch: 1 }],
    ['two that hold', [branch('a', yes), branch('b', yes)], { kind: 'ask', holding: [0, 1] }],
    ['none that holds', [branch('a', no), branch('b', null)], { kind: 'ask', holding: [] }],
  ])('given %s, then %#', (_, branches, expected) => {
    expect(preselect(branches, [result])).toMatchObject(expected);
  });
});
