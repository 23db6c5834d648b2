import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandText, complete, type Known, parseCommand } from '../../src/views/command.ts';

const known: Known = {
  resources: [
    { resource: 'pods', namespaced: true, names: ['pods', 'po', 'pod'] },
    {
      resource: 'deployments',
      namespaced: true,
      names: ['deployments', 'deploy', 'dp', 'deployment', 'deployments.apps'],
    },
    { resource: 'nodes', namespaced: false, names: ['nodes', 'no', 'node'] },
    { resource: 'namespaces', namespaced: false, names: ['namespaces', 'ns', 'namespace'] },
    { resource: 'events', namespaced: true, names: ['events', 'ev', 'event'] },
    {
      resource: 'certificates.cert-manager.io',
      namespaced: true,
      names: ['certificates.cert-manager.io', 'certificates', 'cert', 'certificate'],
    },
  ],
  namespaces: ['payments', 'kube-system', 'kube-public', 'web'],
  contexts: ['prod-eu', 'staging'],
  views: [
    { id: 'home', aliases: ['home', 'pulses', 'pu'] },
    { id: 'timeline', aliases: ['changes'] },
    { id: 'aliases', aliases: ['alias'] },
  ],
  actions: [
    { id: 'logs', aliases: ['log'] },
    { id: 'debug', aliases: ['shell'] },
  ],
  themes: ['dark', 'light'],
};

const parse = (text: string) => parseCommand(text, known);
const pods = { kind: 'resource', resource: 'pods' };

describe('parseCommand', () => {
  it.each([
    ['po', pods],
    [':pods', pods],
    ['  Pod ', pods],
    ['pods payments', { ...pods, namespace: 'payments' }],
    ['deploy kube-system', { kind: 'resource', resource: 'deployments', namespace: 'kube-system' }],
    ['po all', { ...pods, namespace: '' }],
    ['po /fred', { ...pods, filter: 'fred' }],
    ['po /a b|c', { ...pods, filter: 'a b|c' }],
    ['po app=fred,env=dev', { ...pods, labels: 'app=fred,env=dev' }],
    ['po -l app in (a, b),!c', { ...pods, labels: 'app in (a, b),!c' }],
    ['po app in (a,b)', { ...pods, labels: 'app in (a,b)' }],
    ['po !canary', { ...pods, labels: '!canary' }],
    ['po @staging', { ...pods, context: 'staging' }],
    [
      'po web app=fred /x @staging',
      { ...pods, namespace: 'web', labels: 'app=fred', filter: 'x', context: 'staging' },
    ],
    ['po @staging web /x', { ...pods, namespace: 'web', filter: 'x', context: 'staging' }],
    ['po app=fred web', { ...pods, namespace: 'web', labels: 'app=fred' }],
    ['cert web', { kind: 'resource', resource: 'certificates.cert-manager.io', namespace: 'web' }],
    ['deployments.apps', { kind: 'resource', resource: 'deployments' }],
    ['ns', { kind: 'resource', resource: 'namespaces' }],
    ['ns payments', { kind: 'namespace', name: 'payments' }],
    ['ns all', { kind: 'namespace', name: '' }],
    ['ns /pay', { kind: 'resource', resource: 'namespaces', filter: 'pay' }],
    ['ctx', { kind: 'context' }],
    ['ctx staging', { kind: 'context', name: 'staging' }],
    ['q', { kind: 'quit' }],
    ['q!', { kind: 'quit' }],
    ['quit', { kind: 'quit' }],
    ['help', { kind: 'help' }],
    ['pu', { kind: 'view', id: 'home' }],
    ['changes', { kind: 'view', id: 'timeline' }],
    ['aliases', { kind: 'view', id: 'aliases' }],
    ['events', { kind: 'resource', resource: 'events' }],
    ['theme light', { kind: 'theme', name: 'light' }],
    ['logs', { kind: 'action', id: 'logs', rest: '' }],
    ['shell x', { kind: 'action', id: 'debug', rest: 'x' }],
  ])('given "%s", when it is parsed, then it means %j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['pdos', 'pods'],
    ['dpeloy web', 'deploy web'],
    ['nodez', 'nodes'],
    ['theme drak', 'theme dark'],
    ['nodes web', 'nodes'],
    ['po a b', 'pods'],
    ['po app=a=b', 'pods'],
    ['home now', 'home'],
  ])('given "%s", when it is parsed, then "%s" is proposed', (text, suggestion) => {
    expect(parse(text)).toMatchObject({ kind: 'unknown', suggestion });
  });

  it('given nonsense, when it is parsed, then nothing is proposed and it says what was not understood', () => {
    expect(parse('xyzzyx')).toMatchObject({ kind: 'unknown', suggestion: null });
    expect(parse('')).toMatchObject({ kind: 'unknown' });
  });

  it('given any text, when it is parsed and completed, then it never throws and completions go on from it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(parse(text).kind).toBeTypeOf('string');
        for (const whole of complete(text, known)) {
          expect(whole.toLowerCase().startsWith(text.toLowerCase())).toBe(true);
        }
      }),
    );
  });

  it('given a parsed resource command, when it is written out, then it parses to the same', () => {
    const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
    const parts = fc.record({
      namespace: optional(fc.constantFrom('web', 'all')),
      labels: optional(fc.constantFrom('-l app=x', '-l app in (a,b),!c')),
      filter: optional(fc.constantFrom('/crash', '/a|b')),
      context: optional(fc.constantFrom('@prod-eu')),
    });
    fc.assert(
      fc.property(parts, (p) => {
        const text = ['pods', p.namespace, p.labels, p.filter, p.context]
          .filter((part) => part !== undefined)
          .join(' ');
        const parsed = parse(text);
        expect(parse(commandText(parsed))).toEqual(parsed);
      }),
    );
  });
});

describe('complete', () => {
  it('given the start of a word, when it is completed, then resources come first, short ones before long', () => {
    expect(complete('p', known).slice(0, 2)).toEqual(['pods', 'po']);
    expect(complete('dep', known)[0]).toBe('deployments');
  });

  it('given a resource, when more is typed, then namespaces follow, sorted', () => {
    expect(complete('po kube', known)).toEqual(['po kube-public', 'po kube-system']);
    expect(complete('no kube', known)).toEqual([]);
    expect(complete('po web ', known)).toEqual([]);
  });

  it('given an at sign, when it is completed, then contexts follow', () => {
    expect(complete('po @', known)).toEqual(['po @prod-eu', 'po @staging']);
    expect(complete('ctx s', known)).toEqual(['ctx staging']);
  });

  it('given words with a list of their own, when they are completed, then that list is offered', () => {
    expect(complete('ns pay', known)).toEqual(['ns payments']);
    expect(complete('theme ', known)).toEqual(['theme dark', 'theme light']);
    expect(complete('', known)).toEqual([]);
  });
});
