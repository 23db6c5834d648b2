import { behindPrefix, safePath } from './address.ts';
import type { Library, LibraryEntry, RunbookSource } from './library.ts';

/** An address, or a part of it, as a folder on this machine. */
export interface Prefix {
  readonly from: string;
  /** Absolute, without a slash at the end. */
  readonly to: string;
}

/** Endings that an address may leave out. */
const endings = ['', '.md', '.markdown', '/index.md', '/README.md', '/_index.md'];

const byPath = new WeakMap<Library, ReadonlyMap<string, LibraryEntry>>();

/** Made once for each library: names that differ in case alone are kept apart by the exact one. */
const pathsOf = (library: Library): ReadonlyMap<string, LibraryEntry> => {
  const had = byPath.get(library);
  if (had !== undefined) return had;
  const made = new Map<string, LibraryEntry>();
  for (const entry of library.entries) {
    const path = `${entry.source.root}/${entry.path}`;
    made.set(path, entry);
    const low = path.toLowerCase();
    if (!made.has(low)) made.set(low, entry);
  }
  byPath.set(library, made);
  return made;
};

/** The file of an absolute path, with or without its ending; case matters only where it decides. */
export const fileAt = (library: Library, path: string): LibraryEntry | null => {
  const paths = pathsOf(library);
  const bare = path.replace(/\/+$/, '');
  for (const ending of endings) {
    const exact = paths.get(`${bare}${ending}`);
    if (exact !== undefined) return exact;
  }
  for (const ending of endings) {
    const near = paths.get(`${bare}${ending}`.toLowerCase());
    if (near !== undefined) return near;
  }
  return null;
};

export const isUnder = (path: string, { root }: RunbookSource): boolean =>
  path === root || path.startsWith(`${root}/`);

export type Mapped =
  | { readonly kind: 'found'; readonly entry: LibraryEntry; readonly from: string }
  /** A prefix says where it should be, and there is nothing. */
  | { readonly kind: 'nothing'; readonly from: string; readonly path: string }
  | { readonly kind: 'climbs' }
  | { readonly kind: 'unmapped' };

/** The file that a prefix makes of an address; the longest prefix decides. */
export const mapped = (library: Library, prefixes: readonly Prefix[], url: string): Mapped => {
  const longest = [...prefixes].sort((a, b) => b.from.length - a.from.length);
  for (const { from, to } of longest) {
    const rest = behindPrefix(url, from);
    if (rest === null) continue;
    const path = safePath(rest);
    if (path === null) return { kind: 'climbs' };
    const file = path === '' ? to : `${to}/${path}`;
    const entry = fileAt(library, file);
    return entry === null ? { kind: 'nothing', from, path: file } : { kind: 'found', entry, from };
  }
  return { kind: 'unmapped' };
};

/** The page that says of itself that it has this address too. */
export const aliased = (library: Library, url: string): LibraryEntry | null => {
  const path = (URL.canParse(url) ? new URL(url).pathname : url).replace(/\/+$/, '').toLowerCase();
  if (path === '') return null;
  const same = (alias: string): boolean => alias.replace(/\/+$/, '').toLowerCase() === path;
  return library.entries.find((entry) => entry.aliases.some(same)) ?? null;
};
