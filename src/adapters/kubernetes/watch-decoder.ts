/** How objects are written on the wire. */
export type Encoding = 'protobuf' | 'json';

/** The server's own `Status` object, as far as it decides what to do next. */
export interface ServerStatus {
  /** HTTP-like code; 0 when the server gave none. */
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** 0 when the server named no wait. */
  readonly retryAfterSeconds: number;
}

/**
 * One thing said by a watch or by a page of a list.
 * `put` an object as it is now. `del` it is gone. `note` about all of them, e.g. the columns of a table.
 * `bookmark` nothing changed up to this revision; `initialEnd` closes the initial events of a WatchList.
 * `page` the list's own metadata; `next` is the token of the next page or ''.
 * `error` the server ends the watch. `bad` one item did not parse and was skipped.
 * `broken` nothing after this can be parsed.
 */
export type WatchItem<S, N> =
  | {
      readonly kind: 'put';
      readonly key: string;
      readonly revision: string;
      readonly object: S;
    }
  | { readonly kind: 'del'; readonly key: string; readonly revision: string }
  | { readonly kind: 'note'; readonly note: N }
  | { readonly kind: 'bookmark'; readonly revision: string; readonly initialEnd: boolean }
  | { readonly kind: 'page'; readonly revision: string; readonly next: string }
  | { readonly kind: 'error'; readonly status: ServerStatus }
  | { readonly kind: 'bad'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: string };

/** Incremental: bytes in as they come, whole items out. Keeps at most one unfinished item. */
export interface Decoder<S, N> {
  push(chunk: Uint8Array): readonly WatchItem<S, N>[];
  /** The stream has ended: what was kept back, e.g. `broken` when it stops inside a list. */
  end(): readonly WatchItem<S, N>[];
}

/** One resource in one scope: where it is, and how its answers are read. `S` is the slim object, `N` what notes carry. */
export interface WatchSource<S, N = never> {
  /** For people and failures: `pods`. */
  readonly title: string;
  readonly path: string;
  /** Selection for every request, e.g. `fieldSelector=type!%3DNormal`; '' for none. */
  readonly query: string;
  /** Best first; the next is tried when the server or the decoder refuses one. */
  readonly encodings: readonly Encoding[];
  accept(encoding: Encoding, of: 'watch' | 'list'): string;
  watchDecoder(encoding: Encoding): Decoder<S, N>;
  listDecoder(encoding: Encoding): Decoder<S, N>;
  /** What of an object makes it differ from an earlier state of itself. */
  news(object: S): unknown;
}
