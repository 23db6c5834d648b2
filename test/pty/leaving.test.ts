import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, incident } from '../support/built.ts';
import {
  ctrl,
  enter,
  ownHome,
  patience,
  pausedReplay,
  press,
  settled,
} from '../support/midwatch.ts';
import { Terminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

let program: string;
beforeAll(async () => {
  program = await builtProgram();
});

/** The last word on each mode of the terminal that the program changes; true when it is as it was before. */
const restored = (raw: string): Readonly<Record<string, boolean>> => {
  const off = (mode: string, before: 'h' | 'l') => {
    const last = Math.max(raw.lastIndexOf(`\u001b[?${mode}h`), raw.lastIndexOf(`\u001b[?${mode}l`));
    return last < 0 || raw.slice(last).startsWith(`\u001b[?${mode}${before}`);
  };
  return {
    'alternate screen': off('1049', 'l'),
    cursor: off('25', 'h'),
    'bracketed paste': off('2004', 'l'),
    'synchronised output': off('2026', 'l'),
  };
};
const asBefore = {
  'alternate screen': true,
  cursor: true,
  'bracketed paste': true,
  'synchronised output': true,
};

/** A shell with job control, which knows nothing of whoever runs the tests. */
const shell = async (): Promise<Terminal> => {
  const terminal = new Terminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
    columns: 100,
    rows: 30,
    env: { ...ownHome(), PS1: 'ready>' },
  });
  await terminal.until('ready>', patience);
  return terminal;
};
const replay = (): string =>
  `'${process.execPath}' '${program}' replay --pause '${incident}' --at r262`;
const modes = `stty -a | tr ' ;' '\\n' | grep -E '^-?(icanon|echo|isig)$' | xargs`;

const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        return new RegExp(`^PPid:\\s+${pid}$`, 'm').test(
          readFileSync(`/proc/${id}/status`, 'utf8'),
        );
      } catch {
        return false;
      }
    });

describe('leaving', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)(
    'given %s, then the screen is as it was before, and the exit code is %i',
    async (signal, code) => {
      await using t = await pausedReplay();
      expect(restored(t.takeRaw())['alternate screen']).toBe(false);
      t.kill(signal);
      expect((await t.exited).code).toBe(code);
      expect(restored(t.takeRaw())).toEqual(asBefore);
      expect(t.alternate).toBe(false);
    },
  );

  it.each([
    ['q', 'q'],
    ['ctrl-c', ctrl('c')],
    [':q', `:q${enter}`],
  ])('given %s, then the screen is as it was before, and the exit code is 0', async (_, keys) => {
    await using t = await pausedReplay();
    t.takeRaw();
    t.send(keys);
    expect((await t.exited).code).toBe(0);
    expect(restored(t.takeRaw())).toEqual(asBefore);
    expect(t.alternate).toBe(false);
  });

  it('given a prompt, when ctrl-c is pressed, then only the prompt is left', async () => {
    await using t = await pausedReplay();
    await press(t, ':pod', /:pod/);
    await press(t, ctrl('c'), /help$/);
    expect(t.alternate).toBe(true);
  });

  it('given two signals at once, then it ends all the same', async () => {
    await using t = await pausedReplay();
    t.kill('SIGTERM');
    t.kill('SIGINT');
    expect([143, 130]).toContain((await t.exited).code);
    expect(restored(t.takeRaw())).toEqual(asBefore);
  });

  it('given kill -9, then no process is left behind', async () => {
    await using t = await pausedReplay();
    const children = childrenOf(t.pid);
    t.kill('SIGKILL');
    await t.exited;
    const lives = (id: number): boolean => readdirSync('/proc').includes(String(id));
    await until('its children have gone', () => !children.some(lives), patience);
  });

  it('given a terminal that is taken away, then the process ends', async () => {
    const t = await pausedReplay(undefined, ['--speed', '16']);
    t.send(' ');
    t.hangUp();
    await until(
      'the process has gone',
      () => !readdirSync('/proc').includes(String(t.pid)),
      patience,
    );
  });
});

describe('ctrl-z', () => {
  it('given a shell, then it has its terminal back, and fg brings the whole screen, keys and all', async () => {
    await using t = await shell();
    t.send(`${replay()}${enter}`);
    await settled(t);
    const before = t.text();
    await press(t, ctrl('z'), /Stopped/);
    expect(restored(t.takeRaw())['alternate screen']).toBe(true);
    expect(t.alternate).toBe(false);
    t.send(`${modes}${enter}`);
    await t.until(/^isig icanon echo$/m, patience);
    await press(t, `fg${enter}`, (text) => text === before);
    expect(t.alternate).toBe(true);
    await press(t, ']', 'r267');
    await press(t, ctrl('z'), /Stopped/);
    await press(t, `fg${enter}`, 'r267');
    await press(t, 'q', /ready>$/m);
    await press(t, `echo "code $?"; ${modes}${enter}`, /code 0/);
    await t.until(/^isig icanon echo$/m, patience);
  });

  it('given a terminal that became larger meanwhile, then the screen fills it', async () => {
    await using t = await shell();
    t.send(`${replay()}${enter}`);
    await settled(t);
    await press(t, ctrl('z'), /Stopped/);
    t.resize(120, 40);
    await press(t, `fg${enter}`, (text) => /help$/.test(text) && text.split('\n').length === 40);
    expect(t.lines().filter((l) => l.includes('r262')).length).toBe(1);
  });

  it('given no shell to come back from, then the screen is there again at once', async () => {
    await using t = await pausedReplay();
    const before = t.text();
    t.takeRaw();
    t.send(ctrl('z'));
    await until('the screen was given away', () => t.peekRaw().includes('\u001b[?1049l'), patience);
    await t.until((text) => t.alternate && text === before, patience);
    await press(t, ']', 'r267');
  });
});
