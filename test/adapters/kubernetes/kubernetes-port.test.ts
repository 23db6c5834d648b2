import { describe, expect, it } from 'vitest';
import { workerKubernetes } from '../../../src/adapters/kubernetes/kubernetes-port.ts';
import type {
  FromWorker,
  IngestThread,
  ToWorker,
} from '../../../src/adapters/kubernetes/worker-port.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import type { LinkBeat } from '../../../src/kernel/ports.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

/** The other side, played by the test. */
class FakeThread implements IngestThread {
  readonly got: ToWorker[] = [];
  say: (message: FromWorker) => void = () => {};
  die: (why: string) => void = () => {};
  terminated = false;
  post(message: ToWorker): void {
    this.got.push(message);
  }
  listen(heard: (message: FromWorker) => void, ended: (why: string) => void): void {
    this.say = heard;
    this.die = ended;
  }
  async terminate(): Promise<void> {
    this.terminated = true;
  }
  tell(watch: number, ...signals: readonly Signal[]): void {
    this.say({ kind: 'batch', batches: [{ watch, signals }] });
  }
}

const put = (name: string, namespace = ''): Signal => ({
  kind: 'observed',
  scope: '',
  data: { put: { name, namespace, uid: name, created: 0 } },
});
const synced: Signal = { kind: 'synced', scope: '' };

const stop = new AbortController();

const start = () => {
  const threads: FakeThread[] = [];
  const clock = new FakeClock();
  const kubernetes = workerKubernetes({
    clock,
    random: () => 0.5,
    start: () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread;
    },
  });
  const words: string[] = [];
  const emit = (signals: readonly Signal[]) => {
    for (const s of signals) {
      const data =
        s.kind === 'observed' ? (s.data as { put?: { name: string }; del?: string }) : null;
      words.push(data === null ? s.kind : data.put ? `+${data.put.name}` : `-${data.del}`);
    }
  };
  return { threads, clock, ...kubernetes, words, emit };
};

const only = (threads: readonly FakeThread[], i = 0): FakeThread => {
  const thread = threads[i];
  if (thread === undefined) throw new Error(`thread ${i} was not started`);
  return thread;
};

describe('pulling', () => {
  it('given a batch, when it has been given on, then the next one is asked for, and not before', () => {
    const { threads, port, words, emit } = start();
    const thread = only(threads);
    void port.watch('pods', emit, stop.signal);
    expect(thread.got).toEqual([
      { kind: 'pull' },
      { kind: 'start', id: 1, watch: { kind: 'watch', resource: 'pods' } },
    ]);
    thread.tell(1, put('a'), synced);
    expect(words).toEqual(['+a', 'synced']);
    expect(thread.got.at(-1)).toEqual({ kind: 'pull' });
    expect(thread.got).toHaveLength(3);
  });

  it('given a watch that was aborted, when more of it arrives, then nobody hears it', async () => {
    const { threads, port, words, emit } = start();
    const thread = only(threads);
    const end = new AbortController();
    const done = port.watch('pods', emit, end.signal);
    end.abort();
    await done;
    expect(thread.got.at(-1)).toEqual({ kind: 'stop', id: 1 });
    thread.tell(1, put('a'));
    expect(words).toEqual([]);
  });
});

describe('attending', () => {
  it('given nobody looks at alerts, when the worker is started again, then it knows', async () => {
    const { threads, clock, attend } = start();
    attend(false);
    expect(only(threads).got.at(-1)).toEqual({ kind: 'attend', near: false });
    only(threads).die('out of memory');
    await settle();
    await clock.advance(seconds(1));
    expect(only(threads, 1).got).toContainEqual({ kind: 'attend', near: false });
  });

  it('given a source, when it is watched, then it is a watch like any other', () => {
    const { threads, sources, words, emit } = start();
    void sources.etcd.watch(emit, stop.signal);
    expect(only(threads).got.at(-1)).toEqual({
      kind: 'start',
      id: 1,
      watch: { kind: 'source', source: 'etcd' },
    });
    only(threads).tell(1, synced);
    expect(words).toEqual(['synced']);
  });
});

describe('asking', () => {
  it('given two requests, when answers come in the other order, then each gets its own', async () => {
    const { threads, port } = start();
    const [a, b] = [port.get('/a', stop.signal), port.get('/b', stop.signal)];
    only(threads).say({ kind: 'answer', id: 2, result: { ok: true, value: 'B' } });
    only(threads).say({ kind: 'answer', id: 1, result: { ok: true, value: 'A' } });
    expect(await Promise.all([a, b])).toEqual([
      { ok: true, value: 'A' },
      { ok: true, value: 'B' },
    ]);
  });

  it('given a request that is aborted, when it was under way, then it fails at once and the worker is told', async () => {
    const { threads, port } = start();
    const end = new AbortController();
    const asked = port.get('/slow', end.signal);
    end.abort();
    expect(await asked).toMatchObject({ ok: false, failure: { kind: 'ended' } });
    expect(only(threads).got.at(-1)).toEqual({ kind: 'stop', id: 1 });
  });
});

describe('a worker that ends', () => {
  it('given running watches, when it ends, then every one fails and is started again in another', async () => {
    const { threads, clock, port, words, emit } = start();
    const beats: LinkBeat[] = [];
    void port.watch('pods', emit, stop.signal);
    void port.link((beat) => beats.push(beat), stop.signal);
    only(threads).tell(1, put('a'), synced);
    const asked = port.get('/x', stop.signal);
    words.length = 0;
    only(threads).die('out of memory');
    await settle();
    expect(words).toEqual(['failed']);
    expect(beats).toMatchObject([{ kind: 'missed' }]);
    expect(await asked).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('out of memory') },
    });
    await clock.advance(seconds(1));
    expect(threads).toHaveLength(2);
    expect(only(threads, 1).got).toEqual([
      { kind: 'start', id: 1, watch: { kind: 'watch', resource: 'pods' } },
      { kind: 'start', id: 2, watch: { kind: 'link' } },
      { kind: 'pull' },
    ]);
  });

  it('given objects that were deleted meanwhile, when the new one is synced, then they are deleted before', async () => {
    const { threads, clock, port, words, emit } = start();
    void port.watch('pods', emit, stop.signal);
    only(threads).tell(1, put('a'), put('b'), put('c'), synced);
    only(threads).die('crash');
    await clock.advance(seconds(1));
    words.length = 0;
    only(threads, 1).tell(1, put('b'), put('d'), synced);
    expect(words).toEqual(['+b', '+d', '-a', '-c', 'synced']);
  });

  it('given one that ends again and again, when ten minutes pass, then it is started every 30 s at most', async () => {
    const { threads, clock } = start();
    let dead: FakeThread | undefined;
    for (let i = 0; i < 600; i += 1) {
      const thread = only(threads, threads.length - 1);
      if (thread !== dead) thread.die('crash');
      dead = thread;
      await clock.advance(seconds(1));
    }
    expect(threads.length).toBeGreaterThan(20);
    expect(threads.length).toBeLessThan(32);
  });

  it('given it is closed, when time passes, then none is started any more', async () => {
    const { threads, clock, close } = start();
    only(threads).die('crash');
    await close();
    await clock.advance(minutes(1));
    expect(threads).toHaveLength(1);
  });
});
