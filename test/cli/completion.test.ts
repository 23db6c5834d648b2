import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../src/cli/completion.ts';
import { buildProgram } from '../../src/cli/program.ts';

const run = promisify(execFile);
const io = { env: {}, paints: false, out: () => undefined, err: () => undefined };
const script = (shell: string) =>
  completionScript(
    shell,
    buildProgram(io, () => undefined),
  );

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midwatch-completion-'));
  path = join(directory, 'midwatch.bash');
  await writeFile(path, script('bash') ?? '');
  await writeFile(join(directory, 'one.mwr'), '');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What bash proposes for the last word of a command line. */
const proposed = async (...words: readonly string[]): Promise<readonly string[]> => {
  const quoted = words.map((w) => `'${w}'`).join(' ');
  const { stdout } = await run(
    '/bin/bash',
    [
      '--norc',
      '-c',
      `source '${path}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _midwatch; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { cwd: directory },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
};

describe('completion in bash', () => {
  it('given the script, then bash and its strict reading accept it', async () => {
    await run('/bin/bash', ['-n', path]);
  });

  it('given a real bash, then it is loaded for both names', async () => {
    const { stdout } = await run('/bin/bash', ['--norc', '-c', `source '${path}'; complete -p`]);
    expect(stdout).toMatch(/-F _midwatch midwatch$/m);
    expect(stdout).toMatch(/-F _midwatch kubectl-midwatch$/m);
  });

  it.each([
    [
      ['midwatch', 'rec'],
      ['record', 'recording'],
    ],
    [['midwatch', 'recording', 'v'], ['verify']],
    [
      ['midwatch', 'recording', ''],
      ['export', 'info', 'verify'],
    ],
    [['midwatch', 'recording', 'verify', '--j'], ['--json']],
    [['midwatch', 'recording', 'verify', 'o'], ['one.mwr']],
    [['midwatch', 'replay', '--sp'], ['--speed']],
    [['midwatch', 'replay', 'on'], ['one.mwr']],
    [['midwatch', '--context', 'x', 'doc'], ['doctor']],
    [
      ['midwatch', 'replay', '--theme', ''],
      ['contrast', 'dark', 'light', 'none'],
    ],
    [['midwatch', '--record', 'o'], ['one.mwr']],
    [
      ['midwatch', 'completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['midwatch', 'zzz'], []],
  ] as const)('given %j, then these are proposed: %j', async (words, expected) => {
    expect(await proposed(...words)).toEqual(expected);
  });
});

describe('completion in other shells', () => {
  it('given zsh, then it is the script of bash in its own clothes', () => {
    expect(script('zsh')).toMatch(/^#compdef midwatch\n/);
    expect(script('zsh')).toContain('bashcompinit');
  });

  it('given fish, then each command and option is in it, quoted', () => {
    const fish = script('fish') ?? '';
    expect(fish).toMatch(/^complete -c midwatch -n '__fish_use_subcommand' -f -a replay -d '/m);
    expect(fish).toMatch(/__fish_seen_subcommand_from recording.* -a verify /);
    for (const line of fish.trim().split('\n').slice(1)) {
      expect(line.replaceAll("\\'", '').split("'").length % 2).toBe(1);
    }
  });

  it('given another, then there is none', () => {
    expect(script('tcsh')).toBeNull();
  });
});
