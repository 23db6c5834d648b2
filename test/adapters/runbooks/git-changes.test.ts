import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitChanges } from '../../../src/adapters/runbooks/git-changes.ts';
import { gitCommit, gitPlaces } from '../../../src/adapters/runbooks/git-commit.ts';
import { gitObjects } from '../../../src/adapters/runbooks/git-objects.ts';

const hasGit = (() => {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'midwatch-git-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** Git with nobody's configuration. */
const git = (...args: readonly string[]): string =>
  execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.org',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.org',
    },
  }).trim();

const commit = (): void => {
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
};

const changed = async (folder: string, files: readonly string[], all = true) => {
  const found = await gitCommit(root);
  const places = await gitPlaces(root);
  if (found.kind !== 'commit' || places === null) throw new Error('there is no commit');
  return gitChanges(
    { ...places, commit: found.id, folder: join(root, folder), files, all },
    new AbortController().signal,
  );
};

const none = { kind: 'known', paths: [] };

describe.skipIf(!hasGit)('what was changed since a commit', () => {
  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    put('books/a.md', '# A\n');
    put('books/deep/b.md', '# B\n');
    put('books/c.txt', 'no runbook');
    commit();
  });

  it('given nothing, then nothing, from its top and from within', async () => {
    expect(await changed('books', ['a.md', 'deep/b.md'])).toEqual(none);
    expect(await changed('', ['books/a.md', 'books/deep/b.md'])).toEqual(none);
    put('books/c.txt', 'another text');
    expect(await changed('books', ['a.md', 'deep/b.md'])).toEqual(none);
  });

  it('given files that were changed, staged, added or removed, then each is named', async () => {
    put('books/a.md', '# A, changed\n');
    put('books/deep/b.md', '# B, staged\n');
    put('books/new.md', '# New\n');
    git('add', 'books/deep/b.md');
    expect(await changed('books', ['a.md', 'deep/b.md', 'new.md'])).toEqual({
      kind: 'known',
      paths: ['a.md', 'deep/b.md', 'new.md'],
    });
    unlinkSync(join(root, 'books/a.md'));
    expect(await changed('books', ['deep/b.md', 'new.md'])).toMatchObject({
      paths: ['a.md', 'deep/b.md', 'new.md'],
    });
    // One file alone says nothing of the others.
    expect(await changed('books', ['new.md'], false)).toMatchObject({ paths: ['new.md'] });
  });

  it('given other line ends, or links, then that is no change', async () => {
    put('books/a.md', '# A\r\n');
    expect(await changed('books', ['a.md', 'deep/b.md'])).toEqual(none);
    symlinkSync('a.md', join(root, 'books/link.md'));
    symlinkSync('deep', join(root, 'books/also'));
    commit();
    const files = ['a.md', 'also/b.md', 'deep/b.md', 'link.md'];
    expect(await changed('books', files)).toEqual(none);
  });

  it('given packs with deltas, then the same', async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `line ${n} ${(n * 7919) % 104_729}`);
    for (let n = 0; n < 6; n += 1) {
      lines[n * 100] = `changed ${n}`;
      put('books/long.md', `# Long\n${lines.join('\n')}\n`);
      for (let k = 0; k < 60; k += 1) put(`books/many/${k}.md`, `# ${k}\n${n}\n`);
      commit();
    }
    const many = Array.from({ length: 60 }, (_, k) => `many/${k}.md`);
    const files = ['a.md', 'deep/b.md', 'long.md', ...many];
    expect(await changed('books', files)).toEqual(none);
    git('gc', '-q', '--aggressive', '--prune=now');
    git('pack-refs', '--all');
    expect(git('count-objects')).toMatch(/^0 objects/);
    expect(await changed('books', files)).toEqual(none);
    put('books/many/7.md', 'another');
    expect(await changed('books', files)).toEqual({ kind: 'known', paths: ['many/7.md'] });
    // Each object is what git itself reads.
    const { objects = '' } = (await gitPlaces(root)) ?? {};
    const ours = await gitObjects(objects);
    for (const line of git('rev-list', '--objects', '--all').split('\n').slice(0, 400)) {
      const [id = ''] = line.split(' ');
      const found = await ours.get(id);
      expect([id, found?.type, found?.data.length]).toEqual([
        id,
        git('cat-file', '-t', id),
        Number(git('cat-file', '-s', id)),
      ]);
    }
  }, 120_000);

  it('given a worktree, then it is told from the repository behind it', async () => {
    git('worktree', 'add', '-q', 'other');
    put('other/books/a.md', '# A, there\n');
    const found = await gitCommit(join(root, 'other'));
    const places = await gitPlaces(join(root, 'other'));
    if (found.kind !== 'commit' || places === null) throw new Error('there is no commit');
    const folder = join(root, 'other/books');
    const files = ['a.md', 'deep/b.md'];
    expect(
      await gitChanges(
        { ...places, commit: found.id, folder, files, all: true },
        new AbortController().signal,
      ),
    ).toEqual({ kind: 'known', paths: ['a.md'] });
  });

  it('given a folder that is not in the commit, then all of it is new', async () => {
    put('more/x.md', 'x');
    expect(await changed('more', ['x.md'])).toEqual({ kind: 'known', paths: ['x.md'] });
  });

  it('given objects that are gone or damaged, then nothing is said', async () => {
    const id = git('rev-parse', 'HEAD');
    const path = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
    const whole = readFileSync(path);
    rmSync(path, { force: true });
    writeFileSync(path, whole.subarray(0, 20));
    expect(await changed('books', ['a.md'])).toEqual({ kind: 'unknown' });
    rmSync(path, { force: true });
    expect(await changed('books', ['a.md'])).toEqual({ kind: 'unknown' });
  });
});
