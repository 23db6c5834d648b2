import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { emptyLibrary } from '../../src/runbooks/resolve/library.ts';
import { resolveRunbook } from '../../src/runbooks/resolve/resolve-runbook.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText, lineWidth } from '../../src/views/parts/line.ts';
import { entryKey, type Shelf } from '../../src/views/runbook/desk.ts';
import { runbookContent } from '../../src/views/runbook/runbook-content.ts';
import { newSession, placeOf } from '../../src/views/session.ts';
import { walkBoard } from '../support/walk-board.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/views/runbook.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';

const incident = join(import.meta.dirname, '../../recordings/etcd-21-43.mwr');
/** A few facts after the mark at which the alerts fire. */
const alertsFire = 860;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const openedAt = async (rev = alertsFire) => {
  const board = await walkBoard(incident, rev);
  ends.push(board.end);
  return board;
};

type Board = Awaited<ReturnType<typeof openedAt>>;

const keyOf = (board: Board, name: string): string => {
  const { items } = health(board.walks.world(), board.store.world().at).alerts;
  const found = items.find((i) => i.name === name);
  if (found === undefined) throw new Error(`no alert ${name}`);
  return found.key;
};

const onQuorum = async () => {
  const board = await openedAt();
  board.go('runbook', { alert: keyOf(board, 'etcdInsufficientMembers') });
  return board;
};

const frame = (name: string, text: string): void => {
  const path = join(import.meta.dirname, 'frames', `${name}.txt`);
  // The hash of the file says nothing of the screen, and changes with every word of it.
  const kept = `${text.replace(/text [0-9a-f]{8}/, 'text 00000000')}\n`;
  if (update) writeFileSync(path, kept);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(kept);
};

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

describe('a runbook on the screen', () => {
  it.each(sizes)(
    'given the lost quorum at %i columns and %i rows, then before the run and at its third step it is as it was kept',
    async (columns, rows) => {
      const board = await onQuorum();
      frame(`runbook-open-${columns}x${rows}`, board.text(columns, rows));
      await board.press('enter', 'enter', 'enter');
      expect(board.run()?.visits.map((v) => v.step)).toEqual(['quorum', 'why', 'keep']);
      frame(`runbook-third-${columns}x${rows}`, board.text(columns, rows));
      await board.press('z');
      frame(`runbook-chart-${columns}x${rows}`, board.text(columns, rows));
      await board.press('z');
      frame(`runbook-rail-${columns}x${rows}`, board.text(columns, rows));
    },
  );

  it('given an alert under the cursor, when r is pressed, then its runbook opens, with the rule that led to it', async () => {
    const board = await openedAt();
    board.go('alert', { key: keyOf(board, 'etcdInsufficientMembers') });
    expect(board.text()).toMatch(/steps +etcd has lost its quorum/);
    await board.press('r');
    expect(board.place().view).toBe('runbook');
    expect(board.text(200, 40)).toMatch(
      /etcd-insufficient-members\.md @ text [0-9a-f]{8}; .*etcd-quorum-lost\.md is it/,
    );
  });

  it('given etcd, when r is pressed on it, then the runbook of the alert about it opens', async () => {
    const board = await openedAt();
    board.go('etcd', {});
    await board.press('r');
    expect(board.place()).toMatchObject({ view: 'runbook' });
    expect(board.text()).toMatch(/runbook etcd/);
  });

  it('given the first screen, when r is pressed on what is broken, then the runbook of its alert opens', async () => {
    const board = await openedAt();
    await board.press('r');
    expect(board.place().view).toBe('runbook');
    expect(board.text()).toContain('runbook etcd');
  });

  it('given an alert that no rule leads anywhere, then what was tried stands there, and what would make one match', async () => {
    const board = await openedAt();
    const world = board.walks.world();
    const place = placeOf('runbook', { alert: keyOf(board, 'etcdInsufficientMembers') });
    const empty: Shelf = {
      ...board.shelf(),
      library: emptyLibrary,
      resolve: (alert) =>
        resolveRunbook(alert, emptyLibrary, { prefixes: [], fetch: false, allowHosts: [] }),
      bookAt: () => null,
    };
    const content = runbookContent(empty, {
      world,
      session: newSession(place),
      place,
      now: world.at,
      width: 100,
      height: 30,
      glyphs: unicodeGlyphs,
    });
    const text = content.empty.map(lineText).join('\n');
    expect(text).toContain('no runbook for etcdInsufficientMembers');
    expect(text).toMatch(/runbook_url https:.*\n.*fetching is off; map it with runbooks\.prefixes/);
    expect(text).toContain('alerts: [etcdInsufficientMembers]');
    expect(text).toContain('none is called etcdInsufficientMembers.md');
    expect(text).toMatch(/category:" etcd, .*general/);
    expect(text).toContain('To make one match');
  });

  it('given a runbook that is not there, then it says so', async () => {
    const board = await openedAt();
    board.go('runbook', { runbook: 'shipped/nothing.md' });
    expect(board.text()).toContain('there is no such runbook');
  });

  it('given any place of it at any size, then no line is wider than the terminal', async () => {
    const board = await onQuorum();
    for (const key of ['enter', 'down', 'right', 'right', 'z', 'right', 'z', 'down', 'z', 'left']) {
      await board.press(key);
      for (const columns of [40, 59, 60, 80, 99, 100, 120, 200]) {
        for (const rows of [10, 14, 24, 60]) {
          const { lines } = board.board.screen(columns, rows);
          expect(lines).toHaveLength(rows);
          for (const l of lines) expect(lineWidth(l)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it('given :rb, then every shipped runbook is listed, one is found by a filter, and enter opens it', async () => {
    const board = await openedAt();
    board.session.dispatch({ kind: 'go', view: 'runbooks', filter: 'etcdNoSpace' });
    expect(board.text()).toMatch(/runbooks\[1 of \d\d\]/);
    await board.press('enter');
    expect(board.place()).toMatchObject({
      view: 'runbook',
      args: { runbook: 'shipped/etcd-no-space.md' },
    });
    expect(board.text()).toContain('etcd is out of space');
  });
});

describe('walking', () => {
  it('given the lost quorum, when only arrows and enter are pressed, then one gets from the alert to the end', async () => {
    const board = await onQuorum();
    // Begin; the quorum is lost; members are not running: the second branch.
    await board.press('enter', 'enter', 'down', 'enter');
    expect(board.run()?.visits.at(-1)?.step).toBe('bring');
    await board.press('enter', 'enter', 'enter', 'enter');
    const run = board.run();
    expect(run?.visits.map((v) => v.step)).toEqual([
      'quorum',
      'why',
      'bring',
      'leader',
      'clients',
      'done',
    ]);
    expect(run?.ended?.how).toBe('done');
    expect(run?.visits[1]?.chosen).toMatchObject({ label: 'not running', suggested: 'none' });
    expect(board.text()).toMatch(/done \d\d:\d\d by you/);
  });

  it('given a checklist, then enter ticks one item after the other before it goes on', async () => {
    const board = await onQuorum();
    await board.press('enter', 'enter', 'enter', 'enter');
    expect(board.run()?.visits.at(-1)?.step).toBe('snapshot');
    await board.press('enter', 'enter', 'enter');
    expect(board.run()?.visits.at(-1)?.ticks).toHaveLength(3);
    await board.press('enter');
    expect(board.run()?.visits.at(-1)?.step).toBe('stop');
  });

  it('given items that are open, when a branch is chosen all the same, then it is refused with what to do', async () => {
    const board = await onQuorum();
    await board.press('enter', 'enter', 'enter', 'enter', 'down', 'down', 'down', 'enter');
    expect(board.run()?.visits.at(-1)?.step).toBe('snapshot');
    expect(board.notice()).toMatch(/not ticked off.*skip the step with a reason/);
  });

  it('given a step, then right and left look along the edges without a step, and enter goes there', async () => {
    const board = await onQuorum();
    await board.press('enter', 'right');
    expect(board.place().args.step).toBe('why');
    expect(board.run()?.visits).toHaveLength(1);
    await board.press('left');
    expect(board.place().args.step).toBe('quorum');
    await board.press('right', 'enter');
    expect(board.run()?.visits.at(-1)).toMatchObject({ step: 'why', way: 'branch' });
    await board.press('b');
    expect(board.run()?.visits.at(-1)).toMatchObject({ step: 'quorum', way: 'jump' });
  });

  it('given the chart alone, then arrows walk its edges', async () => {
    const board = await onQuorum();
    await board.press('enter', 'z', 'down');
    expect(board.place().args.step).toBe('why');
    await board.press('down', 'right');
    expect(board.place().args.step).toBe('bring');
    await board.press('up');
    expect(board.place().args.step).toBe('why');
  });

  it('given the rail alone, then up and down go through the steps, and left and right along the edges', async () => {
    const board = await onQuorum();
    await board.press('enter', 'z', 'z', 'down', 'down');
    expect(board.place().args.step).toBe('keep');
    await board.press('up', 'left');
    expect(board.place().args.step).toBe('quorum');
    await board.press('z');
    expect(board.place().args.layout).toBeUndefined();
  });

  it('given a note and a skip, then both ask for words, and the run has them', async () => {
    const board = await onQuorum();
    await board.press('enter', 'n', ...'seen', 'enter');
    expect(board.run()?.notes.map((n) => n.text)).toEqual(['seen']);
    expect(board.text()).toContain('you: seen');
    await board.press('enter', 'enter', 'S', 'enter');
    expect(board.notice()).toContain('needs a reason');
    await board.press('S', ...'later', 'enter');
    expect(board.run()?.visits.find((v) => v.step === 'keep')?.state).toMatchObject({
      kind: 'skipped',
      reason: 'later',
    });
  });

  it('given a recording, then x looks into its world, asks nothing outside, and a rule of the result is told', async () => {
    const board = await onQuorum();
    await board.press('enter', 'x');
    expect(board.notice()).toMatch(/only shown|no task of this step/);
    await board.press('enter', 'x');
    const evidence = board.run()?.visits.at(-1)?.evidence ?? [];
    expect(evidence.map((e) => e.task)).toEqual(['status']);
    expect(evidence[0]?.lines.join('\n')).toMatch(/payments-1/);
    expect(board.text()).toMatch(/(ran|failed) \d\d:\d\d:\d\d/);
  });

  it('given every shipped runbook, when enter alone is pressed, then each comes to its end', async () => {
    const board = await openedAt();
    board.go('runbooks', {});
    const listed = board.shelf().library.entries;
    expect(listed.length).toBeGreaterThan(30);
    for (const entry of listed) {
      board.go('runbook', { runbook: entryKey(entry) });
      let last = '';
      for (let n = 0; n < 120 && (last === '' || board.run()?.ended === null); n += 1) {
        await board.press('enter');
        last = board.run()?.visits.at(-1)?.step ?? '';
      }
      expect([entry.path, board.run()?.runbook.path, board.run()?.ended?.how]).toEqual([
        entry.path,
        entryKey(entry),
        'done',
      ]);
    }
  });
});
