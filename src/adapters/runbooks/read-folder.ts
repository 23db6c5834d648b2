import type { Dirent, Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { mib } from '../../kernel/units.ts';

/** Runbooks of one folder; beyond that the others are told as missing. */
export const filesMost = 5000;
/** Folders in folders. */
export const depthMost = 12;
/** A larger file is no runbook. */
export const fileMost = mib(1);

export interface FolderFile<Card> {
  /** From the root, with slashes. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly card: Card;
}

export interface FolderRead<Card> {
  /** The folder itself, without links in the way. */
  readonly root: string;
  /** By path. */
  readonly files: readonly FolderFile<Card>[];
  /** What is there and could not be read, in words; at most a few. */
  readonly problems: readonly string[];
}

const problemsMost = 20;
const skipped: ReadonlySet<string> = new Set(['node_modules', 'vendor']);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';

const isMarkdown = (name: string): boolean => /\.(?:md|markdown)$/i.test(name);

const folderFailure = (path: string, error: unknown): Failure =>
  failure('misconfigured', 'read runbooks', `the folder cannot be read (${codeOf(error)})`, {
    on: path,
    hint: 'correct runbooks.folders, or make it readable',
  });

/** Whether a path is the root or lies in it; both without links. */
export const liesIn = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);

/**
 * Markdown files of a folder and what is made of each. Links are followed while they stay in the folder. Hidden folders
 * are not looked into. What cannot be read is told, and does not hide the rest.
 */
export const readFolder = async <Card>(
  folder: string,
  cardOf: (text: string, path: string) => Card,
  signal: AbortSignal,
): Promise<Result<FolderRead<Card>>> => {
  let root: string;
  try {
    root = await realpath(folder);
    if (!(await stat(root)).isDirectory()) {
      return failed(failure('misconfigured', 'read runbooks', 'it is no folder', { on: folder }));
    }
  } catch (error) {
    return failed(folderFailure(folder, error));
  }
  const files: FolderFile<Card>[] = [];
  const problems: string[] = [];
  const seen = new Set<string>([root]);
  const tell = (words: string): void => {
    if (problems.length < problemsMost) problems.push(words);
  };
  let full = false;
  const file = async (path: string, about: Stats): Promise<void> => {
    const name = relative(root, path).split(sep).join('/');
    if (files.length >= filesMost) {
      if (!full) tell(`more than ${filesMost} runbooks: the others are left out`);
      full = true;
    } else if (about.size > fileMost) tell(`${name} is larger than ${fileMost / 1024 / 1024} MiB`);
    else {
      try {
        const text = await readFile(path, 'utf8');
        files.push({ path: name, modified: about.mtimeMs, card: cardOf(text, name) });
      } catch (error) {
        tell(`${name} cannot be read (${codeOf(error)})`);
      }
    }
  };
  const enter = async (directory: string, depth: number): Promise<void> => {
    let names: Dirent[];
    try {
      names = await readdir(directory, { withFileTypes: true });
    } catch (error) {
      tell(`${relative(root, directory) || '.'} cannot be read (${codeOf(error)})`);
      return;
    }
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (signal.aborted || full) return;
      if (entry.name.startsWith('.') || skipped.has(entry.name)) continue;
      const path = join(directory, entry.name);
      try {
        const real = entry.isSymbolicLink() ? await realpath(path) : path;
        if (!liesIn(real, root)) {
          if (isMarkdown(entry.name)) tell(`${relative(root, path)} leads out of the folder`);
          continue;
        }
        const about = await stat(real);
        if (about.isDirectory()) {
          if (seen.has(real)) continue;
          seen.add(real);
          if (depth < depthMost) await enter(path, depth + 1);
          else tell(`${relative(root, path)} is too deep`);
        } else if (about.isFile() && isMarkdown(entry.name)) await file(path, about);
      } catch (error) {
        tell(`${relative(root, path)} cannot be read (${codeOf(error)})`);
      }
    }
  };
  await enter(root, 0);
  if (signal.aborted) {
    return failed(failure('ended', 'read runbooks', 'cancelled by midwatch', { on: folder }));
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return ok({ root, files, problems });
};

export interface FileRead {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly modified: number;
}

/** One file of a folder, as it is now. A path that leads out of it, also by a link, is refused. */
export const readFileIn = async (root: string, path: string): Promise<Result<FileRead>> => {
  const wanted = join(root, path);
  const refused = (message: string): Result<FileRead> =>
    failed(failure('misconfigured', 'read runbook', message, { on: wanted }));
  try {
    const real = await realpath(wanted);
    if (!liesIn(real, await realpath(root))) return refused('it leads out of its folder');
    const about = await stat(real);
    if (!about.isFile()) return refused('it is no file');
    if (about.size > fileMost) return refused(`it is larger than ${fileMost / 1024 / 1024} MiB`);
    return ok({ text: await readFile(real, 'utf8'), modified: about.mtimeMs });
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? failed(failure('absent', 'read runbook', 'it is not there any more', { on: wanted }))
      : refused(`it cannot be read (${code})`);
  }
};
