import { describe, expect, it } from 'vitest';
import { usageStep } from '../../../src/adapters/steps/usage-step.ts';
import { failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const amounts = {
  cpuOf: (text: string) => Number.parseInt(text, 10),
  bytesOf: (text: string) => Number.parseInt(text, 10),
  cpuText: (milli: number) => `${milli}m`,
  byteText: (n: number) => `${n} B`,
};
const { signal } = new AbortController();

const asking = async (
  answer: (path: string) => Result<string>,
  request: Partial<Parameters<typeof usageStep>[1]> = {},
) => {
  const paths: string[] = [];
  const get = async (path: string) => {
    paths.push(path);
    return answer(path);
  };
  const got = await usageStep(
    { kubernetes: { get }, clock: new FakeClock(), amounts },
    {
      of: 'pods',
      names: [],
      namespace: 'pay',
      labelSelector: '',
      by: 'cpu',
      containers: false,
      ...request,
    },
    signal,
  );
  return { got, paths };
};

const podMetrics = (name: string, ...used: readonly (readonly [string, string])[]) => ({
  metadata: { name, namespace: 'pay' },
  containers: used.map(([cpu, memory]) => ({ name: 'c', usage: { cpu, memory } })),
});

const list = (...items: readonly unknown[]): Result<string> => ok(JSON.stringify({ items }));

describe('a step that tells what is used', () => {
  it('given pods, then their containers are summed up, the most CPU first, and rules get numbers', async () => {
    const { got, paths } = await asking(() =>
      list(podMetrics('idle', ['1', '10']), podMetrics('busy', ['100', '20'], ['50', '5'])),
    );
    expect(paths).toEqual(['/apis/metrics.k8s.io/v1beta1/namespaces/pay/pods?limit=200']);
    expect(got.lines).toEqual([
      'NAMESPACE  NAME  CPU   MEMORY',
      'pay        busy  150m  25 B',
      'pay        idle  1m    10 B',
    ]);
    expect(got).toMatchObject({
      exit: 'ok',
      data: { items: [{ name: 'busy', cpu: 150, memory: 25 }, { name: 'idle' }] },
    });
  });

  it('given that memory is asked for, by container, then each is a row, the most memory first', async () => {
    const busy = { ...podMetrics('busy', ['100', '20'], ['50', '35']) };
    const { got } = await asking(() => list(podMetrics('idle', ['1', '30']), busy), {
      by: 'memory',
      containers: true,
    });
    expect(got.lines).toEqual([
      'NAMESPACE  NAME  CONTAINER  CPU   MEMORY',
      'pay        busy  c          50m   35 B',
      'pay        idle  c          1m    30 B',
      'pay        busy  c          100m  20 B',
    ]);
  });

  it('given nodes, one by its name or some by a label, then they are asked for so', async () => {
    const node = { metadata: { name: 'n1' }, usage: { cpu: '9', memory: '7' } };
    const one = await asking(() => ok(JSON.stringify(node)), {
      of: 'nodes',
      names: ['n1'],
      namespace: '',
    });
    expect(one.paths).toEqual(['/apis/metrics.k8s.io/v1beta1/nodes/n1']);
    expect(one.got.lines).toEqual(['NAME  CPU  MEMORY', 'n1    9m   7 B']);
    const some = await asking(() => list(), { labelSelector: 'app=x', namespace: '' });
    expect(some.paths).toEqual([
      '/apis/metrics.k8s.io/v1beta1/pods?limit=200&labelSelector=app%3Dx',
    ]);
    expect(some.got.lines).toEqual(['nothing is measured']);
  });

  it('given nobody who measures, then it failed, and says what is missing', async () => {
    const { got } = await asking(() => failed(failure('absent', 'get', 'page not found')));
    expect(got.exit).toBe('failed');
    expect(got.lines[1]).toContain('nobody serves metrics.k8s.io');
  });

  it.each([
    [{ names: ['../x'] }, 'that is no name of an object'],
    [{ names: ['a'], namespace: '' }, 'the namespace is missing'],
  ])('given %j, then nothing is asked', async (request, why) => {
    const { got, paths } = await asking(() => list(), request);
    expect([paths, got.exit, got.lines[0]]).toEqual([[], 'failed', why]);
  });

  it('given an answer that is none, then it failed', async () => {
    expect((await asking(() => ok('<html>'))).got).toMatchObject({
      exit: 'failed',
      lines: ['the answer is not valid JSON'],
    });
  });
});
