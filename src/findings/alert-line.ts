import { sameData } from '../kernel/same-data.ts';
import { eventsAbout } from './alert-events.ts';
import { acknowledged, alertItem, flapsOf, type ItemContext, type MadeItem } from './alert-item.ts';
import { agreed, type Judgement, judgeVoices } from './alert-judgement.ts';
import { findingOf, linkOf } from './alert-links.ts';
import type { AlertSource, PrometheusSource } from './alert-sources.ts';
import type { AlertVoice, RuleVoice, Voices } from './alert-voices.ts';
import { weightOf } from './alert-weight.ts';
import type { Finding } from './finding.ts';

type Source = AlertSource | PrometheusSource;

/** Whether a source can be told from one before by what it says of an alert. */
export const sameSource = (a: Source, b: Source): boolean =>
  a === b ||
  (a.name === b.name &&
    a.kind === b.kind &&
    a.fresh === b.fresh &&
    (a.fresh || a.heard === b.heard));

const sameVoice = (a: AlertVoice | RuleVoice, b: AlertVoice | RuleVoice | undefined): boolean =>
  b !== undefined &&
  a.alert === b.alert &&
  a.state === b.state &&
  a.since === b.since &&
  sameSource(a.source, b.source);

const sameVoices = (a: Voices, b: Voices): boolean => {
  if (a.key !== b.key) return false;
  if (a.alerts.length !== b.alerts.length || a.rules.length !== b.rules.length) return false;
  for (let i = 0; i < a.alerts.length; i += 1) {
    if (!sameVoice(a.alerts[i] as AlertVoice, b.alerts[i])) return false;
  }
  for (let i = 0; i < a.rules.length; i += 1) {
    if (!sameVoice(a.rules[i] as RuleVoice, b.rules[i])) return false;
  }
  return true;
};

interface Remembered {
  readonly voices: Voices;
  readonly judged: Judgement;
  /** All sources agreed, and nothing in it depends on the time. */
  readonly plain: boolean;
  readonly made: MadeItem;
}

/** By what the first source tells, which is another object as soon as it tells something else. */
const remembered = new WeakMap<object, Remembered>();

/** What is told to people of itself, by all who are heard alike: whatever else it says is found without a clock. */
export const isPlain = ({ alerts }: Voices, { clusters, silences }: ItemContext): boolean =>
  silences.ended.length === 0 && alerts[0]?.state === 'firing' && agreed(alerts, clusters);

const sameCovers = (had: readonly Finding[], events: readonly Finding[]): boolean =>
  had.length === events.length && had.every((f, i) => f === events[i]);

/** Whether everything that the line was made of is as it was. Both times it was plain. */
const holds = (
  { voices, judged, made }: Remembered,
  now: Voices,
  context: ItemContext,
): boolean => {
  if (!sameVoices(voices, now)) return false;
  const { item } = made.line;
  const { link, finding } = made;
  return (
    linkOf(judged.alert, context.world, context.stamp) === link &&
    findingOf(link, context.world) === finding &&
    sameCovers(made.covers, eventsAbout(context.events, link.about)) &&
    flapsOf(now, context.now) === item.flaps &&
    acknowledged(now, judged.began, context) === item.acknowledged &&
    weightOf(item.severity, link, finding, context.world) === item.weight
  );
};

/**
 * The line of one alert; null when nothing is left to say of it. One about which nothing is new is the same object as
 * before.
 */
export const lineOf = (voices: Voices, context: ItemContext): MadeItem | null => {
  const anchor = (voices.alerts[0] ?? voices.rules[0])?.alert;
  if (anchor === undefined) return null;
  const had = remembered.get(anchor);
  const plain = isPlain(voices, context);
  if (plain && had?.plain === true && holds(had, voices, context)) return had.made;
  const judged = judgeVoices(voices, context.heard, context.clusters, context.now);
  if (judged === null) return null;
  const fresh = alertItem(voices, judged, context);
  const made =
    had !== undefined && sameData(had.made.line, fresh.line)
      ? { ...fresh, line: had.made.line }
      : fresh;
  remembered.set(anchor, { voices, judged, plain, made });
  return made;
};
