import { open, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { mib } from '../../kernel/units.ts';

/** The commit that a working copy stands on. */
export type GitCommit =
  | { readonly kind: 'commit'; readonly id: string; readonly branch: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly why: string };

const id = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const refName = /^refs\/[A-Za-z0-9._/@+=,#%-]{1,250}$/;
/** Large repositories pack tens of thousands of refs. */
const packedMost = mib(16);
const smallMost = 64 * 1024;
/** Refs that name refs. */
const chainMost = 5;

/** Text of a file of git; null when there is none. */
const textOf = async (path: string, most: number): Promise<string | null> => {
  try {
    if ((await stat(path)).size > most) return null;
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
};

interface WorkingCopy {
  /** The folder that has `.git`. */
  readonly top: string;
  readonly git: string;
}

/** The nearest folder above that has `.git`: a folder, or a file that names one. */
const workingCopy = async (folder: string): Promise<WorkingCopy | null> => {
  let at = resolve(folder);
  for (;;) {
    const path = join(at, '.git');
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === true) return { top: at, git: path };
    if (found?.isFile() === true) {
      const named = /^gitdir:\s*(.+?)\s*$/m.exec((await textOf(path, smallMost)) ?? '')?.[1];
      if (named === undefined) return null;
      return { top: at, git: isAbsolute(named) ? named : resolve(at, named) };
    }
    const above = dirname(at);
    if (above === at) return null;
    at = above;
  }
};

/** A ref among those that were packed, line by line: the file is not taken apart whole. */
const packed = async (directory: string, ref: string): Promise<string | null> => {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await open(join(directory, 'packed-refs'));
    if ((await file.stat()).size > packedMost) return null;
    for await (const line of file.readLines()) {
      if (line.length > 40 && line.endsWith(` ${ref}`)) return line.split(' ')[0] ?? null;
    }
    return null;
  } catch {
    return null;
  } finally {
    await file?.close().catch(() => {});
  }
};

const branchOf = (ref: string): string => ref.replace(/^refs\/(?:heads\/)?/, '');

/**
 * Reads which commit the working copy around a folder stands on, from git's own files: no command is run, and nothing of
 * the repository's configuration is obeyed.
 */
export const gitCommit = async (folder: string): Promise<GitCommit> => {
  const copy = await workingCopy(folder);
  if (copy === null) return { kind: 'none' };
  const directory = copy.git;
  const head = (await textOf(join(directory, 'HEAD'), smallMost))?.trim();
  if (head === undefined) return { kind: 'unreadable', why: 'it has no HEAD' };
  if (id.test(head)) return { kind: 'commit', id: head, branch: '' };
  const shared = (await textOf(join(directory, 'commondir'), smallMost))?.trim();
  const common = shared === undefined || shared === '' ? directory : resolve(directory, shared);
  const first = /^ref:\s*(\S+)$/.exec(head)?.[1] ?? '';
  let ref = first;
  for (let n = 0; n < chainMost; n += 1) {
    if (!refName.test(ref) || ref.includes('..')) {
      return { kind: 'unreadable', why: 'its HEAD names no branch' };
    }
    const loose =
      (await textOf(join(directory, ref), smallMost)) ??
      (await textOf(join(common, ref), smallMost));
    const value = (loose ?? (await packed(common, ref)))?.trim();
    if (value === undefined) {
      const other = (await stat(join(common, 'reftable')).catch(() => null)) !== null;
      const why = other
        ? 'its refs are in a format that is not read'
        : 'its branch has no commit yet';
      return { kind: 'unreadable', why };
    }
    if (id.test(value)) return { kind: 'commit', id: value, branch: branchOf(first) };
    ref = /^ref:\s*(\S+)$/.exec(value)?.[1] ?? '';
  }
  return { kind: 'unreadable', why: 'its branches name each other' };
};

/** Where the objects of the working copy around a folder are; null when there is none. */
export const gitPlaces = async (
  folder: string,
): Promise<{ readonly top: string; readonly objects: string } | null> => {
  const copy = await workingCopy(folder);
  if (copy === null) return null;
  const shared = (await textOf(join(copy.git, 'commondir'), smallMost))?.trim();
  const common = shared === undefined || shared === '' ? copy.git : resolve(copy.git, shared);
  return { top: copy.top, objects: join(common, 'objects') };
};

/** The top of the working copy around a folder; the folder itself when there is none. */
export const workingCopyTop = async (folder: string): Promise<string> =>
  (await workingCopy(folder))?.top ?? resolve(folder);
