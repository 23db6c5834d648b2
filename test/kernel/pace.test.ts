import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/kernel/journal.ts';
import { pace } from '../../src/kernel/pace.ts';
import { Store } from '../../src/kernel/store.ts';
import { milliseconds, revision } from '../../src/kernel/units.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

const started = () => {
  const clock = new FakeClock();
  const journal = new Journal({ clock });
  const store = new Store([]);
  const end = new AbortController();
  const folds: number[] = [];
  store.subscribe(() => folds.push(store.world().rev));
  const add = (n: number) => {
    for (let i = 0; i < n; i += 1) journal.append([{ kind: 'mark', label: 'x' }]);
  };
  return { clock, journal, store, end, folds, add };
};

describe('pace', () => {
  it('given the first entries, then they are folded without waiting', async () => {
    const { clock, journal, store, end, folds, add } = started();
    const done = pace({ journal, store, clock }, end.signal);
    add(3);
    await settle();
    expect(folds).toEqual([3]);
    end.abort();
    await done;
  });

  it('given a burst, then it costs one fold per 250 ms and none when it is over', async () => {
    const { clock, journal, store, end, folds, add } = started();
    const done = pace({ journal, store, clock }, end.signal);
    for (let ms = 0; ms < 1000; ms += 10) {
      add(1);
      await clock.advance(milliseconds(10));
    }
    expect(folds.length).toBeGreaterThanOrEqual(4);
    expect(folds.length).toBeLessThanOrEqual(5);
    await clock.advance(milliseconds(5000));
    expect(folds.at(-1)).toBe(100);
    expect(folds.length).toBeLessThanOrEqual(6);
    end.abort();
    await done;
  });

  it('given entries from before it started, then they are folded too', async () => {
    const { clock, journal, store, end, folds, add } = started();
    add(7);
    const done = pace({ journal, store, clock }, end.signal);
    await settle();
    expect(folds).toEqual([7]);
    end.abort();
    await done;
  });

  it('given an abort between folds, then what has arrived is not lost and nothing comes after', async () => {
    const { clock, journal, store, end, add } = started();
    const done = pace({ journal, store, clock }, end.signal);
    add(1);
    await settle();
    add(1);
    end.abort();
    await done;
    expect(store.world().rev).toBe(2);
    expect(clock.sleeping).toBe(0);
    add(1);
    expect(store.dirty).toBe(false);
  });

  it('given a store behind what the journal keeps, then it says so instead of folding a hole', async () => {
    const { clock, journal, store, end, add } = started();
    add(5);
    journal.compact(revision(3));
    await expect(pace({ journal, store, clock }, end.signal)).rejects.toThrow(/starts at 4/);
  });
});
