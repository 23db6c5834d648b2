import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRuns } from '../../src/adapters/runs.ts';
import { OwnWalks } from '../../src/cli/own-walks.ts';
import { openBook } from '../../src/cli/walker.ts';
import type { Failure, Result } from '../../src/kernel/failure.ts';
import { emptyWorld, sliceOf } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { now } from '../support/objects.ts';

const book = openBook('# T\n\n## One\n\nOne.\n\n## Two\n\nTwo.\n', 'shipped/t.md');
const { signal } = new AbortController();

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'midwatch-own-'));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

/** One showing of a recording; the next one is the program started again. */
const showing = async (path = join(home, 'runs.jsonl')) => {
  const log = openRuns({ path, texts: join(home, 'texts'), clock: new FakeClock(now) });
  const unkept: Failure[] = [];
  const store = { world: () => emptyWorld, subscribe: () => () => undefined };
  const walks = new OwnWalks(store, () => now, { runs: log, unkept: (why) => unkept.push(why) });
  await walks.restore(signal);
  const walker = await walks.walker();
  return { walker, unkept, all: () => [...sliceOf(walks.world(), runs).state.values()] };
};

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('walks of whoever looks at a recording', () => {
  it('given a run that goes on and one that has ended, when the recording is shown again, then the first is there', async () => {
    const one = await showing();
    const goes = value(await one.walker.begin(book, null));
    value(await one.walker.act(goes, book, { kind: 'next' }));
    const over = value(await one.walker.begin(book, null));
    value(await one.walker.act(over, book, { kind: 'abandon', reason: 'no' }));
    expect(one.all()).toHaveLength(2);
    expect(one.unkept).toEqual([]);

    const later = await showing();
    expect(later.all().map(({ id }) => id)).toEqual([goes]);
    expect(later.all()[0]).toEqual(one.all()[0]);
    value(await later.walker.act(goes, book, { kind: 'finish', note: '' }));
    expect((await showing()).all()).toEqual([]);
  });

  it('given a disk that takes nothing, then one can walk all the same, and is told once', async () => {
    fs.writeFileSync(join(home, 'file'), '');
    const s = await showing(join(home, 'file/runs.jsonl'));
    const id = value(await s.walker.begin(book, null));
    value(await s.walker.act(id, book, { kind: 'next' }));
    expect(s.all()[0]?.visits).toHaveLength(2);
    expect(s.unkept).toHaveLength(1);
  });

  it('given a step that is not written down yet, then it is not shown, and then it is', async () => {
    const log = openRuns({
      path: join(home, 'runs.jsonl'),
      texts: join(home, 'texts'),
      clock: new FakeClock(now),
    });
    const disk = Promise.withResolvers<void>();
    const slow = {
      ...log,
      put: async (facts: Parameters<typeof log.put>[0]) => {
        await disk.promise;
        return log.put(facts);
      },
    };
    const store = { world: () => emptyWorld, subscribe: () => () => undefined };
    const walks = new OwnWalks(store, () => now, { runs: slow, unkept: () => {} });
    const begun = (await walks.walker()).begin(book, null);
    await settle();
    const shown = () => sliceOf(walks.world(), runs).state.size;
    expect(shown()).toBe(0);
    disk.resolve();
    value(await begun);
    expect(shown()).toBe(1);
  });
});
