import { describe, expect, it } from 'vitest';
import { IngestHost } from '../../../src/adapters/kubernetes/ingest-host.ts';
import type { FromWorker } from '../../../src/adapters/kubernetes/worker-port.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { failed, failure, ok } from '../../../src/kernel/failure.ts';
import { noSources } from '../../../src/kernel/no-source.ts';
import type { KubernetesPort } from '../../../src/kernel/ports.ts';
import { milliseconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const put = (name: string, created = 0): Signal => ({
  kind: 'observed',
  scope: '',
  data: { put: { name, namespace: '', uid: '', created } },
});

/** Until its signal aborts. */
const lasting = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const start = (port: Partial<KubernetesPort> = {}, sources: Partial<typeof noSources> = {}) => {
  const clock = new FakeClock();
  const posted: FromWorker[] = [];
  const ended: string[] = [];
  let tell: (signals: readonly Signal[]) => void = () => {};
  const kubernetes: KubernetesPort = {
    watch: async (kind, emit, signal) => {
      tell = emit as (signals: readonly Signal[]) => void;
      await lasting(signal);
      ended.push(kind);
    },
    watchTable: (_, __, ___, signal) => lasting(signal),
    link: (_, signal) => lasting(signal),
    get: async (path) => ok(path),
    probe: async () => ok({ status: 500, body: 'no' }),
    discover: async () => ok([]),
    may: async () => ok(true),
    ...port,
  };
  const stop = new AbortController();
  const attended: boolean[] = [];
  const host = new IngestHost(
    {
      kubernetes,
      sources: { ...noSources, ...sources },
      attend: (near) => attended.push(near),
      query: async (source) =>
        failed(failure('misconfigured', 'query', `nothing called ${source}`)),
    },
    clock,
    (message) => posted.push(message),
    stop.signal,
  );
  const batches = () =>
    posted.flatMap((m) =>
      m.kind === 'batch' ? [m.batches.flatMap(({ signals }) => signals)] : [],
    );
  return { clock, posted, ended, attended, host, stop, batches, tell: (...s: Signal[]) => tell(s) };
};

const watching = () => {
  const running = start();
  running.host.receive({ kind: 'start', id: 1, watch: { kind: 'watch', resource: 'pods' } });
  return running;
};

describe('handing over', () => {
  it('given nobody asks, when much is told, then nothing is posted', async () => {
    const { host, tell, clock, batches } = watching();
    for (let i = 0; i < 100; i += 1) tell(put('a', i));
    await clock.advance(milliseconds(10_000));
    expect(batches()).toEqual([]);
    host.receive({ kind: 'pull' });
    expect(batches()).toEqual([[put('a', 99)]]);
  });

  it('given it was asked, when the first news comes, then at once; then a burst is collected for 100 ms', async () => {
    const { host, tell, clock, batches } = watching();
    host.receive({ kind: 'pull' });
    tell(put('a'));
    expect(batches()).toHaveLength(1);
    host.receive({ kind: 'pull' });
    tell(put('a', 1));
    await clock.advance(milliseconds(50));
    tell(put('b'), put('a', 2));
    expect(batches()).toHaveLength(1);
    await clock.advance(milliseconds(50));
    expect(batches()[1]).toEqual([put('a', 2), put('b')]);
  });

  it('given one pull, when more comes later, then no second batch is posted', async () => {
    const { host, tell, clock, batches } = watching();
    host.receive({ kind: 'pull' });
    tell(put('a'));
    tell(put('b'));
    await clock.advance(milliseconds(1000));
    expect(batches()).toHaveLength(1);
  });

  it('given a full batch is waiting, when it is asked, then it is handed over without collecting', () => {
    const { host, tell, batches } = watching();
    tell(...Array.from({ length: 5000 }, (_, i) => put(`p${i}`)));
    for (let i = 0; i < 2; i += 1) host.receive({ kind: 'pull' });
    expect(batches().map(({ length }) => length)).toEqual([2000, 2000]);
  });
});

describe('calls', () => {
  it('given a stop, when the watch was running, then it ends and what waits is dropped', async () => {
    const { host, tell, ended, batches } = watching();
    tell(put('a'));
    host.receive({ kind: 'stop', id: 1 });
    await settle();
    host.receive({ kind: 'pull' });
    expect(ended).toEqual(['pods']);
    expect(batches()).toEqual([]);
  });

  it('given a watch that throws, when it does, then it is told, what waits is dropped, and it starts again', async () => {
    let times = 0;
    const { host, posted, clock, batches } = start({
      watch: async (_, emit, signal) => {
        times += 1;
        emit([{ kind: 'synced', scope: '' }]);
        if (times === 1) throw new Error('a bug');
        await lasting(signal);
      },
    });
    host.receive({ kind: 'start', id: 1, watch: { kind: 'watch', resource: 'pods' } });
    await settle();
    host.receive({ kind: 'pull' });
    expect(posted).toMatchObject([{ kind: 'broke', id: 1, failure: { message: 'a bug' } }]);
    await clock.advance(milliseconds(30_000));
    expect(batches()).toEqual([[{ kind: 'synced', scope: '' }]]);
  });

  it('given a source, when it is asked for, then what it tells is handed over like any other watch', async () => {
    const told: Signal = {
      kind: 'failed',
      scope: 'am',
      failure: failure('timeout', 'poll', 'late'),
    };
    const { host, batches, attended } = start(
      {},
      {
        alerts: {
          watch: async (emit, signal) => {
            emit([told as Signal<never>]);
            await lasting(signal);
          },
        },
      },
    );
    host.receive({ kind: 'attend', near: false });
    host.receive({ kind: 'start', id: 3, watch: { kind: 'source', source: 'alerts' } });
    await settle();
    host.receive({ kind: 'pull' });
    expect(batches()).toEqual([[told]]);
    expect(attended).toEqual([false]);
  });

  it('given questions, when they are answered, then under their numbers', async () => {
    const { host, posted } = start();
    host.receive({ kind: 'ask', id: 7, request: { kind: 'get', path: '/version' } });
    host.receive({ kind: 'ask', id: 8, request: { kind: 'probe', path: '/readyz' } });
    const query = { promql: 'up', over: null };
    host.receive({ kind: 'ask', id: 9, request: { kind: 'query', source: 'p', query } });
    await settle();
    expect(posted).toEqual([
      { kind: 'answer', id: 7, result: ok('/version') },
      { kind: 'answer', id: 8, result: ok({ status: 500, body: 'no' }) },
      {
        kind: 'answer',
        id: 9,
        result: failed(failure('misconfigured', 'query', 'nothing called p')),
      },
    ]);
  });
});
