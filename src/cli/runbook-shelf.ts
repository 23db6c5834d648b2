import { readFileIn } from '../adapters/runbooks/read-folder.ts';
import { runbookHash } from '../adapters/runs.ts';
import type { Book } from '../runbooks/machine/intent.ts';
import { parseRunbook } from '../runbooks/parse-runbook.ts';
import type { Plan } from '../runbooks/plan.ts';
import { matchedText, type Resolution } from '../runbooks/resolve/resolution.ts';
import { resolveRunbook } from '../runbooks/resolve/resolve-runbook.ts';
import { entryKey, type PageState, type Shelf } from '../views/runbook/desk.ts';
import { runbookContent } from '../views/runbook/runbook-content.ts';
import { runbooksContent } from '../views/runbook/runbooks-content.ts';
import { type ConfigMapBooks, failuresOf, textsOf, withConfigMaps } from './config-map-books.ts';
import type { RunbookSettings } from './runbook-config.ts';
import { openLibrary } from './runbook-library.ts';

/** The runbooks of a session, and the texts that its runs began with. */
export interface OpenShelf extends Shelf {
  /** The text of a book, to be kept with a run. */
  textOf(book: Book): string | null;
  /** A text that a run began with; by its path it is read as it was then. */
  add(text: string, path: string): void;
  /** What became of reading a page, with its text when it was read. */
  putPage(url: string, state: PageState, text?: string): void;
  /** ConfigMaps as they are now; runs go on with the texts that they began with. */
  renew(books: readonly ConfigMapBooks[]): void;
}

/** Behind `#` only what is under that heading is meant. */
const fragmentOf = (path: string): string => {
  const at = path.indexOf('#');
  return at === -1 ? '' : path.slice(at + 1);
};

/**
 * Reads every runbook of the folders, once: what is on the screen does not change under whoever walks it. Parsing waits
 * until one is opened. Those of ConfigMaps come with `renew`.
 */
export const openShelf = async (
  settings: RunbookSettings,
  closed: (plan: Plan) => string,
  signal: AbortSignal,
): Promise<OpenShelf> => {
  const opened = await openLibrary(settings, signal);
  const inFolders = new Map<string, string>();
  for (const entry of opened.library.entries) {
    const read = await readFileIn(entry.source.root, entry.path);
    if (read.ok) inFolders.set(entryKey(entry), read.value.text);
  }
  let { library, failures } = opened;
  let texts: ReadonlyMap<string, string> = inFolders;
  const books = new Map<string, Book>();
  const byHash = new Map<string, Book>();
  const textByHash = new Map<string, string>();
  const parsed = (text: string, path: string): Book => {
    const hash = runbookHash(text);
    const { runbook } = parseRunbook(text, path, fragmentOf(path));
    const book: Book = { hash, runbook };
    byHash.set(hash, book);
    textByHash.set(hash, text);
    return book;
  };
  const pages = new Map<string, PageState>();
  const pageTexts = new Map<string, string>();
  const unreachable = new Map<string, string>();
  let resolutions = new WeakMap<object, { annotations: object; found: Resolution }>();
  return {
    get library() {
      return library;
    },
    get failures() {
      return failures;
    },
    renew: (maps) => {
      library = withConfigMaps(opened.library, maps);
      failures = [...opened.failures, ...failuresOf(maps)];
      const inMaps = [...textsOf(maps)].map(([entry, text]) => [entryKey(entry), text] as const);
      texts = new Map([...inFolders, ...inMaps]);
      resolutions = new WeakMap();
      books.clear();
    },
    // Asked for each line of each frame: an alert has the same objects until it changes.
    resolve: ({ labels, annotations }) => {
      const had = resolutions.get(labels);
      if (had?.annotations === annotations) return had.found;
      const found = resolveRunbook({ labels, annotations }, library, opened.settings, unreachable);
      resolutions.set(labels, { annotations, found });
      return found;
    },
    why: matchedText,
    bookAt: (key) => {
      const had = books.get(key);
      if (had !== undefined) return had;
      const bare = key.replace(/#.*$/, '');
      const text = texts.get(bare) ?? pageTexts.get(bare);
      if (text === undefined) return null;
      const book = parsed(text, key);
      books.set(key, book);
      return book;
    },
    pageAt: (url) => pages.get(url) ?? { kind: 'unread' },
    putPage: (url, state, text) => {
      pages.set(url, state);
      if (state.kind === 'failed') unreachable.set(url, state.why);
      else unreachable.delete(url);
      resolutions = new WeakMap();
      if (text === undefined) return;
      pageTexts.set(url, text);
      for (const key of [...books.keys()]) {
        if (key.replace(/#.*$/, '') === url) books.delete(key);
      }
    },
    bookOf: (hash) => byHash.get(hash) ?? null,
    textOf: ({ hash }) => textByHash.get(hash) ?? null,
    add: (text, path) => void parsed(text, path),
    closed,
    paint: { list: runbooksContent, runbook: runbookContent },
  };
};
