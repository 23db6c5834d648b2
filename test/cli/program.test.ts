import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

const run = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const io = {
    env: { XDG_CONFIG_HOME: '/nonexistent' },
    paints: false,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await runProgram(argv, io);
  return { code, out, err };
};

describe('the command line', () => {
  it.each([
    [['--help']],
    [['-h']],
    [['help']],
    [['replay', '--help']],
    [['recording', 'info', '-h']],
  ])('given %j, then help is on the output, with 0', async (argv) => {
    const { code, out, err } = await run(...argv);
    expect(code).toBe(0);
    expect(out).toContain('Usage: midwatch');
    expect(err).toBe('');
  });

  it('given help, then every command is in it with a word on what it does', async () => {
    const { out } = await run('--help');
    for (const name of ['replay', 'record', 'recording', 'check', 'doctor', 'completion']) {
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b.* {2}\\S+`, 'm'));
    }
  });

  it.each([
    [['--nope'], "unknown option '--nope'"],
    [['replay', '--sped', '2'], '(Did you mean --speed?)'],
    [['replay', '--speed', 'fast'], 'give a number above 0'],
    [['replay', '--speed', 'NaN'], 'give a number above 0'],
    [['replay', '--theme', 'pink'], 'dark, light, contrast, none'],
    [['replay', 'a', 'b'], 'too many arguments'],
    [['record'], "missing required argument 'file'"],
    [['record', 'x', '--for', 'soon'], 'give a time such as 90s'],
    [['record', 'x', '--max-size', '-1'], 'give a number above 0'],
    [['check', '--timeout', '5'], 'give a time such as 90s'],
    [['recording', 'inf', 'x'], 'unknown command'],
    [['completion'], "missing required argument 'shell'"],
    [['completion', 'tcsh'], 'bash, zsh, fish'],
    [['replay', '/nonexistent.mwr'], '/nonexistent.mwr'],
  ] as const)('given %j, then 64, and why on stderr', async (argv, why) => {
    const { code, out, err } = await run(...argv);
    expect(code).toBe(64);
    expect(err).toContain(why);
    expect(out).toBe('');
  });

  it('given the version, then it is on the output alone', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: 'dev\n', err: '' });
  });
});
