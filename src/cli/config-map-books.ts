import { configMapTitle, readConfigMap } from '../adapters/runbooks/read-config-map.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failure } from '../kernel/failure.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import { indexRunbook } from '../runbooks/resolve/index-runbook.ts';
import type { Library, LibraryEntry, RunbookSource } from '../runbooks/resolve/library.ts';

/** Runbooks of one ConfigMap, and how it went to read them. */
export interface ConfigMapBooks {
  /** `namespace/name` */
  readonly name: string;
  /** Null when it was never read. */
  readonly source: RunbookSource | null;
  readonly entries: readonly LibraryEntry[];
  readonly texts: ReadonlyMap<LibraryEntry, string>;
  /** Why it could not be read now; what was read before is kept. */
  readonly failure: Failure | null;
}

export interface ConfigMapDeps {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly clock: Clock;
}

const unread = (name: string): ConfigMapBooks => ({
  name,
  source: null,
  entries: [],
  texts: new Map(),
  failure: null,
});

const versionOf = ({ source }: ConfigMapBooks): string =>
  source?.commit.kind === 'resourceVersion' ? source.commit.id : '';

const readOne = async (
  had: ConfigMapBooks,
  deps: ConfigMapDeps,
  signal: AbortSignal,
): Promise<ConfigMapBooks> => {
  const { name } = had;
  const read = await readConfigMap(name, indexRunbook, deps, signal);
  if (!read.ok) return { ...had, failure: read.failure };
  const { version, files, problems } = read.value;
  // The same entries again: whoever has resolved an alert to one of them need not do so anew.
  if (version === versionOf(had)) return had.failure === null ? had : { ...had, failure: null };
  const source: RunbookSource = {
    name: configMapTitle(name),
    kind: 'configMap',
    root: `configmap:${name}`,
    commit: { kind: 'resourceVersion', id: version },
    problems,
  };
  const texts = new Map<LibraryEntry, string>();
  for (const { path, modified, card, text } of files) {
    texts.set({ source, path, modified, ...card }, text);
  }
  return { name, source, entries: [...texts.keys()], texts, failure: null };
};

/** Reads ConfigMaps, all at once; each in bounded time. `before`: what the last reading has brought. */
export const readConfigMaps = (
  names: readonly string[],
  deps: ConfigMapDeps,
  signal: AbortSignal,
  before: readonly ConfigMapBooks[] = [],
): Promise<readonly ConfigMapBooks[]> =>
  Promise.all(
    [...new Set(names)].map((name) =>
      readOne(before.find((b) => b.name === name) ?? unread(name), deps, signal),
    ),
  );

/** A library with ConfigMaps in it: behind the folders of a person, before what is shipped. */
export const withConfigMaps = (
  { sources, entries }: Library,
  books: readonly ConfigMapBooks[],
): Library => {
  const own = (source: RunbookSource): boolean => source.kind !== 'shipped';
  return {
    sources: [
      ...sources.filter(own),
      ...books.flatMap(({ source }) => (source === null ? [] : [source])),
      ...sources.filter((source) => !own(source)),
    ],
    entries: [
      ...entries.filter(({ source }) => own(source)),
      ...books.flatMap((b) => b.entries),
      ...entries.filter(({ source }) => !own(source)),
    ],
  };
};

/** Those that could not be read now. */
export const failuresOf = (books: readonly ConfigMapBooks[]): readonly Failure[] =>
  books.flatMap(({ failure }) => (failure === null ? [] : [failure]));

export const textsOf = (books: readonly ConfigMapBooks[]): ReadonlyMap<LibraryEntry, string> =>
  new Map(books.flatMap(({ texts }) => [...texts]));
