import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRuns } from '../../src/adapters/runs.ts';
import { brought } from '../../src/adapters/steps/brought.ts';
import { openBook, walker } from '../../src/cli/walker.ts';
import { type Failure, ok, type Result } from '../../src/kernel/failure.ts';
import { Journal } from '../../src/kernel/journal.ts';
import type { Run } from '../../src/kernel/run.ts';
import { Store } from '../../src/kernel/store.ts';
import { minutes, noRevision } from '../../src/kernel/units.ts';
import { sliceOf } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { timersOf } from '../../src/runbooks/machine/walked.ts';
import { anAlert } from '../runbooks/machine/a-book.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

let directory: string;
let n = 0;
const ends: AbortController[] = [];
beforeAll(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'midwatch-walker-'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const written = (query: string): string => `# Payments are down

## Look

\`\`\`promql {name=up type=query}
${query}
\`\`\`

## Tell the team

Tell them.
`;

/** A session with a journal and a store of its own over one file; several at once are several programs. */
const session = (file: string) => {
  const clock = new FakeClock();
  const texts = join(directory, 'texts');
  const log = openRuns({ path: join(directory, file), texts, clock });
  const journal = new Journal({ clock });
  const store = new Store([runs]);
  const end = new AbortController();
  ends.push(end);
  journal.watch(noRevision, (entries) => store.push(entries), end.signal);
  void log.port.watch(
    (signals) => journal.append(signals.map((s) => ({ ...s, probe: runs.id }))),
    end.signal,
  );
  const asked: string[] = [];
  const world = () => {
    store.flush();
    return store.world();
  };
  const walks = walker({
    runs: log,
    by: 'ana',
    newId: () => {
      n += 1;
      return `run-${n}`;
    },
    steps: {
      clock,
      world,
      namespace: '',
      version: '0',
      allowHosts: [],
      door: null,
      kubernetes: { get: async (path) => ok(path) },
      query: async ({ promql }) => {
        asked.push(promql);
        return ok(brought({ asked: promql, took: 3, lines: ['1'], values: [1] }));
      },
    },
  });
  const runOf = (id: string): Run | undefined => sliceOf(world(), runs).state.get(id);
  const seen = async (id: string, condition: (run: Run) => boolean): Promise<Run> => {
    await until('the run is seen', () => {
      const run = runOf(id);
      return run !== undefined && condition(run);
    });
    return runOf(id) as Run;
  };
  return { ...walks, clock, asked, seen, end, log };
};

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};
const why = (result: Result<unknown>): Failure | null => (result.ok ? null : result.failure);
const { signal } = new AbortController();

describe('walking in a session', () => {
  it('given a page of the web, when its task is asked for, then nothing is sent and it is told why', async () => {
    const s = session('page.jsonl');
    const book = openBook(written('up'), 'https://r.example/pay.md#look');
    const id = value(await s.begin(book, anAlert));
    await s.seen(id, (run) => run.visits.length === 1);
    expect(await s.carryOut(id, book, 'up', signal)).toMatchObject({
      ok: true,
      value: { kind: 'planned', why: expect.stringContaining('never carried out') },
    });
    expect(s.asked).toEqual([]);
  });

  it('given a runbook, when it is walked to its end, then all of it comes back out of the file', async () => {
    const one = session('walked.jsonl');
    const book = openBook(written('sum(up)'), 'payments.md');
    const id = value(await one.begin(book, anAlert));
    await one.seen(id, (run) => run.visits.length === 1);
    expect(await one.carryOut(id, book, 'up', signal)).toMatchObject({
      ok: true,
      value: { kind: 'brought', evidence: { task: 'up', values: [1] } },
    });
    await one.seen(id, (run) => run.visits[0]?.evidence.length === 1);
    value(await one.act(id, book, { kind: 'wait', wait: minutes(5), why: 'settle' }));
    const waiting = await one.seen(id, (run) => run.visits[0]?.timer !== null);
    expect(timersOf([waiting])).toHaveLength(1);
    one.end.abort();

    const later = session('walked.jsonl');
    const again = await later.seen(id, (run) => run.visits[0]?.timer !== null);
    expect(again).toEqual(waiting);
    value(await later.act(id, book, { kind: 'next' }));
    await later.seen(id, (run) => run.visits.length === 2);
    value(await later.act(id, book, { kind: 'finish', note: '' }));
    const done = await later.seen(id, (run) => run.ended !== null);
    expect(done.visits.map(({ title }) => title)).toEqual(['Look', 'Tell the team']);
    expect(why(await later.act(id, book, { kind: 'again' }))?.message).toBe('the run is done');
  });

  it('given two keys in a row, when both go on, then the run goes on once', async () => {
    const one = session('twice.jsonl');
    const book = openBook(written('up'), 'payments.md');
    const id = value(await one.begin(book, null));
    await one.seen(id, (run) => run.visits.length === 1);
    await Promise.all([
      one.act(id, book, { kind: 'again' }),
      one.act(id, book, { kind: 'again' }),
      one.act(id, book, { kind: 'note', text: 'last' }),
    ]);
    const run = await one.seen(id, ({ notes }) => notes.length === 1);
    expect(run.visits).toHaveLength(2);
  });

  it('given a file that changes under a run, when it goes on, then the old text is there, and the new one can be taken', async () => {
    const one = session('changed.jsonl');
    const old = openBook(written('up'), 'payments.md');
    const newer = openBook(written('sum(up)'), 'payments.md');
    const id = value(await one.begin(old, null));
    const run = await one.seen(id, ({ visits }) => visits.length === 1);
    expect(why(await one.act(id, newer, { kind: 'next' }))?.message).toContain('has changed');
    expect(why(await one.carryOut(id, newer, 'up', signal))?.kind).toBe('refused');
    expect(one.asked).toEqual([]);
    expect(value(await one.bookOf(run, newer)).text).toBe(old.text);
    value(await one.carryOut(id, value(await one.bookOf(run, newer)), 'up', signal));
    value(await one.act(id, newer, { kind: 'adopt', step: null }));
    const adopted = await one.seen(id, ({ runbook }) => runbook.hash === newer.hash);
    expect(value(await one.bookOf(adopted, null)).text).toBe(newer.text);
    value(await one.carryOut(id, newer, 'up', signal));
    expect(one.asked).toEqual(['up', 'sum(up)']);
  });

  it('given a task that is cancelled, when it ends, then nothing is attached', async () => {
    const one = session('cancelled.jsonl');
    const book = openBook(written('up'), 'payments.md');
    const id = value(await one.begin(book, null));
    await one.seen(id, (run) => run.visits.length === 1);
    const end = new AbortController();
    const running = one.carryOut(id, book, 'up', end.signal);
    end.abort();
    expect(why(await running)?.kind).toBe('ended');
    value(await one.act(id, book, { kind: 'note', text: 'last' }));
    const run = await one.seen(id, ({ notes }) => notes.length === 1);
    expect(run.visits[0]?.evidence).toEqual([]);
  });

  it('given no such run or task, when something is wanted of it, then it is refused', async () => {
    const one = session('none.jsonl');
    const book = openBook(written('up'), 'payments.md');
    expect(why(await one.act('x', book, { kind: 'next' }))?.kind).toBe('absent');
    const id = value(await one.begin(book, null));
    await one.seen(id, (run) => run.visits.length === 1);
    expect(why(await one.carryOut(id, book, 'other', signal))?.kind).toBe('refused');
    const empty = openBook('', 'empty.md');
    expect(why(await one.begin(empty, null))?.message).toBe('the runbook has no steps');
  });
});
