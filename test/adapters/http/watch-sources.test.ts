import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchSources } from '../../../src/adapters/http/watch-sources.ts';
import type { Signal } from '../../../src/kernel/fact.ts';
import { failed, failure, ok, type Result } from '../../../src/kernel/failure.ts';
import { noSource } from '../../../src/kernel/no-source.ts';
import { noTls, type SourceTarget, type SourceWay } from '../../../src/kernel/source-target.ts';
import { minutes, seconds } from '../../../src/kernel/units.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const targetOf = (name: string, way?: SourceWay): SourceTarget => ({
  name,
  way: way ?? {
    kind: 'service',
    namespace: 'm',
    name: name.replace('m/', ''),
    port: 'web',
    scheme: 'http',
    path: '',
  },
  auth: { kind: 'none' },
  tls: noTls,
});
const direct = (url: string): SourceWay => ({ kind: 'direct', url });

describe('watchSources', () => {
  let clock: FakeClock;
  let stop: AbortController;
  let said: Signal<string>[];
  let looks: number;
  let found: Result<readonly SourceTarget[]>;
  let tell: Map<string, (signals: readonly Signal<string>[]) => void>;
  let running: Promise<void>;
  beforeEach(() => {
    clock = new FakeClock();
    stop = new AbortController();
    said = [];
    looks = 0;
    found = ok([]);
    tell = new Map();
  });
  afterEach(async () => {
    stop.abort();
    await running;
    expect(clock.sleeping).toBe(0);
  });

  const watch = async (named: readonly SourceTarget[] = [], discover = true): Promise<void> => {
    running = watchSources<string>(
      {
        named,
        find: discover
          ? async () => {
              looks += 1;
              return found;
            }
          : null,
        watch: async (target, emit, signal) => {
          tell.set(target.name, emit);
          await noSource.watch(() => {}, signal);
          tell.delete(target.name);
        },
        left: 'left',
        clock,
      },
      (signals) => said.push(...signals),
      stop.signal,
    );
    await settle();
  };
  const watched = () => [...tell.keys()].sort();

  it('given nothing named and nothing to look for, when watched, then nothing is said', async () => {
    await watch([], false);
    await clock.advance(minutes(30));
    expect(said).toEqual([]);
  });

  it('given named ones, when others are looked for, then both are watched, and the same one is not watched twice', async () => {
    found = ok([
      targetOf('m/named'),
      targetOf('m/other'),
      targetOf('m/service'),
      targetOf('m/by-dns'),
      targetOf('m/pod'),
    ]);
    await watch([
      targetOf('m/named', direct('http://10.0.0.1:9093')),
      targetOf('mine', targetOf('m/service').way),
      targetOf('dns', direct('http://by-dns.m.svc.cluster.local:9093/x')),
    ]);
    expect(watched()).toEqual(['dns', 'm/named', 'm/other', 'm/pod', 'mine']);
  });

  it('given ones that have not answered yet, when the search has ended, then they are waited for', async () => {
    found = ok([targetOf('m/found')]);
    await watch([targetOf('mine', direct('http://10.0.0.1:9093'))]);
    expect(said).toEqual([
      { kind: 'gap', scope: 'mine', why: 'not answered yet' },
      { kind: 'gap', scope: 'm/found', why: 'not answered yet' },
      { kind: 'synced', scope: '' },
    ]);
  });

  it('given none, when one comes, then it is found within a minute; then the search rests for ten', async () => {
    await watch();
    expect(said).toEqual([{ kind: 'synced', scope: '' }]);
    found = ok([targetOf('m/a')]);
    await clock.advance(seconds(60));
    expect(watched()).toEqual(['m/a']);
    expect(looks).toBe(2);
    tell.get('m/a')?.([{ kind: 'synced', scope: 'm/a' }]);
    await clock.advance(minutes(9));
    expect(looks).toBe(2);
    await clock.advance(minutes(1));
    expect(looks).toBe(3);
  });

  it('given one that fails, when it has another name by then, then that is found within a minute, and the old one is left', async () => {
    found = ok([targetOf('m/a')]);
    await watch();
    tell.get('m/a')?.([
      { kind: 'failed', scope: 'm/a', failure: failure('unreachable', 'get', 'gone') },
    ]);
    found = ok([targetOf('m/b')]);
    await clock.advance(minutes(1));
    expect(watched()).toEqual(['m/b']);
    expect(said).toContainEqual({ kind: 'observed', scope: 'm/a', data: 'left' });
  });

  it('given one whose way has changed, when found again, then it is watched anew, and not left', async () => {
    found = ok([targetOf('m/a')]);
    await watch();
    const before = tell.get('m/a');
    found = ok([targetOf('m/a', { ...targetOf('m/a').way, scheme: 'https' } as SourceWay)]);
    await clock.advance(minutes(10));
    expect(tell.get('m/a')).not.toBe(before);
    expect(said.some((s) => s.kind === 'observed')).toBe(false);
  });

  it('given no right to look, when it is refused again and again, then it is said once; and what is known stays', async () => {
    found = ok([targetOf('m/a')]);
    await watch();
    found = failed(failure('forbidden', 'get', 'no'));
    await clock.advance(minutes(20));
    expect(said.filter((s) => s.kind === 'failed')).toHaveLength(1);
    expect(watched()).toEqual(['m/a']);
    found = ok([targetOf('m/a')]);
    await clock.advance(minutes(1));
    expect(said.filter((s) => s.kind === 'synced')).toHaveLength(2);
  });

  it('given a search that found nothing, when time passes, then it says that it is alive', async () => {
    await watch();
    said.length = 0;
    await clock.advance(seconds(45));
    expect(said).toEqual(Array.from({ length: 3 }, () => ({ kind: 'heard', scope: '' })));
  });

  it('given a watch that throws, when watched, then all others end and it is thrown on', async () => {
    let ended = false;
    const source = watchSources<string>(
      {
        named: [targetOf('m/a'), targetOf('m/b')],
        find: null,
        watch: async (target, _, signal) => {
          if (target.name === 'm/a') throw new Error('a bug');
          await noSource.watch(() => {}, signal);
          ended = true;
        },
        left: 'left',
        clock,
      },
      () => {},
      stop.signal,
    );
    running = Promise.resolve();
    await expect(source).rejects.toThrow('a bug');
    expect(ended).toBe(true);
  });
});
