import type { Failure } from '../../kernel/failure.ts';
import type { RunAlert } from '../../kernel/run-fact.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Book, Intent } from '../../runbooks/machine/intent.ts';
import type { Plan } from '../../runbooks/plan.ts';
import { type Library, type LibraryEntry, shortCommit } from '../../runbooks/resolve/library.ts';
import type { Matched, Resolution } from '../../runbooks/resolve/resolution.ts';
import type { AlertNamed } from '../../runbooks/resolve/resolve-runbook.ts';
import { line, span } from '../parts/line.ts';
import { type Content, textRows, type ViewInput } from '../view.ts';

/** What somebody wants to happen in a run, as the screen asks for it. */
export type WalkIntent =
  | Intent
  /** A run begins at the first step. */
  | { readonly kind: 'start' }
  /** A task of the step is carried out, as far as it only reads. */
  | { readonly kind: 'run'; readonly task: string }
  /** The screen asks whether the run is really to be abandoned; nothing happens to it. */
  | { readonly kind: 'confirm'; readonly reason: string };

export interface Walk {
  /** Id of the run; null where one is to begin. */
  readonly run: string | null;
  readonly book: Book;
  readonly alert: RunAlert | null;
  readonly intent: WalkIntent;
}

/** What is known of a page of the web. */
export type PageState =
  | { readonly kind: 'unread' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly why: string; readonly hint: string }
  | {
      readonly kind: 'read';
      /** When its server last said that this is it. */
      readonly fetchedAt: EpochMs;
      /** Why the server cannot be asked now; '' when it can. */
      readonly note: string;
    };

/** The runbooks that there are, read. */
export interface Shelf {
  readonly library: Library;
  /** Folders and ConfigMaps that cannot be read at all. */
  readonly failures: readonly Failure[];
  resolve(alert: AlertNamed): Resolution;
  /** In words, which rule has led to a runbook. */
  why(by: Matched): string;
  /** By `entryKey`, with the part behind `#` where only that is meant; null when it is not there. */
  bookAt(key: string): Book | null;
  /** A page by its address, without what is behind #. */
  pageAt(url: string): PageState;
  /** The text that a run began with, by its hash; null when it is not read, or was not kept. */
  bookOf(hash: string): Book | null;
  /** Why a plan is not carried out here; '' when it is. */
  closed(plan: Plan): string;
  /** What the views paint; with the runbooks loaded, because all that parses and draws is. */
  readonly paint: {
    list(shelf: Shelf, input: ViewInput): Content;
    runbook(shelf: Shelf, input: ViewInput): Content;
  };
}

/** Runbooks are read on first use: nothing of them may slow the first frame. */
export type DeskState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'open'; readonly shelf: Shelf };

export type Desk = () => DeskState;

/** What is known of the runbook of an alert, for its line and its details. */
export type RunbookMark =
  /** Runbooks are not read yet. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'found'; readonly title: string; readonly from: string; readonly by: string }
  | { readonly kind: 'none'; readonly dead: string };

export type RunbookFinder = (alert: AlertNamed) => RunbookMark;

const from = (entries: readonly LibraryEntry[]): string =>
  entries
    .map((e) => [entryKey(e), shortCommit(e.source.commit)].filter((t) => t !== '').join(' @ '))
    .join(', ');

export const finderOf =
  (desk: Desk): RunbookFinder =>
  (alert) => {
    const state = desk();
    if (state.kind !== 'open') return { kind: 'unread' };
    const { shelf } = state;
    const found = shelf.resolve(alert);
    switch (found.kind) {
      case 'found':
        return {
          kind: 'found',
          title: found.entry.title,
          from: from([found.entry]),
          by: shelf.why(found.by),
        };
      case 'several':
        return {
          kind: 'found',
          title: `one of ${found.entries.length}: r chooses`,
          from: from(found.entries),
          by: shelf.why(found.by),
        };
      case 'page':
        return { kind: 'found', title: 'a page', from: found.url, by: shelf.why(found.by) };
      default:
        return {
          kind: 'none',
          dead: found.dead === null ? '' : `${found.dead.url}: ${found.dead.why}`,
        };
    }
  };

/** A desk without runbooks, for screens that have none. */
export const noDesk: Desk = () => ({ kind: 'failed', why: 'runbooks are not read here' });

/** By which an entry is named in the arguments of a view, and in a run. */
export const entryKey = ({ source, path }: LibraryEntry, fragment = ''): string =>
  `${source.name}/${path}${fragment === '' ? '' : `#${fragment}`}`;

/** What is painted on an open desk; on another, why there is nothing yet. */
export const onDesk = (
  state: DeskState,
  title: string,
  paint: (shelf: Shelf) => Content,
): Content => {
  if (state.kind === 'open') return paint(state.shelf);
  const text =
    state.kind === 'loading'
      ? ' runbooks are being read'
      : ` runbooks could not be read: ${state.why}`;
  const style = state.kind === 'loading' ? 'dim' : 'bad';
  return { title, head: [], rows: textRows([]), empty: [line(span(text, style))] };
};
