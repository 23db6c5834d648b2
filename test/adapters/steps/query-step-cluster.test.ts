import { expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { Attention } from '../../../src/adapters/sources/attention.ts';
import { openSources } from '../../../src/adapters/sources/open-sources.ts';
import { failed, failure } from '../../../src/kernel/failure.ts';
import { noTls } from '../../../src/kernel/source-target.ts';
import { minutes } from '../../../src/kernel/units.ts';
import { describeWithMonitoring } from '../../cluster/monitoring/support.ts';
import { clientFor, resolvedFor } from '../../support/api-client.ts';
import { until } from '../../support/until.ts';

const nowhere = failed(failure('unreachable', 'test', 'there is no API server'));

describeWithMonitoring('a query to a Prometheus that is real', (monitoring) => {
  it('given one that is watched, when asked by its name or as the first, then it answers, and not after it is left', async () => {
    const { url } = await monitoring().prometheus({ rules: [] });
    const way = { kind: 'direct', url } as const;
    const sources = openSources({
      settings: {
        etcd: [],
        alertmanagers: [],
        prometheus: [{ name: 'main', way, auth: { kind: 'none' }, tls: noTls }],
        discover: false,
        etcdTls: noTls,
      },
      kubernetes: { get: async () => nowhere },
      client: clientFor(resolvedFor('http://127.0.0.1:1')),
      forward: async () => nowhere,
      clock: systemClock,
      random: () => 0.5,
      attention: new Attention(),
      version: 'test',
    });
    const end = new AbortController();
    const { signal } = new AbortController();
    const ask = (source: string, promql: string, over: ReturnType<typeof minutes> | null = null) =>
      sources.query(source, { promql, over }, signal);
    expect(await ask('', 'up')).toMatchObject({ ok: false, failure: { kind: 'misconfigured' } });
    const watched = sources.ports.prometheus.watch(() => {}, end.signal);
    await until('it is opened', async () => (await ask('main', 'vector(1)')).ok);

    expect(await ask('main', 'label_replace(vector(42), "pod", "x", "", "")')).toMatchObject({
      ok: true,
      value: { exit: 'ok', lines: ['VALUE  SERIES', '42     {pod="x"}'], values: [42] },
    });
    expect(await ask('', 'scalar(vector(7))')).toMatchObject({ value: { values: [7] } });
    expect(await ask('main', 'vector(3)', minutes(10))).toMatchObject({
      value: { exit: 'ok', lines: ['FIRST  LAST  SERIES', '3      3     {}'], values: [3] },
    });
    expect(await ask('main', 'nothing_is_called_so')).toMatchObject({
      value: { exit: 'ok', values: [] },
    });
    expect(await ask('main', 'sum(')).toMatchObject({
      value: { exit: 'failed', lines: [expect.stringContaining('parse error')] },
    });
    expect(await ask('other', 'up')).toMatchObject({ ok: false, failure: { on: 'other' } });

    end.abort();
    await watched;
    expect((await ask('main', 'up')).ok).toBe(false);
  });
});
