import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRuns } from '../../src/adapters/runs.ts';
import { brought } from '../../src/adapters/steps/brought.ts';
import { closedLive } from '../../src/cli/closed-plan.ts';
import { knownOf } from '../../src/cli/known.ts';
import { linkStatus } from '../../src/cli/link-status.ts';
import { followTexts } from '../../src/cli/live-walks.ts';
import { runbookSettings } from '../../src/cli/runbook-config.ts';
import { RunbookDesk, shownWith } from '../../src/cli/runbook-desk.ts';
import { sealedEffects } from '../../src/cli/sealed-effects.ts';
import { viewsWith } from '../../src/cli/views.ts';
import { walkEffect } from '../../src/cli/walk-effect.ts';
import { walker } from '../../src/cli/walker.ts';
import { ok } from '../../src/kernel/failure.ts';
import { Journal } from '../../src/kernel/journal.ts';
import type { Run } from '../../src/kernel/run.ts';
import { Store } from '../../src/kernel/store.ts';
import { noRevision } from '../../src/kernel/units.ts';
import { sliceOf } from '../../src/kernel/world.ts';
import { runs } from '../../src/probes/runs.ts';
import { Dashboard } from '../../src/views/dashboard.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { themeOf } from '../../src/views/parts/theme.ts';
import { newSession, placeOf, SessionStore } from '../../src/views/session.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { until } from '../support/until.ts';

let home: string;
let n = 0;
const ends: AbortController[] = [];
beforeAll(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'midwatch-walks-'));
  fs.mkdirSync(join(home, 'books'));
});
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const written = (second: string): string => `# Payments are down

## Is it up?

<!-- step: up -->

\`\`\`promql {name=up type=query}
up{job="payments"}
\`\`\`

## ${second}

- [ ] the team knows
- [ ] so does the owner

## Write it down

Write.
`;

const write = (second: string): void =>
  fs.writeFileSync(join(home, 'books/payments.md'), written(second));

const nothing = (): void => undefined;

/** A live session on the disk of this machine; a second one is the program started again. */
const live = async (file: string) => {
  const clock = new FakeClock();
  const log = openRuns({ path: join(home, file), texts: join(home, 'texts'), clock });
  const journal = new Journal({ clock });
  const store = new Store([runs]);
  const end = new AbortController();
  ends.push(end);
  journal.watch(
    noRevision,
    (entries) => {
      store.push(entries);
      store.flush();
    },
    end.signal,
  );
  void log.port.watch(
    (signals) => journal.append(signals.map((s) => ({ ...s, probe: runs.id }))),
    end.signal,
  );
  const settings = runbookSettings({ folders: ['books'] }, home);
  const desk = new RunbookDesk(settings, closedLive, end.signal);
  await desk.open();
  const session = new SessionStore(newSession(placeOf('runbooks')));
  followTexts(desk, store, log, end.signal);
  const asked: string[] = [];
  const walks = walker({
    runs: log,
    by: 'ana',
    newId: () => {
      n += 1;
      return `run-${n}`;
    },
    steps: {
      clock,
      world: store.world,
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
  const views = viewsWith(() => [], desk.state);
  const board = new Dashboard({
    store: shownWith(store, desk),
    session,
    ticker: { now: () => clock.now(), subscribe: () => nothing },
    views,
    effects: {
      ...sealedEffects({
        quit: nothing,
        suspend: nothing,
        redraw: nothing,
        copy: nothing,
        setTheme: () => null,
      }),
      walk: walkEffect({ walker: async () => walks, desk, session }, end.signal),
    },
    replay: null,
    known: knownOf(views, () => [], {}),
    link: linkStatus,
    production: () => false,
    look: () => ({ theme: themeOf('dark'), glyphs: unicodeGlyphs }),
  });
  board.paint(120, 40);
  const run = (): Run | undefined => [...sliceOf(store.world(), runs).state.values()].at(-1);
  return {
    asked,
    session,
    run,
    text: () => board.text(120, 40),
    open: (args: Readonly<Record<string, string>>) =>
      session.dispatch({ kind: 'go', view: 'runbook', args }),
    /** Presses keys and waits for what they do to the run. */
    press: async (key: string, holds: (run: Run) => boolean): Promise<void> => {
      board.press(key);
      await until(`the run has followed ${key}`, () => {
        const now = run();
        return now !== undefined && holds(now);
      });
    },
  };
};

const at = (number: number) => (run: Run) => run.visits.length === number;
const bookKey = (): string => `${join(home, 'books')}/payments.md`;

describe('a run in a live session', () => {
  it('given a runbook of a folder, when it is walked, then its query is asked, and each step is on the disk', async () => {
    write('Tell the team');
    const one = await live('walked.jsonl');
    one.open({ runbook: bookKey() });
    expect(one.text()).toContain('begins a run at step 1');
    await one.press('enter', at(1));
    await one.press('x', (run) => run.visits[0]?.evidence.length === 1);
    expect(one.asked).toEqual(['up{job="payments"}']);
    await one.press('enter', at(2));
    const lines = fs.readFileSync(join(home, 'walked.jsonl'), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(one.text()).toContain('you are here');
  });

  it('given a session that ended in the middle of a run, when another begins, then one is at the same step', async () => {
    write('Tell the team');
    const one = await live('restarted.jsonl');
    one.open({ runbook: bookKey() });
    await one.press('enter', at(1));
    await one.press('enter', at(2));
    await one.press('enter', (run) => run.visits[1]?.ticks.length === 1);
    // Nothing is said to the first one: its power is cut.
    const two = await live('restarted.jsonl');
    await until('the run is seen', () => two.run()?.visits[1]?.ticks.length === 1);
    two.open({ runbook: bookKey() });
    expect(two.text()).toMatch(/step 2 of 3 {2}ana/);
    expect(two.text()).toMatch(/\[✓\] the team knows/);
    await two.press('enter', (run) => run.visits[1]?.ticks.length === 2);
    await two.press('enter', at(3));
    await two.press('enter', (run) => run.ended?.how === 'done');
  });

  it('given a file that was changed meanwhile, then the run goes on with the text of its beginning, and says so', async () => {
    write('Tell the team');
    const one = await live('changed.jsonl');
    one.open({ runbook: bookKey() });
    await one.press('enter', at(1));
    write('Tell everybody');
    const two = await live('changed.jsonl');
    await until('the kept text is read', () => {
      two.open({ runbook: bookKey() });
      return two.text().includes('Tell the team');
    });
    expect(two.text()).toContain('the file has changed since this run began');
    expect(two.text()).not.toContain('Tell everybody');
    await two.press('enter', at(2));
    expect(two.run()?.visits[1]?.title).toBe('Tell the team');
    for (const key of ['down', 'down', 'down', 'down']) await two.press(key, at(2));
    expect(two.text()).toContain('❯ follow the file as it is now');
    const before = two.run()?.runbook.hash;
    await two.press('enter', (run) => run.runbook.hash !== before && run.visits.length === 3);
    expect(two.text()).toMatch(/Tell everybody {2}you are here/);
    expect(two.text()).not.toContain('the file has changed');
  });

  it('given a task that lacks a value, when it is run, then it is asked for, and the task is carried out with it', async () => {
    fs.writeFileSync(
      join(home, 'books/asks.md'),
      written('Ask').replace('payments"', `${'$'}{job}"`),
    );
    const one = await live('asks.jsonl');
    one.open({ runbook: `${join(home, 'books')}/asks.md` });
    await one.press('enter', at(1));
    await one.press('x', at(1));
    expect(one.session.get().prompt).toMatchObject({ kind: 'words', sign: 'value of job' });
    for (const c of 'etcd') await one.press(c, at(1));
    await one.press('enter', (run) => run.values.job === 'etcd');
    await one.press('x', (run) => run.visits[0]?.evidence.length === 1);
    expect(one.asked).toEqual(['up{job="etcd"}']);
    expect(one.text()).toMatch(/up\{job="etcd"\}[\s\S]*✓ ran/);
  });

  it('given a step that is not done, when it is skipped with a reason, then the reason is on the disk', async () => {
    write('Tell the team');
    const one = await live('skipped.jsonl');
    one.open({ runbook: bookKey() });
    await one.press('enter', at(1));
    for (const c of ['S', 'n', 'o']) await one.press(c, at(1));
    await one.press('enter', at(2));
    expect(one.run()?.visits[0]?.state).toMatchObject({ kind: 'skipped', reason: 'no' });
    expect(fs.readFileSync(join(home, 'skipped.jsonl'), 'utf8')).toContain('"reason":"no"');
  });
});
