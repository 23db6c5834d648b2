import { isSmall, type Step, stepTo } from '../kernel/lineage.ts';
import type { ItemContext, MadeItem } from './alert-item.ts';
import { isPlain, lineOf, sameSource } from './alert-line.ts';
import { podKeyOf } from './alert-links.ts';
import { readingOf } from './alert-reading.ts';
import { type AlertSource, type PrometheusSource, waitsToBeTold } from './alert-sources.ts';
import { gatherVoices, type Voices } from './alert-voices.ts';
import type { Ranked } from './alert-weight.ts';
import type { Finding } from './finding.ts';

export interface AlertLines {
  readonly lines: readonly Ranked[];
  /** Those that always fire are no lines. */
  readonly watchdogs: readonly Voices[];
  /** Events that one of the lines speaks of too. */
  readonly covered: ReadonlySet<Finding>;
}

/** What the lines are made of, but for the voices, which are gathered from the sources. */
export interface LineInput extends Omit<ItemContext, 'voices'> {
  readonly sources: readonly AlertSource[];
  readonly rules: readonly PrometheusSource[];
}

interface Entry {
  readonly voices: Voices;
  readonly watchdog: boolean;
  /** Null when nothing is left to say of it. */
  readonly made: MadeItem | null;
}

/** Which entries may become others although no source tells anything new. */
interface Loose {
  /** With the time, or with how the sources are heard. */
  readonly timed: readonly number[];
  /** With any pod. */
  readonly anyPod: readonly number[];
  /** With one pod, by its key. */
  readonly byPod: ReadonlyMap<string, readonly number[]>;
}

interface Assessed {
  readonly input: LineInput;
  readonly voices: ReadonlyMap<string, Voices>;
  readonly entries: readonly Entry[];
  /** Made when it is asked for: of answers that each tell something new it never is. */
  readonly loose: () => Loose;
}

/** Of whichever sources were asked about last. What is not as it was is made anew, so it may be of any other world. */
let latest: Assessed | null = null;

const entryOf = (voices: Voices, context: ItemContext): Entry => {
  const first = voices.alerts[0] ?? voices.rules[0];
  const watchdog = first !== undefined && readingOf(first.alert).watchdog;
  return { voices, watchdog, made: watchdog ? null : lineOf(voices, context) };
};

/** Nothing in it depends on the time: not even how often it began again within the last hour. */
const isTimeless = ({ voices, watchdog, made }: Entry, context: ItemContext): boolean =>
  !watchdog && made !== null && made.line.item.flaps === 0 && isPlain(voices, context);

const looseOf = (entries: readonly Entry[], context: ItemContext): Loose => {
  const timed: number[] = [];
  const anyPod: number[] = [];
  const byPod = new Map<string, number[]>();
  entries.forEach((entry, i) => {
    const { made, voices } = entry;
    if (!isTimeless(entry, context)) timed.push(i);
    if (made === null) return;
    const alert = (voices.alerts[0] ?? voices.rules[0])?.alert;
    const key = alert === undefined ? null : podKeyOf(alert);
    const counts = made.link.top?.resource;
    // Of nodes and namespaces the pods are counted.
    if (key === null || counts === 'nodes' || counts === 'namespaces') anyPod.push(i);
    else if (key !== '') {
      const had = byPod.get(key);
      if (had === undefined) byPod.set(key, [i]);
      else had.push(i);
    }
  });
  return { timed, anyPod, byPod };
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const sameTold = (a: AlertSource, b: AlertSource): boolean =>
  sameSource(a, b) &&
  a.cluster === b.cluster &&
  a.state.alerts === b.state.alerts &&
  a.state.untold === b.state.untold &&
  a.state.resolved === b.state.resolved &&
  a.state.watchdogs === b.state.watchdogs &&
  a.state.flaps === b.state.flaps &&
  waitsToBeTold(a) === waitsToBeTold(b);

const sameRules = (a: PrometheusSource, b: PrometheusSource): boolean =>
  sameSource(a, b) &&
  a.state.alerts === b.state.alerts &&
  a.state.resolved === b.state.resolved &&
  a.state.info?.externalLabels === b.state.info?.externalLabels;

const all = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((one, i) => same(one, b[i] as T));

/** Whether all that is told, and all beside it but the pods, is as it was. */
const isAsBefore = (before: LineInput, now: LineInput): boolean =>
  all(before.sources, now.sources, sameTold) &&
  all(before.rules, now.rules, sameRules) &&
  before.stamp === now.stamp &&
  before.world.findings === now.world.findings &&
  before.acknowledgements === now.acknowledgements &&
  before.silences.ended.length === 0 &&
  now.silences.ended.length === 0;

/** Whoever is gone, and whoever is there or another one. */
const keysIn = ({ removed, put }: Step): Iterable<string> => new Set([...removed, ...put]);

/** Entries that have to be looked at again; null where it would be most of them. */
const toRedo = (before: Assessed, { world }: LineInput): ReadonlySet<number> | null => {
  const { input } = before;
  const loose = before.loose();
  const redo = new Set(loose.timed);
  if (world.pods === input.world.pods) return redo;
  const born = stepTo(world.pods);
  if (born?.from !== input.world.pods || !isSmall(born.step, world.pods.size)) return null;
  for (const i of loose.anyPod) redo.add(i);
  for (const key of keysIn(born.step)) {
    for (const i of loose.byPod.get(key) ?? []) redo.add(i);
  }
  return redo;
};

type Renew = (voices: Voices) => Voices;

/** The same voices, of sources as they are heard now. */
const renewed = (before: LineInput, now: LineInput): Renew => {
  const sources = new Map(before.sources.map((s, i) => [s, now.sources[i] ?? s]));
  const rules = new Map(before.rules.map((s, i) => [s, now.rules[i] ?? s]));
  return ({ key, alerts, rules: firing }) => ({
    key,
    alerts: alerts.map((v) => ({ ...v, source: sources.get(v.source) ?? v.source })),
    rules: firing.map((v) => ({ ...v, source: rules.get(v.source) ?? v.source })),
  });
};

const again = (before: Assessed, input: LineInput): Assessed | null => {
  if (!isAsBefore(before.input, input)) return null;
  const redo = toRedo(before, input);
  if (redo === null) return null;
  const renew = renewed(before.input, input);
  const context = { ...input, voices: before.voices };
  const entries = before.entries.slice();
  let moved = false;
  for (const i of redo) {
    const was = entries[i] as Entry;
    const is = entryOf(renew(was.voices), context);
    entries[i] = is;
    moved ||= is.made !== was.made;
  }
  const loose = moved ? once(() => looseOf(entries, context)) : before.loose;
  return { input, voices: before.voices, entries, loose };
};

const anew = (input: LineInput): Assessed => {
  const voices = gatherVoices(input.sources, input.rules);
  const context = { ...input, voices };
  const entries = Array.from(voices.values(), (one) => entryOf(one, context));
  return { input, voices, entries, loose: once(() => looseOf(entries, context)) };
};

/**
 * A line for each alert, in no order yet. Mostly no source tells anything new, and only those that depend on the time
 * or on pods that changed are looked at again; and a line about which nothing is new is the same object as before, so
 * that whoever ranks, groups and paints thousands of them need not do it again.
 */
export const alertLines = (input: LineInput): AlertLines => {
  const assessed = (latest === null ? null : again(latest, input)) ?? anew(input);
  latest = assessed;
  const lines: Ranked[] = [];
  const watchdogs: Voices[] = [];
  const covered = new Set<Finding>();
  for (const { voices, watchdog, made } of assessed.entries) {
    if (watchdog) watchdogs.push(voices);
    if (made === null) continue;
    lines.push(made.line);
    for (const event of made.covers) covered.add(event);
  }
  return { lines, watchdogs, covered };
};
