import { afterEach, describe, expect, it } from 'vitest';
import { directHttp } from '../../../src/adapters/http/direct.ts';
import { monitoringGuard } from '../../../src/adapters/http/monitoring-guard.ts';
import { queryPath, queryStep } from '../../../src/adapters/steps/query-step.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { minutes } from '../../../src/kernel/units.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  json,
  type MonitoringAnswer,
  startScriptedMonitoring,
} from '../../support/scripted-monitoring.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const { signal } = new AbortController();

const asking = async (answer: MonitoringAnswer, promql = 'up', over: number | null = null) => {
  const server = await startScriptedMonitoring();
  const clock = new FakeClock();
  server.answers.set(over === null ? '/api/v1/query' : '/api/v1/query_range', answer);
  const http = directHttp({
    way: { kind: 'direct', url: server.url },
    auth: { kind: 'none' },
    tls: noTls,
    clock,
    version: '0',
    guard: monitoringGuard,
  });
  ends.push(
    () => http.close(),
    () => server.close(),
  );
  const range = over === null ? null : minutes(over);
  const got = await queryStep(http, clock, { promql, over: range }, signal);
  return { got, requests: server.requests, url: server.url };
};

const vector = (...result: readonly unknown[]): MonitoringAnswer =>
  json({ status: 'success', data: { resultType: 'vector', result } });
const one = (instance: string, value: string) => ({
  metric: { __name__: 'up', instance },
  value: [1, value],
});

describe('a query step', () => {
  it('given series, when asked, then they are a table, numbers and data', async () => {
    const { got, requests, url } = await asking(vector(one('a:1', '1'), one('b:1', '0')));
    expect(got).toMatchObject({
      asked: `GET ${url}/api/v1/query: up`,
      exit: 'ok',
      lines: ['VALUE  SERIES', '1      up{instance="a:1"}', '0      up{instance="b:1"}'],
      values: [1, 0],
      truncated: false,
    });
    expect(got.data).toEqual([
      { metric: { __name__: 'up', instance: 'a:1' }, value: '1' },
      { metric: { __name__: 'up', instance: 'b:1' }, value: '0' },
    ]);
    expect(requests).toEqual(['/api/v1/query?query=up&timeout=10s&limit=101']);
  });

  it('given nothing, NaN, or a number alone, when asked, then it is said, and only numbers are values', async () => {
    const { got: none } = await asking(vector());
    expect(none).toMatchObject({
      exit: 'ok',
      values: [],
      lines: [expect.stringContaining('no series')],
    });
    const { got: odd } = await asking(vector(one('a', 'NaN'), one('b', '+Inf'), one('c', '2')));
    expect(odd).toMatchObject({ values: [2], truncated: false });
    const scalar = json({ status: 'success', data: { resultType: 'scalar', result: [1, '42'] } });
    expect((await asking(scalar)).got).toMatchObject({
      values: [42],
      lines: ['VALUE  SERIES', '42     scalar'],
    });
  });

  it('given more series than are shown, when asked, then it says that it is cut', async () => {
    const { got } = await asking(
      vector(...Array.from({ length: 101 }, (_, i) => one(`i${i}`, '1'))),
    );
    expect(got.truncated).toBe(true);
    expect(got.values).toHaveLength(100);
    expect(got.lines.at(-1)).toBe('more than 100 series; the others are left out');
  });

  it('given a range, when asked, then the first and the last value of each series are shown', async () => {
    const result = [
      {
        metric: { pod: 'x' },
        values: [
          [1, '3'],
          [2, '4'],
          [3, '9'],
        ],
      },
    ];
    const matrix = json({
      status: 'success',
      warnings: ['slow'],
      data: { resultType: 'matrix', result },
    });
    const { got, requests } = await asking(matrix, 'rate(x[5m])', 30);
    expect(got.lines).toEqual(['FIRST  LAST  SERIES', '3      9     {pod="x"}', 'warning: slow']);
    expect(got.values).toEqual([9]);
    expect(requests[0]).toMatch(
      /^\/api\/v1\/query_range\?query=rate\(x%5B5m%5D\)&timeout=10s&limit=101&start=[\d.]+&end=[\d.]+&step=30$/,
    );
  });

  it('given a refusal, a page, or an endless answer, when asked, then that is the evidence', async () => {
    const refused: MonitoringAnswer = {
      kind: 'raw',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'error', error: 'parse error: unexpected end' }),
    };
    expect((await asking(refused)).got).toMatchObject({
      exit: 'failed',
      lines: ['parse error: unexpected end'],
    });
    const page: MonitoringAnswer = {
      kind: 'raw',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html>log in</html>',
    };
    expect((await asking(page)).got.exit).toBe('failed');
    const endless = vector(one('x'.repeat(2 << 20), '1'));
    expect((await asking(endless)).got.lines[0]).toBe('the answer is longer than 1.0 MiB');
    expect((await asking(json({ status: 'success', data: {} }))).got.lines[0]).toBe(
      'it answers, but not as a Prometheus does',
    );
  });

  it('given an empty or endless query, when asked, then nothing is sent', async () => {
    const { got, requests } = await asking(vector(), ' ');
    expect(got).toMatchObject({ exit: 'failed', lines: ['the query is empty'] });
    expect(requests).toEqual([]);
    expect((await asking(vector(), 'x'.repeat(8001))).requests).toEqual([]);
  });

  it('given any text as a query, when it is made a request, then it stays one parameter of one path', () => {
    for (const promql of ['a&b=c', 'x#y', '../../admin', '"\\\n', 'ü{}']) {
      const url = new URL(queryPath({ promql, over: null }, 0), 'http://p');
      expect(url.pathname).toBe('/api/v1/query');
      expect([...url.searchParams.keys()]).toEqual(['query', 'timeout', 'limit']);
      expect(url.searchParams.get('query')).toBe(promql);
    }
  });

  it('given other paths or POST, when a Prometheus is asked, then there is no such request', () => {
    for (const path of [
      '/api/v1/admin/tsdb/delete_series',
      '/-/reload',
      '/-/quit',
      '/api/v1/write',
    ]) {
      expect(monitoringGuard('GET', path)).not.toBeNull();
    }
    expect(monitoringGuard('POST', '/api/v1/query')).not.toBeNull();
  });
});
