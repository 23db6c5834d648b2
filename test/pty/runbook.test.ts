import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from '../support/built.ts';
import { enter, esc, patience, press, settled, startMidwatch } from '../support/midwatch.ts';

const recording = join(import.meta.dirname, '../../recordings/etcd-21-43.mwr');
const arrow = { up: `${esc}[A`, down: `${esc}[B`, right: `${esc}[C`, left: `${esc}[D` } as const;

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const onFirst = (words: string) => (text: string) => firstLine(text).includes(words);

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** Somebody who has walked nothing yet. */
const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'midwatch-walker-'));
  homes.push(home);
  return home;
};

/** The evening of the bundled recording, paused when its alerts fire. */
const evening = async (columns: number, rows: number, home = newHome()) => {
  const terminal = await startMidwatch(['replay', recording, '--pause', '--at', 'r860'], {
    columns,
    rows,
    env: { HOME: home, XDG_STATE_HOME: '' },
  });
  await terminal.until(/r860/, patience);
  await settled(terminal);
  return terminal;
};

beforeAll(async () => void (await builtProgram()));

describe.each(sizes)('the runbook of an alert at %i columns and %i rows', (columns, rows) => {
  it('given the evening, then from the alert through steps and a branch to the end with arrows and enter only', async () => {
    await using t = await evening(columns, rows);
    await press(t, '5', onFirst('alerts['));
    await press(t, 'r', onFirst('runbook etcd'));
    await press(t, esc, onFirst('alerts['));
    // The group of the etcd alerts, and in it the one about members.
    await press(t, enter, /etcdInsufficientMembers/);
    await press(t, `${arrow.down}r`, onFirst('runbook etcdInsufficientMembers'));
    await t.until('begins a run at step 1', patience);
    await press(t, enter, /step 1 of \d+/);
    await press(t, enter, /step 2 of \d+/);
    // The second branch: the members do not run, and lost nothing.
    await press(t, arrow.down, 'takes “not running”');
    await press(t, enter, 'Bring members with data back  you are here');
    await press(t, arrow.right, /One leader, all data\? {2}looked at/);
    await press(t, arrow.left, 'Bring members with data back  you are here');
    await press(t, enter, 'One leader, all data?  you are here');
    await press(t, enter, 'Restart what depends on it  you are here');
    await press(t, enter, 'Alert resolves  you are here');
    await press(t, enter, /done \d\d:\d\d by you/);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a run that was left with esc, when it is opened from the list, then one is at the step one was on', async () => {
    await using t = await evening(columns, rows);
    await press(t, `:rb${enter}`, onFirst('runbooks['));
    await press(t, `/etcdInsufficient${enter}`, onFirst('runbooks[1 of'));
    await press(t, enter, onFirst('runbook etcd has lost its quorum'));
    await press(t, enter, /step 1 of \d+/);
    await press(t, enter, /step 2 of \d+/);
    await press(t, esc, onFirst('runbooks['));
    await press(t, esc, /── runs /);
    await press(t, `g${enter}`, /step 2 of \d+/);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });
});

describe('a run and the end of the program', () => {
  const toTheRunbook = async (t: Awaited<ReturnType<typeof evening>>) => {
    await press(t, '5', onFirst('alerts['));
    await press(t, enter, /etcdInsufficientMembers/);
    await press(t, `${arrow.down}r`, onFirst('runbook etcdInsufficientMembers'));
  };

  it('given three steps and a branch, when the program is killed, then r goes on at the same step, to the end', async () => {
    const home = newHome();
    {
      await using t = await evening(120, 40, home);
      await toTheRunbook(t);
      await t.until('begins a run at step 1', patience);
      await press(t, enter, /step 1 of \d+/);
      await press(t, enter, /step 2 of \d+/);
      await press(t, arrow.down, 'takes “not running”');
      await press(t, enter, 'Bring members with data back  you are here');
      await press(t, `nseen it${enter}`, 'you: seen it');
      t.kill('SIGKILL');
      await t.exited;
    }
    await using t = await evening(120, 40, home);
    await toTheRunbook(t);
    await t.until('Bring members with data back  you are here', patience);
    await t.until('you: seen it', patience);
    await press(t, enter, 'One leader, all data?  you are here');
    await press(t, enter, 'Restart what depends on it  you are here');
    await press(t, enter, 'Alert resolves  you are here');
    await press(t, enter, /done \d\d:\d\d by you/);
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a run that was ended, when the program begins again, then it is not there any more', async () => {
    const home = newHome();
    {
      await using t = await evening(80, 24, home);
      await toTheRunbook(t);
      await press(t, enter, /step 1 of \d+/);
      await press(t, `Afalse alarm${enter}`, 'abandon this run because “false alarm”?');
      await press(t, 'A', /abandoned \d\d:\d\d by you/);
      t.send('q');
      expect(await t.exited).toMatchObject({ code: 0 });
    }
    await using t = await evening(80, 24, home);
    await toTheRunbook(t);
    await t.until('not begun, 14 steps', patience);
  });
});
