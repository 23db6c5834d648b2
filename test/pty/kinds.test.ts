import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtProgram, incident } from '../support/built.ts';
import {
  enter,
  ownHome,
  patience,
  pausedReplay,
  press,
  startMidwatch,
} from '../support/midwatch.ts';

const run = promisify(execFile);
let program: string;
beforeAll(async () => {
  program = await builtProgram();
});

/** The program with pipes instead of a terminal. */
const piped = async (...args: readonly string[]) => {
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TERM: 'xterm', ...ownHome() };
  const ended = run(process.execPath, [program, ...args], { env });
  ended.child.stdin?.end();
  return await ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (cause: { code: number; stdout: string; stderr: string }) => cause,
  );
};

const sgr = (raw: string): ReadonlySet<string> =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
  new Set([...raw.matchAll(/\u001b\[([\d;]*)m/g)].map((m) => m[1] ?? ''));
const colour = /^(?:3[0-8]|4[0-8]|9\d|10\d)(?:;|$)/;

describe('signs', () => {
  it.each([
    ['--ascii', ['--ascii'], {}],
    ['LANG=C', [], { LANG: 'C' }],
    ['LC_ALL=POSIX over a UTF-8 LANG', [], { LC_ALL: 'POSIX' }],
    ['TERM=linux', [], { TERM: 'linux' }],
  ] as const)('given %s, then nothing but ASCII is written', async (_, args, env) => {
    await using t = await pausedReplay({ env }, args);
    await press(t, '4', 'pods(all)');
    await press(t, '?', 'esc');
    await press(t, '?', 'pods(all)');
    await press(t, `t04:58:00${enter}`, '04:58:00');
    await press(t, '~', /^>x payments\/payment-gateway/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are ASCII too
    expect(t.takeRaw().replace(/[\u0000-\u007f]/g, '')).toBe('');
  });

  it('given a UTF-8 terminal, then the other signs are used', async () => {
    await using t = await pausedReplay();
    expect(t.text()).toContain('✓');
  });
});

describe('colours', () => {
  it('given NO_COLOR, then there is none, and the cursor is reversed all the same', async () => {
    await using t = await pausedReplay({ env: { NO_COLOR: '1' } });
    await press(t, '4j', () => t.reversedRows().includes(4));
    expect([...sgr(t.takeRaw())].filter((codes) => colour.test(codes))).toEqual([]);
    expect(t.lines()[4]).toMatch(/^❯/);
  });

  it('given CI and FORCE_COLOR=0, then the screen is painted, with the cursor reversed', async () => {
    await using t = await pausedReplay({ env: { CI: 'true', FORCE_COLOR: '0' } });
    await press(t, '4j', () => t.reversedRows()[0] === 4);
  });

  it('given an explicit theme, then it wins over NO_COLOR', async () => {
    await using t = await pausedReplay({ env: { NO_COLOR: '1' } }, ['--theme', 'light']);
    expect([...sgr(t.takeRaw())].some((codes) => colour.test(codes))).toBe(true);
  });

  it('given :theme, then the colours change at once, and a name that is none is refused', async () => {
    await using t = await pausedReplay();
    const red = () => t.pieces()[0]?.find((p) => p.text.includes('prod-eu'))?.bg;
    expect(red()).toBe(1);
    t.send(`:theme contrast${enter}`);
    await t.until(() => red() === 9, patience);
    t.send(`:theme none${enter}`);
    await t.until(() => red() === -1, patience);
    await press(t, `:theme pink${enter}`, 'themes are dark, light, contrast, none');
  });
});

describe('without a screen', () => {
  it('given TERM=dumb, then the plain report is printed, without a single escape', async () => {
    await using t = await startMidwatch(['replay', incident, '--at', '04:58:00'], {
      env: { TERM: 'dumb' },
    });
    expect((await t.exited).code).toBe(0);
    const raw = t.takeRaw();
    expect(raw).not.toContain('\u001b');
    expect(raw).toContain('BAD  payments/payment-gateway');
  });

  it('given a pipe, then the plain report is printed, and it is in words', async () => {
    const { code, stdout, stderr } = await piped('replay', incident, '--at', '04:58:00');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^prod-eu: .*broken/);
    expect(stdout).toMatch(/^BAD {2}payments\/payment-gateway/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('given a recording that is not there, an end that is none, and flags that are none, then 64 and why', async () => {
    for (const [args, why] of [
      [['replay', '/nonexistent.mwr'], '/nonexistent.mwr'],
      [['replay', incident, '--at', 'yesterday'], 'not a time'],
      [['replay', '--speed', '0'], 'above 0'],
      [['--nope'], "unknown option '--nope'"],
      [['reply'], 'too many arguments'],
      [['completion', 'tcsh'], 'bash, zsh, fish'],
    ] as const) {
      const { code, stdout, stderr } = await piped(...args);
      expect(`${args.join(' ')}: ${code}`).toBe(`${args.join(' ')}: 64`);
      expect(stderr).toContain(why);
      expect(stdout).toBe('');
    }
  });

  it('given help, version and the list of recordings, then they are on the output, with 0', async () => {
    for (const [args, what] of [
      [['--help'], 'Usage: midwatch'],
      [['--version'], /^\d+\.\d+\.\d+\n$/],
      [['replay', '--list'], /^incident +\d+ s +\d+ KiB/m],
    ] as const) {
      const { code, stdout, stderr } = await piped(...args);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toMatch(what);
    }
  });

  it('given wrong flags in a terminal, then the terminal is as it was', async () => {
    await using t = await startMidwatch(['replay', '--nope']);
    expect((await t.exited).code).toBe(64);
    expect(t.text()).toContain("unknown option '--nope'");
    expect(t.takeRaw()).not.toContain('\u001b[?1049h');
  });
});
