import type { CommitAnnotation } from './commit-annotation.ts';
import type { LibraryEntry } from './library.ts';

/** Which rule has led to a runbook, with what it matched. Shown with it, so that nobody has to wonder. */
export type Matched =
  | { readonly rule: 'prefix'; readonly from: string; readonly url: string }
  /** The page's own `aliases:`. */
  | { readonly rule: 'alias'; readonly url: string }
  | { readonly rule: 'file'; readonly path: string }
  | { readonly rule: 'address'; readonly url: string }
  | { readonly rule: 'alerts'; readonly pattern: string }
  | { readonly rule: 'file-name'; readonly name: string }
  | { readonly rule: 'category'; readonly category: string };

/** An address of an alert that leads nowhere, and why. It is shown even when another rule finds something. */
export interface DeadLink {
  readonly annotation: string;
  readonly url: string;
  readonly why: string;
  readonly hint: string;
}

interface Common {
  /** Null when the address of the alert is well, or it has none. */
  readonly dead: DeadLink | null;
  readonly commit: CommitAnnotation;
}

/** Where the runbook of an alert is. Nothing is guessed: what cannot be told is a state of its own. */
export type Resolution =
  | (Common & {
      readonly kind: 'found';
      readonly by: Matched;
      readonly entry: LibraryEntry;
      /** Only what stands under this heading; '' is all. */
      readonly fragment: string;
    })
  /** Its page is to be fetched, or taken from the copies of pages that were. */
  | (Common & {
      readonly kind: 'page';
      readonly by: Matched;
      readonly url: string;
      readonly fragment: string;
    })
  /** Several are as good as each other. */
  | (Common & {
      readonly kind: 'several';
      readonly by: Matched;
      readonly entries: readonly LibraryEntry[];
    })
  | (Common & { readonly kind: 'missing' });

/** In words, for beside the title. */
export const matchedText = (by: Matched): string => {
  switch (by.rule) {
    case 'prefix':
      return `its address begins with ${by.from}`;
    case 'alias':
      return `the runbook says that ${by.url} is it`;
    case 'file':
      return `the alert names ${by.path}`;
    case 'address':
      return `the alert links ${by.url}`;
    case 'alerts':
      return `the runbook is for ${by.pattern}`;
    case 'file-name':
      return `the file is called ${by.name}`;
    case 'category':
      return `the default for ${by.category} alerts`;
  }
};
