import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../adapters/clock.ts';
import { fetchPage } from '../adapters/runbooks/fetch-page.ts';
import { type ChangesOptions, gitChanges } from '../adapters/runbooks/git-changes.ts';
import { gitCommit, gitPlaces, workingCopyTop } from '../adapters/runbooks/git-commit.ts';
import { openPageCache } from '../adapters/runbooks/page-cache.ts';
import { type FileRead, liesIn, readFileIn, readFolder } from '../adapters/runbooks/read-folder.ts';
import { type Page, readPage } from '../adapters/runbooks/read-page.ts';
import { type Failure, ok, type Result } from '../kernel/failure.ts';
import { mayFetch } from '../runbooks/resolve/address.ts';
import { indexRunbook } from '../runbooks/resolve/index-runbook.ts';
import type { Commit, Library, LibraryEntry, RunbookSource } from '../runbooks/resolve/library.ts';
import type { ResolveSettings } from '../runbooks/resolve/resolve-runbook.ts';
import { type ConfigMapBooks, failuresOf, textsOf, withConfigMaps } from './config-map-books.ts';
import type { RunbookSettings } from './runbook-config.ts';

/** Beside the bundle's folder, or two folders up when run from source. */
export const shippedDirectory = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  return join(here, here.endsWith('cli') ? '../../runbooks' : '../runbooks');
};

export interface OpenedLibrary {
  readonly library: Library;
  /** With the folders as they are on disk, so that addresses lead into them. */
  readonly settings: ResolveSettings;
  /** Folders and ConfigMaps that cannot be read at all. */
  readonly failures: readonly Failure[];
  /** Of entries that are in no folder. */
  readonly texts: ReadonlyMap<LibraryEntry, string>;
}

/** Without links in the way; as it is when there is nothing. */
export const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

interface Wanted {
  readonly path: string;
  readonly name: string;
  readonly kind: RunbookSource['kind'];
}

/** Folders to read, each once: one that lies in another is read with it. */
const wantedOf = (settings: RunbookSettings, first: readonly string[], shipped: boolean) => {
  const named = [...first, ...settings.folders, ...settings.prefixes.map((p) => p.to)];
  const wanted: Wanted[] = [];
  for (const path of named) {
    const real = realOf(path);
    if (!wanted.some((w) => liesIn(real, w.path))) {
      wanted.push({ path: real, name: path, kind: 'folder' });
    }
  }
  const own = realOf(shippedDirectory());
  return shipped && !wanted.some((w) => liesIn(own, w.path))
    ? [...wanted, { path: own, name: 'shipped', kind: 'shipped' as const }]
    : wanted;
};

/** The commit of the working copy around a folder, and which of its runbooks were changed since. */
const commitOf = async (
  root: string,
  what: Pick<ChangesOptions, 'folder' | 'files' | 'all'>,
  signal: AbortSignal,
): Promise<Commit> => {
  const commit = await gitCommit(root);
  if (commit.kind !== 'commit') return commit;
  const places = await gitPlaces(root);
  const changes =
    places === null ? null : await gitChanges({ ...places, commit: commit.id, ...what }, signal);
  return { ...commit, changed: changes?.kind === 'known' ? changes.paths : null };
};

/**
 * Reads what every runbook is found by: the folders that are set, those that addresses are mapped to, and the ones that
 * midwatch ships. `first`: folders that go before all of them.
 */
export const openLibrary = async (
  settings: RunbookSettings,
  signal: AbortSignal,
  {
    first = [],
    shipped = true,
  }: { readonly first?: readonly string[]; readonly shipped?: boolean } = {},
): Promise<OpenedLibrary> => {
  const sources: RunbookSource[] = [];
  const entries: LibraryEntry[] = [];
  const failures: Failure[] = [];
  const taken = new Set<string>();
  for (const { path, name, kind } of wantedOf(settings, first, shipped)) {
    const read = await readFolder(path, indexRunbook, signal);
    if (!read.ok) {
      failures.push({ ...read.failure, on: name });
      continue;
    }
    const { root, files, problems } = read.value;
    // What is shipped belongs to the program, and not to the repository that it may lie in.
    const own = files.map((file) => file.path);
    const commit =
      kind === 'shipped'
        ? ({ kind: 'none' } as const)
        : await commitOf(root, { folder: root, files: own, all: true }, signal);
    const source: RunbookSource = { name, kind, root, commit, problems };
    sources.push(source);
    for (const file of files) {
      const path = `${root}/${file.path}`;
      if (taken.has(path)) continue;
      taken.add(path);
      entries.push({ source, path: file.path, modified: file.modified, ...file.card });
    }
  }
  const prefixes = settings.prefixes.map(({ from, to }) => ({ from, to: realOf(to) }));
  return {
    library: { sources, entries },
    settings: { prefixes, fetch: settings.fetch, allowHosts: settings.allowHosts },
    failures,
    texts: new Map(),
  };
};

/**
 * One file that is in none of the folders, as part of the working copy around it, or of its folder: no more than the
 * file itself is read.
 */
export const openFile = async (path: string): Promise<Result<LibraryEntry>> => {
  const real = realOf(path);
  const root = await workingCopyTop(dirname(real));
  const inside = relative(root, real).split(sep).join('/');
  const read = await readFileIn(root, inside);
  if (!read.ok) return read;
  const { text, modified } = read.value;
  const { signal } = new AbortController();
  const commit = await commitOf(root, { folder: root, files: [inside], all: false }, signal);
  const source: RunbookSource = { name: root, kind: 'folder', root, commit, problems: [] };
  return ok({ source, path: inside, modified, ...indexRunbook(text, inside) });
};

/** `texts`: of entries that are in no folder. */
export const readEntry = async (
  entry: LibraryEntry,
  texts: ReadonlyMap<LibraryEntry, string> = new Map(),
): Promise<Result<FileRead>> => {
  const text = texts.get(entry);
  return text === undefined
    ? readFileIn(entry.source.root, entry.path)
    : ok({ text, modified: entry.modified });
};

/** With the runbooks of ConfigMaps as they were read. */
export const withBooks = (
  opened: OpenedLibrary,
  books: readonly ConfigMapBooks[],
): OpenedLibrary => ({
  ...opened,
  library: withConfigMaps(opened.library, books),
  failures: [...opened.failures, ...failuresOf(books)],
  texts: textsOf(books),
});

type Env = Readonly<Record<string, string | undefined>>;

/** Copies of pages may be deleted at any time: they are in the directory for that. */
const cachePath = (env: Env): string =>
  join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'midwatch', 'runbooks');

/** A page from its server, or from the copy that was kept of it. */
export const readRunbookPage = (
  url: string,
  settings: ResolveSettings,
  env: Env,
  version: string,
  signal: AbortSignal,
): Promise<Result<Page>> =>
  readPage(
    url,
    {
      cache: openPageCache(cachePath(env)),
      clock: systemClock,
      fetch: (at, etag, abort) => {
        const refuse = (address: string): string | null => {
          const verdict = mayFetch(address, settings);
          return verdict.kind === 'allowed' ? null : verdict.why;
        };
        return fetchPage({ url: at, etag, refuse, clock: systemClock, version }, abort);
      },
    },
    signal,
  );
