import { type LedgerEntry, ledgerIn } from '../actions/debug-ledger.ts';
import { sliceOf } from '../kernel/world.ts';
import { type Pod, pods } from '../probes/pods.ts';
import { debugRows } from './debugs/debug-rows.ts';
import { byText, stateText, summaryText, whatText, whereText } from './debugs/debug-words.ts';
import { matcherOf } from './filter.ts';
import { debugKeys } from './keymap.ts';
import { blockedLines, freshnessNotes, relevantScopes } from './parts/freshness-notes.ts';
import { blank, cutLine, type Line, line, span } from './parts/line.ts';
import { sign } from './parts/tone.ts';
import { count } from './parts/words.ts';
import { wrap } from './parts/wrap.ts';
import { type Content, rowsOf, type View, type ViewInput } from './view.ts';

/** Pods are many and what is left in them is little: each state of the slice is searched once. */
const found = new WeakMap<ReadonlyMap<string, Pod>, readonly LedgerEntry[]>();

const leftIn = (all: ReadonlyMap<string, Pod>): readonly LedgerEntry[] => {
  const known = found.get(all);
  if (known !== undefined) return known;
  const entries = ledgerIn(all.values());
  found.set(all, entries);
  return entries;
};

const wrapped = (text: string, width: number): readonly Line[] =>
  wrap(text, width - 4).map((part) => line('   ', span(part, 'dim')));

const emptyLines = (input: ViewInput, all: number, blocked: readonly Line[] | null) => {
  const { glyphs, width, place } = input;
  if (all > 0) {
    const narrowed = place.faults ? 'none runs; z shows all' : 'nothing matches';
    return wrapped(
      place.filter === '' ? narrowed : 'nothing matches; esc clears the filter',
      width,
    );
  }
  if (blocked !== null) return blocked;
  return [
    line(' ', sign('good', glyphs), ' nothing is left behind: no debug containers, no debug pods'),
    ...wrapped('s on a pod or a node starts one; what it leaves stands here', width),
  ];
};

const content = (input: ViewInput): Content => {
  const { world, place, now, width, glyphs } = input;
  const slice = sliceOf(world, pods);
  const all = leftIn(slice.state);
  const matcher = matcherOf(place.filter);
  const shown = all.filter(
    (e) =>
      (!place.faults || e.state !== 'ended') &&
      matcher.matches(
        `${whereText(e)} ${whatText(e)} ${byText(e)} ${stateText(e, now)} ${e.image} ${e.reason}`,
        {},
      ),
  );
  const scopes = relevantScopes(slice.scopes, '', now, pods.patience);
  const notes = freshnessNotes('pods', scopes, slice.state.size, now, glyphs);
  const of = shown.length === all.length ? '' : ` of ${count(all.length)}`;
  const blocked = blockedLines('pods', scopes, glyphs, width);
  const summary = all.length === 0 ? [] : [...wrapped(summaryText(all), width), blank];
  const head = shown.length > 0 || blocked === null ? [...notes, ...summary] : [];
  return {
    title: `debugs[${count(shown.length)}${of}]`,
    head: head.map((l) => cutLine(l, width)),
    rows: rowsOf(debugRows(shown, { now, width, glyphs })),
    empty: emptyLines(input, all.length, blocked).map((l) => cutLine(l, width)),
  };
};

/** Everything that looking into pods and nodes has left behind: by whom, why, and what becomes of it. */
export const debugsView: View = {
  id: 'debugs',
  title: 'debug containers and pods that are left behind',
  aliases: ['ledger', 'debug-ledger'],
  keys: debugKeys,
  content,
};
