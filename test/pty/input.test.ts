import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, incident } from '../support/built.ts';
import {
  ctrl,
  enter,
  esc,
  patience,
  pausedReplay,
  press,
  startMidwatch,
} from '../support/midwatch.ts';
import type { Terminal } from '../support/terminal.ts';

const pasted = (text: string): string => `${esc}[200~${text}${esc}[201~`;
const cursorAt = (t: Terminal, row: number) => () => t.reversedRows()[0] === row;
const lastLine = (text: string): string => text.split('\n').at(-1) ?? '';
/** Resident memory in MiB. */
const memory = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

beforeAll(async () => void (await builtProgram()));

describe('a paste', () => {
  it('given no prompt, then its letters are no keys', async () => {
    await using t = await pausedReplay();
    const body = t.lines().slice(0, -1);
    await press(t, pasted(`4dq${ctrl('c')}:q${enter}q`), 'pasted text is ignored');
    expect(t.lines().slice(0, -1)).toEqual(body);
    await press(t, 'j', /help$/);
  });

  it('given a prompt, then it goes into it as one line, harmless, and does nothing by itself', async () => {
    await using t = await pausedReplay();
    await press(t, ':', /^ :/m);
    await press(t, pasted(`po\tpayments\r\n${esc}[31mq\u202e\u0007`), /^ :po payments q/m);
    expect(lastLine(t.text())).toContain(':po payments q');
    await press(t, `${esc}`, /help$/);
    await press(t, '/', /^ \//m);
    await press(t, pasted('x'.repeat(10_000)), /^ \/…x{70}/m);
    await press(t, esc, /help$/);
  });
});

describe('keys', () => {
  it('given jjj in one read, then the cursor moves three', async () => {
    await using t = await pausedReplay();
    await press(t, '4', 'pods(all)');
    await press(t, 'jjj', cursorAt(t, 6));
    await press(t, `${esc}[A${esc}[A`, cursorAt(t, 4));
  });

  it('given reports of the mouse and of the focus, then they are no keys, in a list and in a prompt', async () => {
    await using t = await pausedReplay();
    t.send(`${esc}[<0;10;10M${esc}[I${esc}[O${esc}[25~${esc}[M !!`);
    await press(t, ':', /^ :/m);
    t.send(`${esc}[<35;1;1M${esc}[I`);
    await press(t, 'pod', /^ :pod/m);
    expect(t.text()).toContain('r262');
  });

  it('given esc and a key in one read, then they are two keys', async () => {
    await using t = await pausedReplay();
    await press(t, '4', 'pods(all)');
    await press(t, `${esc}:`, /^ :/m);
    expect(t.text()).not.toContain('pods(all)');
  });

  it('given keys before the first frame, then none is seen in it, and all are taken in order', async () => {
    await using t = await startMidwatch(['replay', incident, '--pause', '--at', 'r262']);
    t.send('4jjj');
    await t.until('pods(all)', patience);
    await t.until(cursorAt(t, 6), patience);
    expect(t.lines()[0]).toMatch(/^ prod-eu {2}\/ pods/);
    expect(t.text()).not.toMatch(/jj/);
  });

  it('given ctrl-l on a screen that something else has written on, then every row is right again', async () => {
    await using t = await pausedReplay();
    const before = t.text();
    await t.scribble('\u001b[5;1Hsomebody wrote this\r\n\n\n\n\n');
    expect(t.text()).not.toBe(before);
    await press(t, ctrl('l'), (text) => text === before);
  });
});

describe('the size of the terminal', () => {
  it('given a hundred changes of it, then what is on the screen afterwards is right, without leftovers', async () => {
    await using t = await pausedReplay();
    const before = t.text();
    for (let i = 0; i < 100; i += 1) {
      t.resize(20 + ((i * 37) % 180), 5 + ((i * 13) % 55));
      // Some of the changes are painted, others come while a frame is being written.
      if (i % 7 === 0) await t.until((text) => text.trim() !== '', patience);
    }
    t.resize(80, 24);
    await t.until((text) => text === before, patience);
    t.resize(120, 40);
    await t.until((text) => text.split('\n').length === 40 && /help$/.test(text), patience);
    t.resize(80, 24);
    await t.until((text) => text === before, patience);
  });

  it.each([
    [39, 24],
    [80, 9],
    [30, 5],
    [2, 2],
  ])(
    'given %i columns and %i rows, then it says how much it needs, and comes back',
    async (columns, rows) => {
      await using t = await pausedReplay();
      const before = t.text();
      t.resize(columns, rows);
      const message = 'terminal too small (need 40x10)'.slice(0, columns);
      await t.until((text) => text.trim() === message, patience);
      t.resize(80, 24);
      await t.until((text) => text === before, patience);
    },
  );
});

describe('a reader that stalls', () => {
  it('given a terminal that is not read while it plays, then it neither ends nor grows, and catches up', async () => {
    await using t = await pausedReplay({ columns: 200, rows: 60 }, ['--speed', '16']);
    await press(t, ' ', '❯ 16x');
    t.pause();
    const before = memory(t.pid);
    const stalled = performance.now() + 5000;
    let most = before;
    while (performance.now() < stalled) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      most = Math.max(most, memory(t.pid));
    }
    expect(most - before).toBeLessThan(100);
    t.resume();
    await t.until(/‖ 16x .*r1003/, patience);
    await press(t, '<', '04:54:53');
    expect(t.lines().filter((l) => l.includes('16x')).length).toBe(1);
  });
});
