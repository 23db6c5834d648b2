import { describe, expect, it } from 'vitest';
import { liveFeed } from '../../src/adapters/live-feed.ts';
import type { Fact } from '../../src/kernel/fact.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { noSources } from '../../src/kernel/no-source.ts';
import type { KubernetesPort, Ports } from '../../src/kernel/ports.ts';
import { noRevision, seconds } from '../../src/kernel/units.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { type ToyProbe, toyProbe } from '../support/toy-probe.ts';

const untouchable = new Proxy({} as KubernetesPort, {
  get: (_, name) => {
    throw new Error(`port used: ${String(name)}`);
  },
});
const origin = { cluster: 'prod-eu', context: 'prod', by: 'ops' };

const start = (...probes: ToyProbe[]) => {
  const clock = new FakeClock();
  const journal = new Journal({ clock });
  const ports: Ports = { clock, kubernetes: untouchable, ...noSources };
  const end = new AbortController();
  const feed = liveFeed({ probes, ports, journal, origin, random: () => 1 });
  const done = feed.start(end.signal);
  const facts = () => {
    const all = journal.read(noRevision);
    return 'kind' in all ? [] : all.map((e) => e.fact);
  };
  return { clock, feed, end, done, facts };
};

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const steady = (name: string) =>
  toyProbe(name, async (_, emit, signal) => {
    emit([{ kind: 'observed', scope: '', data: { put: 'a', value: 1 } }]);
    emit([{ kind: 'synced', scope: '' }]);
    await untilAborted(signal);
  });

const failuresOf = (facts: readonly Fact[], probe: string) =>
  facts.filter((f) => f.kind === 'failed' && f.probe === probe);

describe('the live feed', () => {
  it('given a start, then `opened` comes first and every signal bears the name of its probe', async () => {
    const { end, done, facts } = start(steady('ants'), steady('bees'));
    await settle();
    expect(facts()).toEqual([
      { kind: 'opened', ...origin },
      { kind: 'observed', probe: 'ants', scope: '', data: { put: 'a', value: 1 } },
      { kind: 'synced', probe: 'ants', scope: '' },
      { kind: 'observed', probe: 'bees', scope: '', data: { put: 'a', value: 1 } },
      { kind: 'synced', probe: 'bees', scope: '' },
    ]);
    end.abort();
    await done;
  });

  it('given a probe that says it is another, then it is not believed', async () => {
    const liar = toyProbe('liar', async (_, emit, signal) => {
      const said = { kind: 'heard' as const, scope: '', probe: 'pods' };
      emit([said]);
      await untilAborted(signal);
    });
    const { end, done, facts } = start(liar);
    await settle();
    expect(facts().at(-1)).toEqual({ kind: 'heard', scope: '', probe: 'liar' });
    end.abort();
    await done;
  });

  it('given a probe that throws, then it alone fails, and starts again after longer and longer waits', async () => {
    const starts: number[] = [];
    const broken = toyProbe('broken', async (ports) => {
      starts.push(ports.clock.now());
      throw new Error('no such thing');
    });
    const { clock, end, done, facts } = start(broken, steady('well'));
    await clock.advance(seconds(120));
    const waits = starts.slice(1).map((at, i) => (at - (starts[i] as number)) / 1000);
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(failuresOf(facts(), 'broken').length).toBe(starts.length);
    expect(failuresOf(facts(), 'broken')[0]).toMatchObject({
      scope: '',
      failure: { kind: 'broken', op: 'observe broken', message: 'broken: no such thing' },
    });
    expect(failuresOf(facts(), 'well')).toEqual([]);
    end.abort();
    await done;
  });

  it('given a failure after a long quiet run, then the wait is short again', async () => {
    const starts: number[] = [];
    const moody = toyProbe('moody', async (ports, _, signal) => {
      starts.push(ports.clock.now());
      if (starts.length === 4) await ports.clock.sleep(seconds(300), signal);
    });
    const { clock, end, done } = start(moody);
    await clock.advance(seconds(310));
    expect(starts.slice(3, 5).map((at) => (at - (starts[0] as number)) / 1000)).toEqual([7, 308]);
    end.abort();
    await done;
  });

  it('given a probe of two namespaces that ends early, then both have failed and no third does', async () => {
    let runs = 0;
    const scoped = toyProbe('scoped', async (_, emit, signal) => {
      runs += 1;
      emit([
        { kind: 'synced', scope: 'a' },
        { kind: 'synced', scope: 'b' },
      ]);
      if (runs > 1) await untilAborted(signal);
    });
    const { clock, end, done, facts } = start(scoped);
    await clock.advance(seconds(2));
    expect(failuresOf(facts(), 'scoped')).toMatchObject([
      { scope: 'a', failure: { kind: 'ended' } },
      { scope: 'b', failure: { kind: 'ended' } },
    ]);
    expect(runs).toBe(2);
    end.abort();
    await done;
  });

  it('given work that a failed run left behind, then its signal ends it and it is not heard', async () => {
    let leftover: ((value: number) => void) | undefined;
    let leftoverSignal: AbortSignal | undefined;
    const leaky = toyProbe('leaky', async (_, emit, signal) => {
      if (leftover !== undefined) return untilAborted(signal);
      leftoverSignal = signal;
      leftover = (value) => emit([{ kind: 'observed', scope: '', data: { put: 'late', value } }]);
      throw new Error('left');
    });
    const { clock, end, done, facts } = start(leaky);
    await clock.advance(seconds(5));
    expect(leftoverSignal?.aborted).toBe(true);
    leftover?.(1);
    expect(facts().some((f) => f.kind === 'observed')).toBe(false);
    end.abort();
    await done;
  });

  it('given an abort, then it ends without another fact and leaves no timer', async () => {
    const broken = toyProbe('broken', async () => {
      throw new Error('x');
    });
    const { clock, end, done, facts } = start(steady('well'), broken);
    await settle();
    const before = facts().length;
    end.abort();
    await done;
    await clock.advance(seconds(60));
    expect([facts().length, clock.sleeping]).toEqual([before, 0]);
  });

  it('given now, then it is the time of the clock', () => {
    const { clock, feed, end } = start();
    end.abort();
    expect(feed.now()).toBe(clock.now());
  });
});
