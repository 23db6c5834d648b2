import { describe, expect, it } from 'vitest';
import {
  type ObjectRequest,
  objectPaths,
  objectStep,
} from '../../../src/adapters/steps/object-step.ts';
import { failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { yamlOf } from '../../../src/views/yaml-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const pods = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
const secrets = { ...pods, resource: 'secrets', kind: 'Secret' };
const nodes = { group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false };

const request = (more: Partial<ObjectRequest> = {}): ObjectRequest => ({
  verb: 'get',
  ref: pods,
  names: [],
  namespace: 'payments',
  labelSelector: '',
  fieldSelector: '',
  output: '',
  ...more,
});

const { signal } = new AbortController();
const at = (minutesAgo: number): string =>
  new Date(new FakeClock().now() - minutesAgo * 60_000).toISOString();

const asking = async (answers: Readonly<Record<string, unknown>>, asked: ObjectRequest) => {
  const paths: string[] = [];
  const get = async (path: string): Promise<Result<string>> => {
    paths.push(path);
    const found = Object.entries(answers).find(([start]) => path.startsWith(start));
    return found === undefined
      ? failed(failure('absent', 'get', 'pods "x" not found', { hint: 'check its name' }))
      : ok(typeof found[1] === 'string' ? found[1] : JSON.stringify(found[1]));
  };
  const redactedYaml = (json: string) => yamlOf(json, { managedFields: false });
  const got = await objectStep(
    { kubernetes: { get }, redactedYaml, clock: new FakeClock() },
    asked,
    signal,
  );
  return { got, paths };
};

const pod = (name: string, more: object = {}) => ({
  metadata: { name, namespace: 'payments', creationTimestamp: at(90) },
  spec: { nodeName: 'node-1', containers: [{ name: 'app' }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ ready: true, restartCount: 2, state: { running: {} } }],
  },
  ...more,
});

describe('a step that reads objects', () => {
  it('given a list, when read, then it is a table, and its objects are data for rules', async () => {
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const bad = pod('b', {
      status: {
        phase: 'Running',
        containerStatuses: [{ ready: false, restartCount: 11, state: waiting }],
      },
    });
    const { got, paths } = await asking(
      { '/api/v1/namespaces/payments/pods': { items: [pod('a'), bad], metadata: {} } },
      request({ labelSelector: 'app=payments', fieldSelector: 'status.phase!=Succeeded' }),
    );
    expect(paths).toEqual([
      '/api/v1/namespaces/payments/pods?limit=200&labelSelector=app%3Dpayments&fieldSelector=status.phase%21%3DSucceeded',
    ]);
    expect(got.lines).toEqual([
      'NAMESPACE  NAME  READY  STATUS            RESTARTS  NODE    AGE',
      'payments   a     1/1    Running           2         node-1  1h',
      'payments   b     0/1    CrashLoopBackOff  11        node-1  1h',
    ]);
    expect(got).toMatchObject({ exit: 'ok', truncated: false });
    expect(got.data).toMatchObject({
      items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
    });
  });

  it('given Secrets, when read in any form, then what they hold is nowhere', async () => {
    const secret = {
      metadata: { name: 's', namespace: 'payments', creationTimestamp: at(1) },
      data: { key: 'aHVudGVyMg==' },
      stringData: { other: 'hunter2' },
    };
    const one = '/api/v1/namespaces/payments/secrets/s';
    const all = [
      await asking(
        { '/api/v1/namespaces/payments/secrets?': { items: [secret] } },
        request({ ref: secrets }),
      ),
      await asking(
        { '/api/v1/namespaces/payments/secrets?': { items: [secret] } },
        request({ ref: secrets, output: 'yaml' }),
      ),
      await asking({ [one]: secret }, request({ ref: secrets, names: ['s'], output: 'json' })),
      await asking({ [one]: secret }, request({ ref: secrets, names: ['s'], verb: 'describe' })),
    ];
    for (const { got } of all) {
      expect(got.exit).toBe('ok');
      expect(JSON.stringify(got)).not.toMatch(/hunter2|aHVudGVyMg/);
    }
  });

  it('given describe, when read, then the object is shown whole, with events about it', async () => {
    const event = {
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting\nfailed container',
      lastTimestamp: at(2),
      involvedObject: { kind: 'Pod', name: 'a' },
    };
    const { got, paths } = await asking(
      {
        '/api/v1/namespaces/payments/pods/a': pod('a'),
        '/api/v1/namespaces/payments/events': { items: [event] },
      },
      request({ verb: 'describe', names: ['a'] }),
    );
    expect(paths).toEqual([
      '/api/v1/namespaces/payments/pods/a',
      '/api/v1/namespaces/payments/events?limit=50&fieldSelector=involvedObject.kind%3DPod%2CinvolvedObject.name%3Da',
    ]);
    expect(got.lines).toContain('  nodeName: node-1');
    expect(got.lines.slice(-3)).toEqual([
      'events about a:',
      'LAST  TYPE     REASON   OBJECT  MESSAGE',
      '2m    Warning  BackOff  Pod/a   Back-off restarting failed container',
    ]);
    expect(got.data).toMatchObject({ metadata: { name: 'a' }, status: { phase: 'Running' } });
  });

  it('given nothing, more than asked for, no answer, or no JSON, when read, then it is said', async () => {
    const list = '/api/v1/namespaces/payments/pods';
    const { got: none } = await asking({ [list]: { items: [] } }, request());
    expect(none.lines).toEqual(['nothing is there']);
    const { got: more } = await asking(
      { [list]: { items: [pod('a')], metadata: { continue: 'x' } } },
      request(),
    );
    expect(more).toMatchObject({ truncated: true });
    const { got: absent } = await asking({}, request({ names: ['x'] }));
    expect(absent).toMatchObject({
      exit: 'failed',
      lines: ['pods "x" not found', 'check its name'],
    });
    const { got: text } = await asking({ [list]: 'not JSON' }, request());
    expect(text).toMatchObject({ exit: 'failed', lines: ['the answer is not valid JSON'] });
  });

  it('given what a label could hold, when it is a name, a namespace or a selector, then no request is built', () => {
    const odd = [
      '../secrets',
      'a/b',
      '..',
      '-o',
      'a?x=1',
      'a#b',
      'a%2fb',
      ' ',
      'x'.repeat(300),
      'a\n',
    ];
    for (const text of odd) {
      expect(objectPaths(request({ names: [text] }))).toMatchObject({ ok: false });
      expect(objectPaths(request({ namespace: text }))).toMatchObject({ ok: false });
      expect(objectPaths(request({ ref: { ...pods, resource: text } }))).toMatchObject({
        ok: false,
      });
    }
    expect(objectPaths(request({ labelSelector: 'a=b&watch=true' }))).toMatchObject({ ok: false });
    expect(objectPaths(request({ ref: { ...pods, resource: 'pods/log' } }))).toMatchObject({
      ok: false,
    });
    expect(objectPaths(request({ names: ['a'], namespace: '' }))).toMatchObject({
      ok: false,
      failure: { message: 'the namespace is missing' },
    });
    expect(objectPaths(request({ names: Array(11).fill('a') }))).toMatchObject({ ok: false });
  });

  it('given a node, when its events are read, then where events of nodes are kept', async () => {
    const node = {
      metadata: { name: 'n1' },
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    };
    const { paths } = await asking(
      { '/api/v1/nodes/n1': node, '/api/v1/namespaces/default/events': { items: [] } },
      request({ verb: 'describe', ref: nodes, namespace: '', names: ['n1'] }),
    );
    expect(paths[1]).toMatch(/^\/api\/v1\/namespaces\/default\/events\?/);
    const { got } = await asking(
      { '/api/v1/nodes': { items: [node] } },
      request({ ref: nodes, namespace: '' }),
    );
    expect(got.lines).toEqual(['NAME  STATUS', 'n1    not Ready']);
  });
});

describe('a step that reads events', () => {
  it('given events in the order of their names, then the youngest stands first', async () => {
    const event = (name: string, minutesAgo: number) => ({
      metadata: { name, namespace: 'pay' },
      involvedObject: { kind: 'Pod', name },
      lastTimestamp: at(minutesAgo),
      reason: 'BackOff',
    });
    const ref = { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true };
    const items = [event('a', 30), event('b', 2), event('c', 10)];
    const { got } = await asking({ '/api/v1': { items } }, request({ ref }));
    expect(got.lines.slice(1).map((line) => /Pod\/\w/.exec(line)?.[0])).toEqual([
      'Pod/b',
      'Pod/c',
      'Pod/a',
    ]);
  });
});
