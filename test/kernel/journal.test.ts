import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Fact } from '../../src/kernel/fact.ts';
import { Journal } from '../../src/kernel/journal.ts';
import { bytes, type EpochMs, epochMs, noRevision, revision } from '../../src/kernel/units.ts';

const mark = (label: string): Fact => ({ kind: 'mark', label });
const live = () => new AbortController().signal;

/** A clock that moves by a second each time it is read. */
const ticking = () => {
  let now = 0;
  return {
    now: (): EpochMs => {
      now += 1000;
      return epochMs(now);
    },
  };
};
const newJournal = (limit?: number) =>
  new Journal({ clock: ticking(), ...(limit === undefined ? {} : { limit: bytes(limit) }) });

const revs = (entries: readonly Entry[]) => entries.map((e) => e.rev as number);
const kept = (journal: Journal, after = 0) => {
  const read = journal.read(revision(after));
  if ('kind' in read) throw new Error(`compacted, oldest ${read.oldest}`);
  return read;
};

describe('revisions', () => {
  it('given an empty journal, then its head is 0, its oldest is 1 and there is nothing to read', () => {
    const journal = newJournal();
    expect([journal.head, journal.oldest, journal.size]).toEqual([0, 1, 0]);
    expect(journal.read(noRevision)).toEqual([]);
  });

  it('given facts appended together, then they have one time and neighbouring revisions', () => {
    const journal = newJournal();
    journal.append([mark('a')]);
    expect(journal.append([mark('b'), mark('c')])).toEqual([
      { rev: 2, at: 2000, fact: mark('b') },
      { rev: 3, at: 2000, fact: mark('c') },
    ]);
  });

  it('given nothing to append, then no revision is used and nobody is told', () => {
    const journal = newJournal();
    const told: number[] = [];
    journal.watch(noRevision, (e) => told.push(e.length), live());
    expect(journal.append([])).toEqual([]);
    expect([journal.head, told]).toEqual([0, []]);
  });

  it('given a reader ahead of the head, then it gets nothing until its revision has passed', () => {
    const journal = newJournal();
    const told: number[] = [];
    expect(journal.read(revision(5))).toEqual([]);
    journal.watch(revision(2), (e) => told.push(...revs(e)), live());
    journal.append([mark('a'), mark('b'), mark('c')]);
    expect(told).toEqual([3]);
  });
});

describe('the ring', () => {
  it('given more than the limit, then the oldest are dropped and whoever asks for them is told', () => {
    const journal = newJournal(1000);
    for (let i = 0; i < 100; i += 1) journal.append([mark('x'.repeat(50))]);
    expect(journal.size).toBeLessThanOrEqual(1000);
    expect(journal.oldest).toBeGreaterThan(80);
    expect(journal.read(noRevision)).toEqual({ kind: 'compacted', oldest: journal.oldest });
    expect(kept(journal, journal.oldest - 1)[0]?.rev).toBe(journal.oldest);
    expect(kept(journal, journal.oldest - 1).at(-1)?.rev).toBe(100);
  });

  it('given one entry above the limit, then it is kept all the same', () => {
    const journal = newJournal(10);
    journal.append([mark('y'.repeat(500))]);
    expect(revs(kept(journal))).toEqual([1]);
  });

  it('given a batch above the limit, then a watcher still gets all of it', () => {
    const journal = newJournal(10);
    const told: number[] = [];
    journal.watch(noRevision, (e) => told.push(...revs(e)), live());
    journal.append([mark('one'), mark('two'), mark('three')]);
    expect(told).toEqual([1, 2, 3]);
    expect(journal.oldest).toBe(3);
  });

  it('given compact, then what it covers is forgotten and the head stays', () => {
    const journal = newJournal();
    journal.append(Array.from({ length: 10 }, (_, i) => mark(String(i))));
    journal.compact(revision(4));
    expect([journal.oldest, journal.head]).toEqual([5, 10]);
    expect(journal.read(revision(3))).toEqual({ kind: 'compacted', oldest: 5 });
    expect(revs(kept(journal, 4))).toEqual([5, 6, 7, 8, 9, 10]);
    journal.compact(revision(99));
    expect([journal.oldest, journal.head, journal.size]).toEqual([11, 10, 0]);
    expect(revs(journal.append([mark('next')]))).toEqual([11]);
  });

  it('given a watch from before the oldest, then it is refused and not told later either', () => {
    const journal = newJournal();
    journal.append([mark('a'), mark('b')]);
    journal.compact(revision(1));
    const told: number[] = [];
    expect(journal.watch(noRevision, (e) => told.push(e.length), live())).toEqual({
      kind: 'compacted',
      oldest: 2,
    });
    journal.append([mark('c')]);
    expect(told).toEqual([]);
  });

  it('given any appends and compactions, then what is kept is one run of revisions up to the head', () => {
    const step = fc.oneof(
      fc.record({ add: fc.array(fc.string({ maxLength: 80 }), { maxLength: 40 }) }),
      fc.record({ compact: fc.nat(3000) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120 }),
        fc.integer({ min: 50, max: 5000 }),
        (steps, limit) => {
          const journal = newJournal(limit);
          let appended = 0;
          for (const s of steps) {
            if ('add' in s) appended += journal.append(s.add.map(mark)).length;
            else journal.compact(revision(s.compact));
            expect(journal.head).toBe(appended);
            const all = kept(journal, journal.oldest - 1);
            expect(revs(all)).toEqual(
              Array.from({ length: appended - journal.oldest + 1 }, (_, i) => journal.oldest + i),
            );
            if (all.length > 1) expect(journal.size).toBeLessThanOrEqual(limit);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('watching', () => {
  it('given an old revision, then the past comes at once and the rest as it is appended', () => {
    const journal = newJournal();
    journal.append([mark('a'), mark('b'), mark('c')]);
    const told: number[][] = [];
    journal.watch(revision(1), (e) => told.push(revs(e)), live());
    journal.append([mark('d')]);
    expect(told).toEqual([[2, 3], [4]]);
  });

  it('given a listener that appends, then every watcher sees every entry once and in order', () => {
    const journal = newJournal();
    const first: number[] = [];
    const second: number[] = [];
    journal.watch(
      noRevision,
      (e) => {
        first.push(...revs(e));
        if (journal.head < 5) journal.append([mark('echo')]);
      },
      live(),
    );
    journal.watch(noRevision, (e) => second.push(...revs(e)), live());
    journal.append([mark('start')]);
    expect([first, second]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
  });

  it('given a listener that appends while it is given the past, then it gets that too', () => {
    const journal = newJournal();
    journal.append([mark('a')]);
    const told: number[] = [];
    journal.watch(
      noRevision,
      (e) => {
        told.push(...revs(e));
        if (journal.head < 3) journal.append([mark('more')]);
      },
      live(),
    );
    expect(told).toEqual([1, 2, 3]);
  });

  it('given a watch that begins while others are being told, then nothing is lost or told twice', () => {
    const journal = newJournal();
    const late: number[] = [];
    journal.watch(
      noRevision,
      (e) => {
        if (e[0]?.rev !== 1) return;
        journal.append([mark('second')]);
        journal.watch(noRevision, (l) => late.push(...revs(l)), live());
      },
      live(),
    );
    journal.append([mark('first')]);
    journal.append([mark('third')]);
    expect(late).toEqual([1, 2, 3]);
  });

  it('given an abort, by whomever and whenever, then not another entry comes', () => {
    const journal = newJournal();
    const told: string[] = [];
    const end = new AbortController();
    journal.watch(noRevision, () => end.abort(), live());
    journal.watch(noRevision, (e) => told.push(`after ${revs(e)}`), end.signal);
    journal.append([mark('a')]);
    expect(told).toEqual([]);

    const self = new AbortController();
    journal.watch(
      noRevision,
      (e) => {
        told.push(`self ${revs(e)}`);
        self.abort();
      },
      self.signal,
    );
    journal.append([mark('b')]);
    expect(told).toEqual(['self 1']);
  });

  it('given a listener that throws, then the others are told, the facts stay and the error comes out', () => {
    const journal = newJournal();
    const told: number[] = [];
    const thrower = new AbortController();
    journal.watch(
      noRevision,
      () => {
        throw new Error('bug');
      },
      thrower.signal,
    );
    journal.watch(noRevision, (e) => told.push(...revs(e)), live());
    expect(() => journal.append([mark('a')])).toThrow('bug');
    thrower.abort();
    journal.append([mark('b')]);
    expect(told).toEqual([1, 2]);
  });
});

describe('the door', () => {
  it('given control characters and secrets in a fact, then neither enters', () => {
    const [entry] = newJournal().append([mark('\u001b[31mred\u001b[0m password=hunter2')]);
    expect(entry?.fact).toEqual(mark('red password=[redacted]'));
  });
});
