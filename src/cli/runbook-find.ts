import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileRead } from '../adapters/runbooks/read-folder.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { closest } from '../kernel/spelling.ts';
import { foldedName, stemOf } from '../runbooks/resolve/index-runbook.ts';
import type { LibraryEntry } from '../runbooks/resolve/library.ts';
import { matchedText } from '../runbooks/resolve/resolution.ts';
import { resolveRunbook } from '../runbooks/resolve/resolve-runbook.ts';
import { type OpenedLibrary, openFile, readEntry, readRunbookPage } from './runbook-library.ts';

/** A runbook with the reason why it is this one. */
export interface FoundRunbook {
  readonly text: string;
  /** What it is called in messages. */
  readonly path: string;
  readonly fragment: string;
  /** In words. */
  readonly why: string;
  /** Null for a page. */
  readonly entry: LibraryEntry | null;
  /** How old a copy of a page is and why it is used, in words; '' when there is nothing to say. */
  readonly note: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

export const entryPath = ({ source, path }: LibraryEntry): string =>
  `${source.kind === 'configMap' ? source.name : source.root}/${path}`;

const fromEntry = async (
  entry: LibraryEntry,
  fragment: string,
  why: string,
  texts?: OpenedLibrary['texts'],
): Promise<Result<FoundRunbook>> => {
  const read: Result<FileRead> = await readEntry(entry, texts);
  if (!read.ok) return read;
  const path = entryPath(entry);
  return ok({ text: read.value.text, path, fragment, why, entry, note: '' });
};

const several = (name: string, entries: readonly LibraryEntry[]): Result<never> =>
  failed(
    failure('misconfigured', 'find the runbook', `"${name}" may be several runbooks`, {
      on: name,
      hint: `give the path: ${entries.map(entryPath).join(', ')}`,
    }),
  );

const missing = (name: string, { library }: OpenedLibrary): Result<never> => {
  const near = closest(
    name,
    library.entries.flatMap((e) => [stemOf(e.path), ...e.alerts]),
  );
  return failed(
    failure('absent', 'find the runbook', `there is no runbook "${name}"`, {
      on: name,
      hint: near === null ? '"midwatch runbook list" shows what there is' : `did you mean ${near}?`,
    }),
  );
};

const fromPage = async (
  url: string,
  fragment: string,
  why: string,
  opened: OpenedLibrary,
  env: Env,
  version: string,
  signal: AbortSignal,
): Promise<Result<FoundRunbook>> => {
  const page = await readRunbookPage(url, opened.settings, env, version, signal);
  if (!page.ok) return page;
  const { text, fetchedAt, from } = page.value;
  const at = new Date(fetchedAt).toISOString();
  const note = from.kind === 'offline' ? `a copy of ${at}: ${from.failure.message}` : `as of ${at}`;
  return ok({ text, path: url, fragment, why, entry: null, note });
};

/** A runbook by its file, the name of an alert, the name of its file, or an address. */
export const findRunbook = async (
  name: string,
  opened: OpenedLibrary,
  env: Env,
  version: string,
  signal: AbortSignal,
): Promise<Result<FoundRunbook>> => {
  const web = /^(?:https?|file):\/\//i.test(name);
  const [file = name, fragment = ''] = name.split('#');
  if (!web && isFile(file)) {
    const entry = await openFile(resolve(file));
    return entry.ok ? fromEntry(entry.value, fragment, 'the file that was named') : entry;
  }
  const folded = foldedName(stemOf(file));
  const called = web
    ? []
    : opened.library.entries.filter(
        (e) => e.path === file || foldedName(stemOf(e.path)) === folded,
      );
  const [first] = called.filter((e) => e.source === called[0]?.source);
  const same = called.filter((e) => e.source === first?.source);
  if (first !== undefined) {
    return same.length === 1
      ? fromEntry(first, fragment, `the file is called ${first.path}`, opened.texts)
      : several(name, same);
  }
  const alert = web
    ? { labels: {}, annotations: { runbook_url: name } }
    : { labels: { alertname: name }, annotations: {} };
  const found = resolveRunbook(alert, opened.library, opened.settings);
  // A default is for an alert that fires; who asks for a name has another one in mind.
  const byDefault = found.kind !== 'missing' && found.by.rule === 'category';
  if (found.dead !== null) {
    const { why, hint } = found.dead;
    return failed(failure('absent', 'find the runbook', why, { on: name, hint }));
  }
  if (found.kind === 'missing' || byDefault) return missing(name, opened);
  const why = matchedText(found.by);
  switch (found.kind) {
    case 'found':
      return fromEntry(found.entry, found.fragment, why, opened.texts);
    case 'page':
      return fromPage(found.url, found.fragment, why, opened, env, version, signal);
    default:
      return several(name, found.entries);
  }
};
