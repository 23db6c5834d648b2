import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { health } from '../../src/findings/health.ts';
import { epochMs } from '../../src/kernel/units.ts';
import { unicodeGlyphs } from '../../src/views/parts/glyphs.ts';
import { lineText, lineWidth } from '../../src/views/parts/line.ts';
import { countdown, waitingLines, waitingShort } from '../../src/views/runbook/waiting.ts';
import { walkBoard } from '../support/walk-board.ts';

const update = process.env.UPDATE_FRAMES === '1';
const incident = join(import.meta.dirname, '../../recordings/etcd-21-43.mwr');

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Where the alerts fire, on the runbook of the lost quorum, its run begun. */
const begun = async () => {
  const board = await walkBoard(incident, 860);
  ends.push(board.end);
  const { items } = health(board.walks.world(), board.store.world().at).alerts;
  const key = items.find((i) => i.name === 'etcdInsufficientMembers')?.key ?? '';
  board.go('runbook', { alert: key });
  await board.press('enter');
  return board;
};

const frame = (name: string, text: string): void => {
  const path = join(import.meta.dirname, 'frames', `${name}.txt`);
  const kept = `${text.replace(/text [0-9a-f]{8}/, 'text 00000000')}\n`;
  if (update) writeFileSync(path, kept);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no frame is kept').toBe(kept);
};

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

describe('a run that waits', () => {
  it('given w and enter, then it waits five minutes, says so, and w looks again early', async () => {
    const board = await begun();
    await board.press('w', 'enter');
    const timer = board.run()?.visits.at(-1)?.timer;
    expect((timer?.until ?? 0) - (timer?.since ?? 0)).toBe(300_000);
    expect(board.text(80, 24)).toMatch(/waits 5:00 {2}you/);
    expect(board.text()).toMatch(/waits until \d\d:\d\d:\d\d, 5:00 left/);
    await board.press('w');
    expect(board.run()?.visits.at(-1)?.timer).toBeNull();
    expect(board.text()).not.toContain('waits');
  });

  it('given a time and words, then both are kept; given no time, then it is refused with what to write', async () => {
    const board = await begun();
    await board.press('w', ...'10m the backlog drains', 'enter');
    expect(board.run()?.visits.at(-1)?.timer).toMatchObject({ why: 'the backlog drains' });
    expect(board.text()).toMatch(/10:00 left: the backlog drains/);
    await board.press('w', 'w', ...'soon', 'enter');
    expect(board.notice()).toContain('wait between a second and a day');
    expect(board.run()?.visits.at(-1)?.timer).toBeNull();
  });

  it.each(sizes)(
    'given %i columns and %i rows, then it is as it was kept',
    async (columns, rows) => {
      const board = await begun();
      await board.press('w', ...'10m the backlog drains', 'enter');
      frame(`runbook-waiting-${columns}x${rows}`, board.text(columns, rows));
      board.go('runbooks', {});
      expect(board.text(columns, rows)).toMatch(/at Is the quorum lost\?, waits 10:00/);
    },
  );

  it('given a timer, then it is counted down, and its end is told', () => {
    const timer = { since: epochMs(0), until: epochMs(300_000), why: 'it settles' };
    const look = (now: number) =>
      waitingLines(timer, { now: epochMs(now), glyphs: unicodeGlyphs }, 200).map(lineText);
    expect(look(28_500)[0]).toContain('waits until 00:05:00, 4:32 left: it settles');
    expect(look(300_000)[0]).toContain('the time is up since 00:05:00: it settles: look again');
    expect(waitingShort(timer, epochMs(299_001))).toBe('waits 0:01');
    expect(waitingShort(timer, epochMs(300_000))).toBe('time is up');
    expect([0, 9000, 61_000, 3_723_000, -5].map(countdown)).toEqual([
      '0:00',
      '0:09',
      '1:01',
      '1:02:03',
      '0:00',
    ]);
    for (const l of waitingLines(timer, { now: epochMs(0), glyphs: unicodeGlyphs }, 30)) {
      expect(lineWidth(l)).toBeLessThanOrEqual(30);
    }
  });
});

describe('ending a run', () => {
  it('given A, a reason and A again, then it is abandoned, and enter begins another', async () => {
    const board = await begun();
    await board.press('A', ...'false alarm', 'enter');
    expect(board.run()?.ended).toBeNull();
    expect(board.text(120, 24)).toContain('abandon this run because “false alarm”? A abandons it');
    await board.press('A');
    expect(board.run()?.ended).toMatchObject({ how: 'abandoned', words: 'false alarm' });
    expect(board.place().args.abandon).toBeUndefined();
    expect(board.text()).toMatch(/abandoned \d\d:\d\d by you/);
    await board.press('A');
    expect(board.notice()).toContain('the run is abandoned; enter begins another');
    const before = board.run()?.id;
    await board.press('enter');
    expect(board.run()?.id).not.toBe(before);
    expect(board.run()?.ended).toBeNull();
  });

  it.each(['enter', 'x', 'w', 'down'])(
    'given A and a reason, when %s follows, then nothing is abandoned and the key does no more',
    async (key) => {
      const board = await begun();
      await board.press('A', ...'hm', 'enter');
      board.board.press(key);
      expect(board.place().args.abandon).toBeUndefined();
      expect(board.run()?.ended).toBeNull();
      expect(board.run()?.visits).toHaveLength(1);
    },
  );

  it('given A and no reason, then it asks for one', async () => {
    const board = await begun();
    await board.press('A', 'enter');
    expect(board.notice()).toBe('an abandoned run needs a reason');
    expect(board.place().args.abandon).toBeUndefined();
  });

  it('given D before the last step, then it needs a word why, and ends as done', async () => {
    const board = await begun();
    await board.press('D', 'enter');
    expect(board.notice()).toContain('say in a word why it is done');
    await board.press('D', ...'it healed', 'enter');
    expect(board.run()?.ended).toMatchObject({ how: 'done', words: 'it healed' });
  });

  it('given no run, then these keys say what begins one', async () => {
    const board = await walkBoard(incident, 860);
    ends.push(board.end);
    board.go('runbook', { runbook: 'shipped/etcd-no-space.md' });
    for (const key of ['w', 'A', 'D']) {
      await board.press(key);
      expect(board.notice()).toContain('a run begins with enter on its first step');
    }
  });
});

describe('several runs', () => {
  it('given two that go on, then R goes from one to the other, each at its own step, and the list has both', async () => {
    const board = await begun();
    await board.press('enter');
    await board.press('R');
    expect(board.notice()).toContain('no other run goes on');
    board.go('runbook', { runbook: 'shipped/etcd-no-space.md' });
    await board.press('enter');
    expect(board.text(80, 24)).toMatch(/run 2 of 2 {2}step 1 of/);
    await board.press('R');
    expect(board.text(120, 40)).toMatch(/run 1 of 2 {2}step 2 of/);
    expect(board.text(120, 40)).toContain('etcd has lost its quorum');
    await board.press('R');
    expect(board.text(120, 40)).toContain('etcd is out of space');
    board.go('runbooks', {});
    expect(board.text()).toMatch(/etcd is out of space.*\n.*etcdInsufficientMembers/);
  });
});
