import type { StreamItem } from '../../findings/alert-stream.ts';
import { health } from '../../findings/health.ts';
import { absurd } from '../../kernel/absurd.ts';
import { currentVisit, type Run, type RunsState, type Visit } from '../../kernel/run.ts';
import type { RunAlert } from '../../kernel/run-fact.ts';
import { sliceOf, type World } from '../../kernel/world.ts';
import { runs } from '../../probes/runs.ts';
import { changedUnder } from '../../runbooks/machine/changed.ts';
import type { Book } from '../../runbooks/machine/intent.ts';
import type { Plan } from '../../runbooks/plan.ts';
import { isWebPage, pageIsRead } from '../../runbooks/resolve/address.ts';
import type { LibraryEntry } from '../../runbooks/resolve/library.ts';
import type { Resolution } from '../../runbooks/resolve/resolution.ts';
import type { Step } from '../../runbooks/runbook.ts';
import type { ViewInput } from '../view.ts';
import { entryKey, type PageState, type Shelf } from './desk.ts';
import { givenAlert } from './given-alert.ts';

/** A runbook on the screen: where its run stands, and which step is looked at. */
export interface Walking {
  readonly kind: 'walking';
  readonly book: Book;
  /** Null for a runbook that is not on the shelf any more. */
  readonly entry: LibraryEntry | null;
  readonly resolution: Resolution | null;
  readonly alert: RunAlert | null;
  /** Null before it begins. */
  readonly run: Run | null;
  /** Where the run stands; null without a run that goes on. */
  readonly current: { readonly step: Step; readonly visit: Visit } | null;
  /** Null for a runbook without steps. */
  readonly looked: Step | null;
  /** Of a page: what is known of it; null for what is read from disk or from the cluster. */
  readonly page: PageState | null;
  /** The file as it is now, where it is another one than the run follows and nobody has decided yet; else null. */
  readonly newer: Book | null;
}

export type Situation =
  | Walking
  /** No runbook: what was asked for, and how it was looked for. */
  | {
      readonly kind: 'missing';
      readonly alert: RunAlert | null;
      readonly resolution: Exclude<Resolution, { kind: 'found' }> | null;
    }
  /** A page whose text is not here, or not yet. */
  | {
      readonly kind: 'page';
      readonly url: string;
      readonly alert: RunAlert | null;
      readonly page: Exclude<PageState, { kind: 'read' }>;
    }
  /** The text that a run follows is not here. */
  | { readonly kind: 'textless'; readonly run: Run };

const longestWord = 2000;

const clipped = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.slice(0, longestWord)]),
  );

/** An alert as a run keeps it. */
export const runAlert = (item: StreamItem): RunAlert => ({
  fingerprint: item.key,
  name: item.name,
  labels: clipped(item.labels),
  annotations: clipped(item.annotations),
});

/** Of those that fit, the youngest that goes on, else the youngest. */
const runOf = (all: RunsState, fits: (run: Run) => boolean): Run | null => {
  const mine = [...all.values()].filter(fits);
  return mine.findLast(({ ended }) => ended === null) ?? mine.at(-1) ?? null;
};

/** Runs that go on, in the order in which they began. */
export const openRuns = (world: World): readonly Run[] =>
  [...sliceOf(world, runs).state.values()].filter(({ ended }) => ended === null);

/** One file may be several runbooks, each under a heading of its own: the path decides among those of one text. */
const bookOfRun = (shelf: Shelf, { runbook }: Run): Book | null => {
  const now = shelf.bookAt(runbook.path);
  if (now?.hash === runbook.hash) return now;
  const kept = shelf.bookOf(runbook.hash);
  return kept?.runbook.path === runbook.path ? kept : null;
};

const bare = (path: string): string => path.replace(/#.*$/, '');

const pageKey = ({ url, fragment }: Extract<Resolution, { kind: 'page' }>): string =>
  fragment === '' ? url : `${url}#${fragment}`;

const pageOf = (shelf: Shelf, path: string): PageState | null =>
  isWebPage(path) ? shelf.pageAt(bare(path)) : null;

/** What a situation is made of. */
type PlaceInput = Pick<ViewInput, 'world' | 'now' | 'place'>;

/** The address of the page that a place shows, or would show if it were read; null where it shows none. */
export const pageWanted = (shelf: Shelf, input: PlaceInput): string | null => {
  const at = situationOf(shelf, input);
  switch (at.kind) {
    case 'walking':
      return at.page === null ? null : bare(at.book.runbook.path);
    case 'page':
      return at.url;
    case 'textless':
      return isWebPage(at.run.runbook.path) ? bare(at.run.runbook.path) : null;
    case 'missing': {
      const { runbook } = input.place.args;
      if (runbook !== undefined) return isWebPage(runbook) ? bare(runbook) : null;
      return at.resolution?.kind === 'page' ? at.resolution.url : null;
    }
    default:
      return absurd(at);
  }
};

/** Why a task is not carried out here; '' when it is. */
export const closedAt = ({ book }: Walking, shelf: Shelf, plan: Plan): string => {
  const why = shelf.closed(plan);
  return why === '' && isWebPage(book.runbook.path) ? pageIsRead : why;
};

/** What the arguments of a place come to: `alert`, `runbook` and `run`, any of them. */
export const situationOf = (shelf: Shelf, { world, now, place }: PlaceInput): Situation => {
  const { args } = place;
  const all = sliceOf(world, runs).state;
  const item =
    args.alert === undefined
      ? undefined
      : health(world, now).alerts.items.find(({ key }) => key === args.alert);
  const run =
    args.run !== undefined
      ? (all.get(args.run) ?? null)
      : args.alert !== undefined
        ? runOf(all, ({ alert }) => alert?.fingerprint === args.alert)
        : runOf(all, ({ alert, runbook }) => alert === null && runbook.path === args.runbook);
  const alert = item === undefined ? (run?.alert ?? givenAlert(args)) : runAlert(item);
  const resolution = alert === null ? null : shelf.resolve(alert);
  const found = resolution?.kind === 'found' ? resolution : null;
  const key =
    args.runbook ??
    (found !== null
      ? entryKey(found.entry, found.fragment)
      : resolution?.kind === 'page'
        ? pageKey(resolution)
        : run?.runbook.path);
  const entryOf = (path: string): LibraryEntry | null =>
    shelf.library.entries.find((e) => entryKey(e) === path.replace(/#.*$/, '')) ?? null;
  // A run goes on with the text it began with, whatever the rules lead to by now.
  if (run !== null && (run.ended === null || args.run !== undefined)) {
    const book = bookOfRun(shelf, run);
    if (book === null) return { kind: 'textless', run };
    const file = shelf.bookAt(run.runbook.path);
    const newer = file !== null && changedUnder(run, file.hash) ? file : null;
    const entry = entryOf(run.runbook.path);
    const page = pageOf(shelf, run.runbook.path);
    return walking({ book, entry, resolution, alert, run, newer, page }, args);
  }
  const book = key === undefined ? null : shelf.bookAt(key);
  if (book === null && key !== undefined && isWebPage(key)) {
    const page = shelf.pageAt(bare(key));
    if (page.kind !== 'read' && page.kind !== 'unread') {
      return { kind: 'page', url: bare(key), alert, page };
    }
  }
  if (book === null || key === undefined) {
    return { kind: 'missing', alert, resolution: resolution?.kind === 'found' ? null : resolution };
  }
  const ended = run?.runbook.hash === book.hash ? run : null;
  const page = pageOf(shelf, key);
  return walking(
    { book, entry: entryOf(key), resolution, alert, run: ended, newer: null, page },
    args,
  );
};

const walking = (
  known: Omit<Walking, 'kind' | 'current' | 'looked'>,
  args: Readonly<Record<string, string>>,
): Walking => {
  const { steps } = known.book.runbook;
  const stepOf = (id: string | undefined): Step | null => steps.find((s) => s.id === id) ?? null;
  const visit = known.run === null ? null : currentVisit(known.run);
  const step = stepOf(visit?.step);
  const goes = known.run?.ended === null && visit !== null && step !== null;
  return {
    kind: 'walking',
    ...known,
    current: goes ? { step, visit } : null,
    looked: stepOf(args.step) ?? step ?? steps[0] ?? null,
  };
};
