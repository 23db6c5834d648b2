import { describe, expect, it } from 'vitest';
import { runProgram, usageError } from '../../src/cli/program.ts';

const run = async (...argv: readonly string[]) => {
  const said = { out: '', err: '' };
  const code = await runProgram(argv, {
    env: { HOME: '/nowhere', PATH: process.env.PATH },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    paints: false,
  });
  return { code, ...said };
};

const kubeconfigLine = (json: string): unknown =>
  (JSON.parse(json) as { lines: { check: string }[] }).lines.find((line) =>
    JSON.stringify(line).includes('kubeconfig'),
  );

describe('the command line', () => {
  it.each([
    ['behind the command', ['doctor', '--json', '--kubeconfig', '/nowhere/mine']],
    ['before the command', ['--kubeconfig', '/nowhere/mine', 'doctor', '--json']],
    [
      'in both places, then the later one',
      ['--kubeconfig', '/nowhere/other', 'doctor', '--json', '--kubeconfig', '/nowhere/mine'],
    ],
  ])('given --kubeconfig %s, then that file is read', async (_, argv) => {
    const { code, out } = await run(...argv);
    expect(JSON.stringify(kubeconfigLine(out))).toContain('/nowhere/mine');
    expect(code).toBe(1);
  });

  it('given an option that does not exist, then it is wrong usage, with a way to help', async () => {
    const { code, err } = await run('check', '--everything');
    expect(code).toBe(usageError);
    expect(err).toContain('midwatch --help');
  });

  it('given --help, then every command is named', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const name of ['replay', 'record', 'recording', 'check', 'doctor', 'completion']) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });
});
