import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter, Template } from '../../../src/runbooks/parameter.ts';
import { fillPlan } from '../../../src/runbooks/steps/fill-plan.ts';
import { fillSlot } from '../../../src/runbooks/steps/fill-slot.ts';
import { parameterValue, type Sources } from '../../../src/runbooks/steps/parameter-value.ts';
import { promqlTemplate } from '../../../src/runbooks/steps/promql.ts';
import { readCommand } from '../../../src/runbooks/steps/words.ts';

const query = (text: string): Template => promqlTemplate(text, (p) => p.name);
const word = (text: string): Template =>
  readCommand(`x ${text}`, (p) => p.name).words[1]?.value ?? [];
const filled = (template: Template, slot: Parameters<typeof fillSlot>[1], x: string) => {
  const put = fillSlot(template, slot, new Map([['x', x]]));
  return put.kind === 'filled' ? put.text : put.kind;
};

describe('a value in its place', () => {
  it.each([
    ['up{a="<x>"}', 'b', 'up{a="b"}'],
    ['up{a="<x>"}', 'b"} or vector(1) #', String.raw`up{a="b\"} or vector(1) #"}`],
    [`up{a='<x>'}`, `b'`, String.raw`up{a='b\''}`],
    ['up{a=~"<x>.*"}', 'a.b|c', String.raw`up{a=~"a\\.b\\|c.*"}`],
    ['up{a=`<x>`}', 'b`', 'refused'],
    ['rate(up[$x])', '5m', 'rate(up[5m])'],
    ['rate(up[$x])', '5m]) or x', 'refused'],
    ['up == $x', 'up', 'refused'],
  ])('given the query %s and %j, then %s', (text, x, expected) => {
    expect(filled(query(text), 'promql', x)).toBe(expected);
  });

  it.each([
    ['https://h/<x>', '../a b?c', 'https://h/..%2Fa%20b%3Fc'],
    ['https://h/<x>/y', '..', 'refused'],
    ['https://<x>/y', 'host:80', 'https://host:80/y'],
    ['https://<x>/y', 'evil.com/?', 'refused'],
    ['https://<x>/y', 'user@evil.com', 'refused'],
    ['<x>', 'https://evil', 'refused'],
  ])('given the address %s and %j, then %s', (text, x, expected) => {
    expect(filled(word(text), 'url', x)).toBe(expected);
  });

  it.each([
    ['name', 'pod-<x>', 'a', 'pod-a'],
    ['name', '<x>', '-o=yaml', 'refused'],
    ['name', '<x>', 'a b', 'refused'],
    ['namespace', '<x>', 'kube-system', 'kube-system'],
    ['namespace', '<x>', '../x', 'refused'],
    ['selector', 'app=<x>', 'a,b=c', 'refused'],
    ['word', '<x>', '--all', 'refused'],
  ] as const)('given a %s %s and %j, then %s', (slot, text, x, expected) => {
    expect(filled(word(text), slot, x)).toBe(expected);
  });

  it('given any value, then a string of a query ends where it ended before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (x) => {
        const text = filled(query('up{a="<x>"}'), 'promql', x);
        const inside = text.slice('up{a="'.length, -2);
        expect(text.startsWith('up{a="') && text.endsWith('"}')).toBe(true);
        expect(/^(?:[^"\\\n]|\\.)*$/s.test(inside)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('given a plan, then what is missing and what does not fit is told, and nothing is bent', () => {
    const plan = {
      kind: 'logs',
      subject: {
        resource: 'pod',
        names: [word('<pod>')],
        namespace: word('<ns>'),
        allNamespaces: false,
        selector: null,
      },
      container: null,
      previous: false,
      since: 1,
      tail: 1,
      bounded: true,
      filter: '',
    } as never;
    expect(fillPlan(plan, new Map([['ns', 'a;b']]))).toEqual({
      kind: 'open',
      missing: ['pod'],
      refused: [{ name: 'ns', slot: 'namespace', why: 'it is no namespace' }],
    });
    const full = fillPlan(
      plan,
      new Map([
        ['ns', 'a'],
        ['pod', 'b'],
      ]),
    );
    expect(full).toMatchObject({ kind: 'filled', plan: { subject: { names: [[{ text: 'b' }]] } } });
  });
});

describe('where a value comes from', () => {
  const sources: Sources = {
    labels: { namespace: 'a', pod: '-x' },
    annotations: {},
    world: new Map([['context', 'prod']]),
    results: new Map([['B2', [{ Status: { header: { revision: 42 } } }]]]),
    answers: new Map(),
  };
  const parameter = (more: Partial<Parameter>): Parameter => ({
    name: 'x',
    type: 'text',
    from: [],
    pattern: '',
    fallback: null,
    required: true,
    description: '' as never,
    written: '' as never,
    line: 1,
    ...more,
  });
  const label = (name: string) => ({ kind: 'label', name }) as const;

  it.each([
    [{ from: [label('namespace')] }, { kind: 'known', value: 'a' }],
    [
      { from: [label('nope'), { kind: 'world', key: 'context' }] },
      { kind: 'known', value: 'prod' },
    ],
    [
      { from: [label('pod')], type: 'name' },
      { kind: 'refused', value: '-x' },
    ],
    [
      { from: [label('namespace')], pattern: 'b+' },
      { kind: 'refused', why: 'it must match b+' },
    ],
    [
      { from: [{ kind: 'task', task: 'B2', path: '[0].Status.header.revision' }], type: 'number' },
      { kind: 'known', value: '42' },
    ],
    [{ from: [{ kind: 'task', task: 'C1', path: 'x' }] }, { kind: 'missing', waitsFor: 'C1' }],
    [{ fallback: 'f' }, { kind: 'known', value: 'f', from: 'fallback' }],
    [{ from: [label('constructor')] }, { kind: 'missing' }],
  ] as const)('given %j, then %j', (more, expected) => {
    expect(parameterValue(parameter(more), sources)).toMatchObject(expected);
  });

  it('given an answer, then it wins, and is checked like all others', () => {
    const answers = new Map([['x', 'b c']]);
    const of = parameter({ from: [label('namespace')], type: 'namespace' });
    expect(parameterValue(of, { ...sources, answers })).toMatchObject({ kind: 'refused' });
  });
});
