import { beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, lostQuorum } from '../support/built.ts';
import { showsFrame } from '../support/golden.ts';
import {
  ctrl,
  enter,
  esc,
  patience,
  pausedReplay,
  press,
  settled,
  startMidwatch,
} from '../support/midwatch.ts';
import type { Terminal } from '../support/terminal.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/pty/journey.test.ts` writes the frames anew; the difference is to be read. */
const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const lastLine = (text: string): string => text.split('\n').at(-1) ?? '';
const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const holds = (line: string, words: string | RegExp): boolean =>
  typeof words === 'string' ? line.includes(words) : words.test(line);
const onLast = (words: string | RegExp) => (text: string) => holds(lastLine(text), words);
const onFirst = (words: string | RegExp) => (text: string) => holds(firstLine(text), words);
const rowUnderCursor = (terminal: Terminal): string =>
  terminal.lines()[terminal.reversedRows()[0] ?? -1] ?? '';

beforeAll(async () => void (await builtProgram()));

describe.each(sizes)('the incident at %i columns and %i rows', (columns, rows) => {
  it('given the screens that everyone sees, then each is as it was kept', async () => {
    const name = (what: string): string => `${what}-${columns}x${rows}`;
    await using t = await pausedReplay({ columns, rows });
    await showsFrame(t, name('home'));
    await press(t, '?', onFirst('help'));
    await showsFrame(t, name('help'));
    await press(t, esc, onFirst(/prod-eu +nothing/));
    await press(t, `:po payments${enter}`, 'pods(payments)');
    await showsFrame(t, name('pods'));
    await press(t, enter, onFirst('pods/payments/'));
    await showsFrame(t, name('describe'));
    await press(t, esc, 'pods(payments)');
    await press(t, 'y', onFirst('yaml'));
    await showsFrame(t, name('yaml'));
    await press(t, `t04:58:00${enter}`, 'r730');
    await press(t, '~', 'broken, worst first');
    await showsFrame(t, name('broken'));
    await press(t, 'p', onFirst('proof'));
    await showsFrame(t, name('proof'));
    for (const [digit, title] of [
      '1 control plane',
      '2 etcd',
      '3 nodes',
      '5 alerts',
      '6 changes',
    ].map((s) => [s.slice(0, 1), s.slice(2)] as const)) {
      await press(t, digit, onFirst(title));
      await showsFrame(t, name(title.replace(' ', '-')));
    }
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });
});

describe.each(sizes)('a lost quorum at %i columns and %i rows', (columns, rows) => {
  it('given the screens of etcd and of alerts, then each is as it was kept', async () => {
    const name = (what: string): string => `lost-${what}-${columns}x${rows}`;
    await using t = await startMidwatch(['replay', lostQuorum, '--pause', '--at', 'r853'], {
      columns,
      rows,
    });
    await t.until(/r853/, patience);
    await settled(t);
    await showsFrame(t, name('home'));
    await press(t, '2', onFirst('/ etcd payments'));
    await showsFrame(t, name('etcd'));
    await press(t, `j${enter}`, onFirst('/ payments-1'));
    await showsFrame(t, name('member'));
    await press(t, esc, onFirst(/etcd payments {2}/));
    await press(t, '5', onFirst('alerts['));
    await showsFrame(t, name('alerts'));
    await press(t, enter, onFirst(/alerts\[3 of/));
    await press(t, enter, onFirst('alert etcdNoLeader'));
    await showsFrame(t, name('alert'));
    await press(t, 's', onFirst('silence'));
    await showsFrame(t, name('silence'));
    await press(t, esc, onFirst('alert etcdNoLeader'));
    await press(t, 'p', onFirst('proof'));
    await showsFrame(t, name('proof'));
    t.send('q');
    expect(await t.exited).toMatchObject({ code: 0 });
  });

  it('given a recording, when an alert is acknowledged, then it is told that nothing can be', async () => {
    await using t = await startMidwatch(['replay', lostQuorum, '--pause', '--at', 'r853'], {
      columns,
      rows,
    });
    await t.until(/r853/, patience);
    await press(t, '5', onFirst('alerts['));
    await press(t, 'a', onLast(/^ note/));
    await press(t, enter, onLast('this is a recording: nothing can be acknowledged'));
  });
});

describe('commands', () => {
  it('given a namespace half typed, when tab is pressed, then it is completed, and enter goes there', async () => {
    await using t = await pausedReplay();
    await press(t, ':po pa', onLast(/^ :po pa/));
    await press(t, '\t', onLast(/^ :po payments/));
    await press(t, enter, onFirst(/pods\(payments\)\[26\]/));
    await press(t, ':nod', onLast(/^ :nod/));
    await press(t, `\t${enter}`, onFirst(/nodes\[15\]/));
  });

  it('given a name that is none, then the nearest is proposed, and the next key takes the message away', async () => {
    await using t = await pausedReplay();
    await press(t, `:pofs${enter}`, onLast("nothing here is called 'pofs'; did you mean :pods"));
    await press(t, 'j', onLast(/help$/));
  });

  it('given typed commands, when up is pressed in the prompt, then the last one is there again', async () => {
    await using t = await pausedReplay();
    await press(t, `:deploy${enter}`, onFirst('deployments'));
    await press(t, `:`, onLast(/^ :/));
    await press(t, `${esc}[A`, onLast(/^ :deploy/));
    await press(t, ctrl('u'), onLast(/^ :(?!deploy)/));
    await press(t, esc, onLast(/help$/));
  });
});

describe('filters', () => {
  const count = (n: number) => onFirst(new RegExp(`\\[${n} of 92\\]`));

  it('given a list, when it is filtered in every way, then that many rows are left, and esc shows all again', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 30 });
    await press(t, '4', onFirst(/pods\(all\)\[92\]/));
    for (const [filter, left] of [
      ['/ledger|gateway', 18],
      ['/!web|payments', 20],
      ['/-l app=warehouse', 10],
      ['/-f whse', 10],
    ] as const) {
      await press(t, filter, onLast(filter));
      t.send(enter);
      const seen = await t.until(onLast(/help$/), patience);
      expect(`${filter}: ${/\[(\d+) of 92\]/.exec(firstLine(seen))?.[1]}`).toBe(
        `${filter}: ${left}`,
      );
      await press(t, esc, onFirst(/\[92\]/));
    }
  });

  it('given a filter that is being typed, when esc is pressed, then the filter of before is back', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 30 });
    await press(t, `4/warehouse${enter}`, count(10));
    await press(t, '/', onLast(/^ \/warehouse/));
    await press(t, 'zzz', onLast(/warehousezzz/));
    await t.until('no pod matches', patience);
    await press(t, esc, count(10));
    await press(t, esc, onFirst(/\[92\]/));
  });

  it('given a regular expression that is not finished, then the screen lives on', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 30 });
    await press(t, '4/(', onLast(/^ \/\(/));
    await press(t, `gateway)${enter}`, count(6));
  });
});

describe('keys of a table', () => {
  it('given pods, when sort keys are pressed, then the column is marked and the order turns', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 30 });
    await press(t, '4', /NAMESPACE↑/);
    await press(t, 'N', /NAME↑/);
    const first = rowUnderCursor(t);
    await press(t, 'N', /NAME↓/);
    await press(t, 'g', (text) => text.includes('warehouse'));
    expect(rowUnderCursor(t)).not.toBe(first);
    await press(t, 'A', /AGE↑/);
  });

  it('given an object, when what is closed for good is asked for, then why is told, and nothing else happens', async () => {
    await using t = await pausedReplay({ columns: 160, rows: 30 });
    await press(t, '4', onFirst('pods'));
    for (const [key, action] of [
      ['a', 'attach'],
      ['e', 'edit'],
      ['F', 'port-forward'],
    ] as const) {
      await press(t, key, onLast(new RegExp(`^ ${action}: closed for good: .*Elsewhere`)));
      expect(firstLine(t.text())).toContain('pods(all)');
    }
    await press(t, `:exec${enter}`, onLast('no exec'));
  });

  it('given a recording, when an action is asked for, then its plan and every guard are shown, and no key sends it', async () => {
    await using t = await pausedReplay({ columns: 120, rows: 40 });
    await press(t, '4', onFirst('pods'));
    await press(t, ctrl('d'), 'This is a recording');
    await t.until(/DELETE \/api\/v1\/namespaces\/\S+\/pods\//, patience);
    await t.until('not asked in a replay', patience);
    t.send(`${enter}yy${enter}`);
    await t.until(onFirst('action'), patience);
    expect(t.text()).not.toMatch(/runs since|done after/);
    await press(t, esc, onFirst('pods(all)'));
    await press(t, `:break-glass${enter}`, onLast('why'));
    await press(t, `etcd has no quorum${enter}`, onLast('ticket'));
    await press(t, `INC-1${enter}`, onLast('This is a recording'));
  });

  it('given a cursor down the list, when one looks and comes back, then it is where it was', async () => {
    await using t = await pausedReplay();
    await press(t, '4', onFirst('pods'));
    await press(t, 'jjjj', () => (t.reversedRows()[0] ?? 0) === 7);
    const before = rowUnderCursor(t);
    await press(t, 'd', onFirst('/ pods/'));
    // Rows of a frame arrive one after the other: the first line may be there before the others.
    const asBefore = () => rowUnderCursor(t) === before;
    await press(t, esc, (text) => !firstLine(text).includes('/ pods/') && asBefore());
    await press(t, '?', onFirst('help'));
    await press(t, `${esc}[6~`, (text) => !text.includes('── move'));
    await press(t, '?', (text) => onFirst('pods(all)')(text) && asBefore());
  });
});

describe('time', () => {
  it('given a recording, then one steps, walks the moments, goes to a time and to the ends', async () => {
    await using t = await pausedReplay();
    await press(t, ']', 'r267');
    await press(t, '[', 'r262');
    await press(t, `${esc}[C`, 'r263');
    await press(t, `${esc}[D`, 'r262');
    await press(t, `t04:58:00${enter}`, '04:58:00');
    await press(t, `tr300${enter}`, 'r300');
    await press(t, `tyesterday${enter}`, onLast('not a time'));
    await press(t, '>', 'r1003');
    await press(t, '<', '04:54:53');
  });

  it('given a pause, when space is pressed, then it plays, faster and slower, to the end, and pauses there', async () => {
    await using t = await pausedReplay();
    await press(t, '++', '‖ 4x');
    await press(t, '_', '‖ 2x');
    await press(t, '++++', '‖ 32x');
    await press(t, ' ', '❯ 32x');
    await t.until(/‖ 32x .*r1003/, patience);
    await press(t, ' ', '❯ 32x');
    await press(t, ' ', '‖ 32x');
  });
});
