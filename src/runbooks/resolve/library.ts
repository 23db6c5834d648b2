import type { RunbookCard } from './index-runbook.ts';

/** What is known of the history of a folder. */
export type Commit =
  | { readonly kind: 'commit'; readonly id: string; readonly branch: string }
  /** Of a ConfigMap. */
  | { readonly kind: 'resourceVersion'; readonly id: string }
  /** It is no working copy. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A folder of runbooks, or a ConfigMap with them. */
export interface RunbookSource {
  /** For people: the folder, `shipped`, or `configmap namespace/name`. */
  readonly name: string;
  readonly kind: 'folder' | 'configMap' | 'shipped';
  /** Absolute, without a slash at the end; `configmap:namespace/name` is no folder. */
  readonly root: string;
  readonly commit: Commit;
  /** Files beyond what is read, unreadable folders: what is missing in the list, in words. */
  readonly problems: readonly string[];
}

export interface LibraryEntry extends RunbookCard {
  readonly source: RunbookSource;
  /** From the root, with slashes. */
  readonly path: string;
  /** When the file was last written, epoch milliseconds. */
  readonly modified: number;
}

/** All runbooks there are, those of the sources first that come first. */
export interface Library {
  readonly sources: readonly RunbookSource[];
  readonly entries: readonly LibraryEntry[];
}

export const emptyLibrary: Library = { sources: [], entries: [] };

/** Short enough to read, long enough to find it; '' when there is none. */
export const shortCommit = (commit: Commit): string => {
  switch (commit.kind) {
    case 'commit':
      return commit.id.slice(0, 7);
    case 'resourceVersion':
      return commit.id;
    default:
      return '';
  }
};
