import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitCommit, workingCopyTop } from '../../../src/adapters/runbooks/git-commit.ts';
import { fileMost, readFileIn, readFolder } from '../../../src/adapters/runbooks/read-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runbooks-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const never = new AbortController().signal;

describe('a folder of runbooks', () => {
  it('given files of all kinds, then Markdown is read in order, and what cannot be is told', async () => {
    put('b/two.md', 'two');
    put('a.markdown', 'one');
    put('.git/x.md', 'hidden');
    put('node_modules/y.md', 'not ours');
    put('notes.txt', 'no');
    put('large.md', 'x'.repeat(fileMost + 1));
    symlinkSync('/etc/hostname', join(root, 'out.md'));
    symlinkSync('a.markdown', join(root, 'link.md'));
    symlinkSync('..', join(root, 'b/loop'));
    const read = await readFolder(root, (text) => text, never);
    if (!read.ok) throw new Error(read.failure.message);
    expect(read.value.files.map((f) => `${f.path} ${f.card}`)).toEqual([
      'a.markdown one',
      'b/two.md two',
      'link.md one',
    ]);
    expect(read.value.problems).toEqual([
      'large.md is larger than 1 MiB',
      'out.md leads out of the folder',
    ]);
  });

  it('given no folder, then that is a failure with what to do', async () => {
    const read = await readFolder(join(root, 'nope'), () => '', never);
    expect(read).toMatchObject({ ok: false, failure: { kind: 'misconfigured' } });
  });

  it('given a path that leads out, also by a link, then nothing is read', async () => {
    put('in/x.md', 'x');
    writeFileSync(join(root, 'secret.md'), 'secret');
    symlinkSync('../secret.md', join(root, 'in/link.md'));
    const of = async (path: string) => {
      const read = await readFileIn(join(root, 'in'), path);
      return read.ok ? read.value.text : read.failure.message;
    };
    expect(await of('x.md')).toBe('x');
    expect(await of('link.md')).toBe('it leads out of its folder');
    expect(await of('../secret.md')).toBe('it leads out of its folder');
    expect(await of('gone.md')).toBe('it is not there any more');
  });
});

describe('the commit of a working copy', () => {
  const a = 'a'.repeat(40);
  const b = 'b'.repeat(64);

  it.each([
    [
      'a branch',
      { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${a}\n` },
      { kind: 'commit', id: a, branch: 'main' },
    ],
    [
      'a packed branch',
      {
        '.git/HEAD': 'ref: refs/heads/x/y',
        '.git/packed-refs': `# pack-refs\n${b} refs/heads/x/y\n^${a}\n`,
      },
      { kind: 'commit', id: b, branch: 'x/y' },
    ],
    ['no branch', { '.git/HEAD': `${a}\n` }, { kind: 'commit', id: a, branch: '' }],
    [
      'a worktree',
      {
        '.git': 'gitdir: ./store/worktrees/w\n',
        'store/worktrees/w/HEAD': 'ref: refs/heads/w',
        'store/worktrees/w/commondir': '../..\n',
        'store/refs/heads/w': a,
      },
      { kind: 'commit', id: a, branch: 'w' },
    ],
    [
      'no commit yet',
      { '.git/HEAD': 'ref: refs/heads/main' },
      { kind: 'unreadable', why: 'its branch has no commit yet' },
    ],
    [
      'another format',
      { '.git/HEAD': 'ref: refs/heads/.invalid', '.git/reftable/tables.list': '' },
      { kind: 'unreadable', why: 'its refs are in a format that is not read' },
    ],
    [
      'a ref that climbs',
      { '.git/HEAD': 'ref: refs/../../secret' },
      { kind: 'unreadable', why: 'its HEAD names no branch' },
    ],
    [
      'refs in a circle',
      { '.git/HEAD': 'ref: refs/heads/a', '.git/refs/heads/a': 'ref: refs/heads/a' },
      { kind: 'unreadable', why: 'its branches name each other' },
    ],
  ])('given %s, then %#', async (_, files, expected) => {
    for (const [path, text] of Object.entries(files)) put(path, text);
    mkdirSync(join(root, 'docs/deep'), { recursive: true });
    expect(await gitCommit(join(root, 'docs/deep'))).toEqual(expected);
    expect(await workingCopyTop(join(root, 'docs/deep'))).toBe(root);
  });
});
