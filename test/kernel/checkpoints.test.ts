import { describe, expect, it } from 'vitest';
import { Checkpoints, keepCheckpoints } from '../../src/kernel/checkpoints.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { Store } from '../../src/kernel/store.ts';
import { bytes, kib, noRevision, type Revision, revision } from '../../src/kernel/units.ts';
import { emptyWorld, foldWorld, type World } from '../../src/kernel/world.ts';
import { FakeClock } from '../support/fake-clock.ts';

const world = (rev: number): World => ({ ...emptyWorld, rev: revision(rev) });
const revs = (c: Checkpoints) => c.worlds.map((w) => w.rev as number);

describe('checkpoints', () => {
  it('given worlds, then those far enough apart are kept, in order, whatever order they came in', () => {
    const kept = new Checkpoints(10);
    expect([10, 15, 40, 25, 39, 30].map((rev) => kept.offer(world(rev)))).toEqual([
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(revs(kept)).toEqual([10, 25, 40]);
  });

  it('given a revision, then the newest world not after it is found', () => {
    const kept = new Checkpoints(10);
    for (const rev of [10, 20, 30]) kept.offer(world(rev));
    expect([9, 10, 29, 99].map((r) => kept.before(revision(r))?.rev ?? null)).toEqual([
      null,
      10,
      20,
      30,
    ]);
  });

  it('given very many, then their number is bounded and the distances between them even', () => {
    const kept = new Checkpoints(10);
    for (let rev = 10; rev <= 20_000; rev += 10) kept.offer(world(rev));
    expect(kept.worlds.length).toBeLessThanOrEqual(8);
    const all = revs(kept);
    const gaps = all.slice(1).map((rev, i) => rev - (all[i] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps));
  });
});

describe('beside a journal', () => {
  it('given a long session, then the journal begins right after a kept world, and all since is told', () => {
    const clock = new FakeClock();
    const journal = new Journal({ clock, limit: bytes(10_000_000) });
    const store = new Store([]);
    const end = new AbortController();
    journal.watch(noRevision, (entries) => store.push(entries), end.signal);
    const kept = keepCheckpoints(journal, store, end.signal, kib(2000));
    for (let i = 0; i < 900; i += 1) {
      journal.append(Array.from({ length: 100 }, () => ({ kind: 'mark', label: 'x'.repeat(30) })));
      store.flush();
    }
    expect(journal.oldest).toBeGreaterThan(10_000);
    expect(journal.size).toBeLessThan(kib(4000));
    const asked = journal.read(noRevision);
    if (!('kind' in asked)) throw new Error('it should be compacted');
    const start = kept.before((asked.oldest - 1) as Revision);
    expect(start?.rev).toBe(asked.oldest - 1);
    const rest = journal.read(start?.rev ?? noRevision);
    if ('kind' in rest) throw new Error('it should not be compacted');
    expect(foldWorld(new Map(), start ?? emptyWorld, rest)).toEqual(store.world());
    end.abort();
  });
});
