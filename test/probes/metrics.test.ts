import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/kernel/fact.ts';
import { epochMs, revision, seconds } from '../../src/kernel/units.ts';
import {
  type MetricsData,
  type MetricsState,
  metrics,
  readMetrics,
} from '../../src/probes/metrics.ts';
import { type ScriptedAnswer, scriptedPorts } from '../support/scripted-port.ts';

const base = '/apis/metrics.k8s.io/v1beta1';
const item = (
  name: string,
  ...containers: readonly (readonly [cpu: string, memory: string])[]
) => ({
  metadata: { name, namespace: 'shop' },
  containers: containers.map(([cpu, memory]) => ({ name: 'c', usage: { cpu, memory } })),
});
const list = (...items: readonly object[]): ScriptedAnswer => ({
  status: 200,
  body: JSON.stringify({ kind: 'PodMetricsList', items }),
});
const mi = 1024 * 1024;

describe('readMetrics', () => {
  it('given containers, when read, then they are added up, in three digits', () => {
    const read = readMetrics(list(item('a', ['123456n', '1024Ki'], ['1', '2Gi'])).body);
    expect(read?.get('shop/a')).toEqual({ cpu: 1000, memory: expect.any(Number) });
    expect(Math.abs((read?.get('shop/a')?.memory ?? 0) - 2049 * mi)).toBeLessThan(10 * mi);
  });

  it('given a node, when read, then its own usage counts', () => {
    const body = JSON.stringify({
      items: [{ metadata: { name: 'n' }, usage: { cpu: '250m', memory: '5Mi' } }],
    });
    expect(readMetrics(body)).toEqual(new Map([['n', { cpu: 250, memory: 5 * mi }]]));
  });

  it.each(['', '{', '[]', '{"items":[{}]}'])('given %j, when read, then it is nothing', (body) => {
    expect(readMetrics(body)).toBeNull();
  });
});

describe('metrics', () => {
  const begin = (answers: Map<string, ScriptedAnswer>) => {
    const { clock, ports } = scriptedPorts(answers);
    const signals: Signal<MetricsData>[] = [];
    const stop = new AbortController();
    const ended = metrics.observe(ports, (more) => signals.push(...more), stop.signal);
    const state = (): MetricsState =>
      metrics.fold(
        metrics.empty,
        signals.flatMap((signal, i) =>
          signal.kind === 'observed'
            ? [
                {
                  rev: revision(i + 1),
                  at: epochMs(0),
                  scope: '',
                  settled: true,
                  data: signal.data,
                },
              ]
            : [],
        ),
      ).state;
    return { clock, signals, state, stop, ended };
  };

  it('given polls that change, when folded, then the state is that of the last poll, and nothing is a change', async () => {
    const answers = new Map([
      [`${base}/nodes`, list()],
      [
        `${base}/pods`,
        list(item('a', ['10m', '10Mi']), item('b', ['20m', '20Mi']), item('c', ['1m', '1Mi'])),
      ],
    ]);
    const { clock, signals, state, stop, ended } = begin(answers);
    await clock.advance(seconds(0));
    expect([...state().pods.keys()]).toEqual(['shop/a', 'shop/b', 'shop/c']);
    answers.set(`${base}/pods`, list(item('a', ['10m', '10Mi']), item('b', ['21m', '20Mi'])));
    await clock.advance(seconds(30));
    const last = signals.findLast((signal) => signal.kind === 'observed');
    expect(last).toMatchObject({
      data: {
        whole: false,
        pods: { put: [['shop/b', 21, 20 * mi]], del: ['shop/c'] },
        nodes: { put: [], del: [] },
      },
    });
    expect(state().pods).toEqual(
      new Map([
        ['shop/a', { cpu: 10, memory: 10 * mi }],
        ['shop/b', { cpu: 21, memory: 20 * mi }],
      ]),
    );
    const before = signals.length;
    await clock.advance(seconds(30));
    expect(signals.slice(before).map(({ kind }) => kind)).toEqual(['synced']);
    stop.abort();
    await ended;
  });

  it.each([404, 503])(
    'given HTTP %i, when polled, then it is quietly absent, and comes when it is served',
    async (status) => {
      const answers = new Map<string, ScriptedAnswer>([
        [`${base}/nodes`, { status, body: 'no' }],
        [`${base}/pods`, { status, body: 'no' }],
      ]);
      const { clock, signals, state, stop, ended } = begin(answers);
      await clock.advance(seconds(0));
      expect(signals.map(({ kind }) => kind)).toEqual(['observed', 'synced']);
      expect(state()).toEqual(metrics.empty);
      answers.set(`${base}/nodes`, list());
      answers.set(`${base}/pods`, list(item('a', ['10m', '10Mi'])));
      await clock.advance(seconds(30));
      expect(state()).toMatchObject({ served: true });
      expect(state().pods.size).toBe(1);
      stop.abort();
      await ended;
    },
  );

  it('given 403, when polled, then it is a failure with a hint', async () => {
    const answers = new Map<string, ScriptedAnswer>([
      [`${base}/nodes`, { status: 403, body: 'forbidden' }],
      [`${base}/pods`, list()],
    ]);
    const { clock, signals, stop, ended } = begin(answers);
    await clock.advance(seconds(0));
    expect(signals).toMatchObject([
      {
        kind: 'failed',
        failure: { kind: 'forbidden', hint: expect.stringContaining('metrics.k8s.io') },
      },
    ]);
    stop.abort();
    await ended;
  });

  it('given a state, when saved as JSON and loaded, then it is the same; wrong data are refused', () => {
    const state: MetricsState = metrics.fold(metrics.empty, [
      {
        rev: revision(1),
        at: epochMs(0),
        scope: '',
        settled: true,
        data: {
          served: true,
          whole: true,
          nodes: { put: [['n', 1, 2]], del: [] },
          pods: { put: [], del: [] },
        },
      },
    ]).state;
    expect(metrics.load(JSON.parse(JSON.stringify(metrics.save(state))))).toEqual(state);
    expect(metrics.schema.safeParse({ served: true }).success).toBe(false);
    expect(metrics.schema.safeParse({ served: false }).success).toBe(true);
  });
});
