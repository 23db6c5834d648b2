import type { RunbookCard } from './index-runbook.ts';

/** What is known of the history of a folder. */
export type Commit =
  | {
      readonly kind: 'commit';
      readonly id: string;
      readonly branch: string;
      /** Runbooks that are not as the commit has them, by their paths; null when that cannot be told. */
      readonly changed: readonly string[] | null;
    }
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

/** Whether a file is not as the commit of its working copy has it. */
export const isChanged = ({ source: { commit }, path }: LibraryEntry): boolean =>
  commit.kind === 'commit' && commit.changed?.includes(path) === true;

/** Short enough to read, long enough to find it, with what git calls it when files were changed; '' when there is none. */
export const shortCommit = (commit: Commit): string => {
  switch (commit.kind) {
    case 'commit':
      return `${commit.id.slice(0, 7)}${(commit.changed?.length ?? 0) > 0 ? '-dirty' : ''}`;
    case 'resourceVersion':
      return commit.id;
    default:
      return '';
  }
};
