import { groupKey } from '../../findings/alert-groups.ts';
import { targetText } from '../../findings/alert-place.ts';
import type { AlertStream, StreamItem } from '../../findings/alert-stream.ts';
import { aboutObject } from '../../findings/alerts-about.ts';
import { groupWords } from '../parts/group-words.ts';
import { widthOf } from '../parts/line.ts';
import { count } from '../parts/words.ts';
import { alertFilterOf } from './alert-filter.ts';

/** What a line of the stream stands for. */
export type Entry =
  | { readonly kind: 'title'; readonly key: string; readonly text: string }
  | { readonly kind: 'alert'; readonly key: string; readonly item: StreamItem }
  | {
      readonly kind: 'group';
      readonly key: string;
      /** As the source names it: `{alertname="X"}`; `=X` where no source groups them and the name does. */
      readonly group: string;
      /** Of all of them, the one that its line shows. */
      readonly item: StreamItem;
      /** What all of them are about, in words; '' when nothing says. */
      readonly subject: string;
      /** Names of those among them that are called otherwise, each once. */
      readonly others: readonly string[];
      readonly items: readonly StreamItem[];
    };

/** Lines of a stream, chosen and in order; painted elsewhere, and only when they are seen. */
export interface StreamList {
  readonly entries: readonly Entry[];
  /** Items that are shown, folded ones included. */
  readonly shown: number;
  readonly total: number;
  /** Acknowledged ones that were left out. */
  readonly hidden: number;
  /** Columns of the longest name among them, and one to set it apart. */
  readonly nameWidth: number;
  indexOf(key: string): number;
}

export interface Choice {
  readonly filter: string;
  /** Leaves out what somebody has acknowledged. */
  readonly quiet: boolean;
  /** Only this group, with each of its alerts in a line; '' for all, folded. */
  readonly group: string;
}

const sections = [
  ['firing', (i: StreamItem) => i.kind === 'alert' && i.state === 'firing'],
  ['our own words', (i: StreamItem) => i.kind === 'own'],
  ['pending', (i: StreamItem) => i.kind === 'alert' && i.state === 'pending'],
  ['warnings of the cluster', (i: StreamItem) => i.kind === 'event'],
  ['suppressed', (i: StreamItem) => i.kind === 'alert' && i.state === 'suppressed'],
  ['resolved', (i: StreamItem) => i.kind === 'alert' && i.state === 'resolved'],
] as const;

const sectionOf = (item: StreamItem): number => sections.findIndex(([, belongs]) => belongs(item));

/** The first that nobody has taken care of stands for a group; they are ranked. */
const speaker = (items: readonly StreamItem[]): StreamItem =>
  items.find((i) => i.acknowledged === null) ?? (items[0] as StreamItem);

const shared = (values: readonly string[]): string =>
  values.every((v) => v === values[0]) ? (values[0] ?? '') : '';

/** What these alone are about: the same thing, what owns all of it, or the etcd cluster whose members they name. */
const commonSubject = (items: readonly StreamItem[]): string => {
  const owner = shared(items.map((i) => i.about.at(-1) ?? ''));
  const cluster = shared(items.map((i) => i.member?.cluster ?? ''));
  return (
    shared(items.map((i) => i.subject)) ||
    (owner === '' ? '' : targetText(aboutObject(owner))) ||
    (cluster === '' ? '' : `etcd ${cluster}`)
  );
};

/** Alerts of one group stand in one line, where the first of them would. */
const folded = (
  section: string,
  items: readonly StreamItem[],
  subjects: ReadonlyMap<string, string>,
): readonly Entry[] => {
  const groups = new Map<string, StreamItem[]>();
  for (const item of items) {
    const group = groupKey(item);
    const key = group === '' ? `alone ${item.key}` : `group ${group}`;
    const had = groups.get(key);
    if (had === undefined) groups.set(key, [item]);
    else had.push(item);
  }
  return [...groups].map(([key, members]): Entry => {
    const item = speaker(members);
    if (members.length === 1) return alertEntry(item);
    const group = groupKey(item);
    return {
      kind: 'group',
      key: `${section}/${key}`,
      group,
      item,
      subject: commonSubject(members) || subjects.get(group) || groupWords(group),
      others: [...new Set(members.map((m) => m.name))].filter((name) => name !== item.name),
      items: members,
    };
  });
};

const alertEntry = (item: StreamItem): Entry => ({
  kind: 'alert',
  key: `alert/${item.key}`,
  item,
});

/** Of events the name says how often and on how many objects: those that are long make no column for the others. */
const longEvent = 24;

const nameWidthOf = (entries: readonly Entry[]): number =>
  entries.reduce((most, e) => {
    if (e.kind === 'title') return most;
    const width = widthOf(e.item.name);
    return e.item.kind === 'event' && width > longEvent ? most : Math.max(most, width);
  }, 0);

const build = (stream: AlertStream, { filter, quiet, group }: Choice): StreamList => {
  const { holds } = alertFilterOf(filter);
  const parts: StreamItem[][] = sections.map(() => []);
  let hidden = 0;
  let shown = 0;
  for (const item of stream.items) {
    if (group !== '' && groupKey(item) !== group) continue;
    if (!holds(item)) continue;
    if (quiet && item.acknowledged !== null && item.state === 'firing') {
      hidden += 1;
      continue;
    }
    parts[sectionOf(item)]?.push(item);
    shown += 1;
  }
  const subjects = new Map(stream.groups.map((g) => [g.key, g.subject]));
  const entries = parts.flatMap((items, i): readonly Entry[] => {
    const title = sections[i]?.[0] ?? '';
    if (items.length === 0) return [];
    const lines = group === '' ? folded(title, items, subjects) : items.map(alertEntry);
    const text = `${title}: ${count(items.length)}`;
    return [{ kind: 'title', key: `title/${title}`, text }, ...lines];
  });
  let places: Map<string, number> | undefined;
  return {
    entries,
    shown,
    total: stream.items.length,
    hidden,
    nameWidth: nameWidthOf(entries) + 1,
    indexOf: (key) => {
      places ??= new Map(entries.map((entry, at) => [entry.key, at]));
      return places.get(key) ?? -1;
    },
  };
};

/** Filters that were typed on the way to the present one are not asked for again. */
const listsKept = 4;
/** By the items, which are the same ones as long as nothing about any alert is new; subjects are those of the groups. */
const lists = new WeakMap<AlertStream['items'], Kept>();

interface Kept {
  readonly groups: AlertStream['groups'];
  readonly made: Map<string, StreamList>;
}

/** Built once per items of a stream and choice: a frame of five thousand alerts costs what is seen of them. */
export const streamList = (stream: AlertStream, choice: Choice): StreamList => {
  const { items, groups } = stream;
  const kept = lists.get(items);
  const made = kept?.groups === groups ? kept.made : new Map<string, StreamList>();
  if (made !== kept?.made) lists.set(items, { groups, made });
  const key = JSON.stringify([choice.filter, choice.quiet, choice.group]);
  const had = made.get(key);
  if (had !== undefined) return had;
  const list = build(stream, choice);
  if (made.size >= listsKept) made.clear();
  made.set(key, list);
  return list;
};
