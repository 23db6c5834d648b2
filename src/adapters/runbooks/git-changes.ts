import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type GitObjects, gitObjects } from './git-objects.ts';

/** Files of a folder that are not as the commit has them. */
export type GitChanges =
  | {
      readonly kind: 'known';
      /** Paths from the folder: changed, added, or gone. In order. */
      readonly paths: readonly string[];
    }
  /** The commit cannot be read whole: nothing is said. */
  | { readonly kind: 'unknown' };

const entriesMost = 50_000;
const depthMost = 20;

interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

const entriesOf = (tree: Buffer, idBytes: number): readonly TreeEntry[] | null => {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1 || end + 1 + idBytes > tree.length) return null;
    const id = tree.toString('hex', end + 1, end + 1 + idBytes);
    entries.push({
      mode: tree.toString('latin1', at, space),
      name: tree.toString('utf8', space + 1, end),
      id,
    });
    at = end + 1 + idBytes;
  }
  return entries;
};

/** A link or another repository: what is behind it is not of this one. */
const isElsewhere = ({ mode }: TreeEntry): boolean => mode === '120000' || mode === '160000';
const isTree = ({ mode }: TreeEntry): boolean => mode === '40000';
const isFile = ({ mode }: TreeEntry): boolean => mode.startsWith('100');

interface Known {
  /** Ids of Markdown files, by their paths from the folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly elsewhere: ReadonlySet<string>;
}

/** What a commit has under a folder; null when something cannot be read. */
const filesOf = async (
  objects: GitObjects,
  commit: string,
  folder: readonly string[],
): Promise<Known | null> => {
  const idBytes = commit.length / 2;
  const treeOf = async (id: string): Promise<readonly TreeEntry[] | null> => {
    const found = await objects.get(id);
    return found?.type === 'tree' ? entriesOf(found.data, idBytes) : null;
  };
  const head = await objects.get(commit);
  const root =
    head?.type === 'commit' ? /^tree ([0-9a-f]+)\n/.exec(head.data.toString('latin1')) : null;
  let at = root === null ? null : await treeOf(root[1] ?? '');
  for (const name of folder) {
    if (at === null) return null;
    const next = at.find((entry) => isTree(entry) && entry.name === name);
    // The folder is not in the commit at all.
    if (next === undefined) return { files: new Map(), elsewhere: new Set() };
    at = await treeOf(next.id);
  }
  if (at === null) return null;
  const files = new Map<string, string>();
  const elsewhere = new Set<string>();
  const enter = async (entries: readonly TreeEntry[], before: string, depth: number) => {
    for (const entry of entries) {
      if (files.size > entriesMost) return false;
      const path = `${before}${entry.name}`;
      if (isElsewhere(entry)) elsewhere.add(path);
      else if (isFile(entry)) {
        if (/\.(?:md|markdown)$/i.test(entry.name)) files.set(path, entry.id);
      } else if (isTree(entry) && depth < depthMost && !entry.name.startsWith('.')) {
        const inner = await treeOf(entry.id);
        if (inner === null || !(await enter(inner, `${path}/`, depth + 1))) return false;
      }
    }
    return true;
  };
  return (await enter(at, '', 0)) ? { files, elsewhere } : null;
};

const isBehind = (path: string, elsewhere: ReadonlySet<string>): boolean =>
  path.split('/').some((_, n, parts) => elsewhere.has(parts.slice(0, n + 1).join('/')));

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const blobId = (data: Buffer, algorithm: 'sha1' | 'sha256'): string =>
  createHash(algorithm).update(`blob ${data.length}\0`).update(data).digest('hex');

/** Git may write other line ends into the working copy than it keeps. */
const withoutReturns = (data: Buffer): Buffer =>
  data.includes('\r\n')
    ? Buffer.from(data.toString('latin1').replace(/\r\n/g, '\n'), 'latin1')
    : data;

const agrees = async (path: string, id: string): Promise<boolean> => {
  const algorithm = id.length === 64 ? 'sha256' : 'sha1';
  const data = await readFile(path).catch(() => null);
  if (data === null) return false;
  return blobId(data, algorithm) === id || blobId(withoutReturns(data), algorithm) === id;
};

export interface ChangesOptions {
  /** The folder that has `.git`. */
  readonly top: string;
  /** The folder of git's objects. */
  readonly objects: string;
  /** Id of the commit. */
  readonly commit: string;
  /** The folder of runbooks, in `top`. */
  readonly folder: string;
  /** Files that were read there, from the folder. */
  readonly files: readonly string[];
  /** Whether these are all that there are: then one that the commit has besides is gone. */
  readonly all: boolean;
}

/**
 * Which runbooks differ from the commit that the working copy stands on, told from git's own files: no command is run, and
 * no filter or hook of the repository. Other files do not matter.
 */
export const gitChanges = async (
  { top, objects, commit, folder, files, all }: ChangesOptions,
  signal: AbortSignal,
): Promise<GitChanges> => {
  const inside = relative(top, folder);
  if (inside.startsWith('..')) return { kind: 'unknown' };
  const parts = inside === '' ? [] : inside.split(sep);
  const known = await filesOf(await gitObjects(objects), commit, parts);
  if (known === null) return { kind: 'unknown' };
  const changed: string[] = [];
  for (const path of files) {
    if (signal.aborted) return { kind: 'unknown' };
    if (isBehind(path, known.elsewhere)) continue;
    const id = known.files.get(path);
    if (id === undefined || !(await agrees(join(folder, path), id))) changed.push(path);
  }
  const read = new Set(files);
  for (const path of all ? known.files.keys() : []) {
    // Some are there and are left out on purpose.
    if (!read.has(path) && !(await isThere(join(folder, path)))) changed.push(path);
  }
  changed.sort();
  return { kind: 'known', paths: changed };
};
