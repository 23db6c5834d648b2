import type { Acknowledgement } from '../kernel/acknowledgement.ts';
import { type EpochMs, hours } from '../kernel/units.ts';
import { type EventFindings, eventsAbout } from './alert-events.ts';
import type { Clusters, Judgement } from './alert-judgement.ts';
import { type AlertLink, findingOf, linkOf } from './alert-links.ts';
import { readingOf } from './alert-reading.ts';
import { type Words, withProof } from './alert-says.ts';
import type { AlertSource } from './alert-sources.ts';
import type { StreamItem, Suppression } from './alert-stream.ts';
import { type Silences, silenceNote, suppressionsOf } from './alert-suppression.ts';
import type { Voices } from './alert-voices.ts';
import { placed, type Ranked, weightOf } from './alert-weight.ts';
import type { AlertWorld } from './alert-world.ts';
import type { Finding } from './finding.ts';

/** What all items are made with. */
export interface ItemContext {
  readonly now: EpochMs;
  /** Sources that are heard now. */
  readonly heard: readonly AlertSource[];
  readonly clusters: Clusters;
  readonly speak: (voices: Voices) => Words;
  readonly silences: Silences;
  readonly voices: ReadonlyMap<string, Voices>;
  readonly events: EventFindings;
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
  readonly world: AlertWorld;
  /** Of the world, see `worldStamp`. */
  readonly stamp: object;
}

const flapsWithin = hours(1);
const noTexts: readonly string[] = [];
const unsuppressed: readonly Suppression[] = [];

export const flapsOf = ({ key, alerts }: Voices, now: EpochMs): number => {
  let most = 0;
  for (const { source } of alerts) {
    const times = source.state.flaps.get(key);
    if (times === undefined) continue;
    most = Math.max(most, times.filter((at) => now - at <= flapsWithin).length);
  }
  return most;
};

const receiversOf = ({ alerts }: Voices): readonly string[] => {
  const first = alerts[0]?.alert.receivers ?? noTexts;
  const only = first[0];
  const same = (v: (typeof alerts)[number]): boolean =>
    v.alert.receivers.length === first.length && v.alert.receivers[0] === only;
  if (first.length < 2 && alerts.every(same)) return first;
  return [...new Set(alerts.flatMap((v) => v.alert.receivers))].sort();
};

/** By the fingerprint of any who speak of it: a rule may have been noted before its alert reached an Alertmanager. */
export const acknowledged = (
  { key, rules }: Voices,
  began: EpochMs,
  { acknowledgements }: ItemContext,
): Acknowledgement | null => {
  if (acknowledgements.size === 0) return null;
  for (const fingerprint of [key, ...rules.map((r) => r.alert.fingerprint)]) {
    const note = acknowledgements.get(fingerprint);
    if (note !== undefined && !note.withdrawn && began <= note.at) return note;
  }
  return null;
};

export interface MadeItem {
  readonly line: Ranked;
  /** What it is about. */
  readonly link: AlertLink;
  readonly finding: Finding | null;
  /** Events that it speaks of too. */
  readonly covers: readonly Finding[];
}

interface Parts {
  readonly link: AlertLink;
  readonly finding: Finding | null;
  readonly suppressedBy: readonly Suppression[];
  readonly events: readonly Finding[];
  readonly words: Words;
}

const make = (
  voices: Voices,
  judged: Judgement,
  context: ItemContext,
  { link, finding, suppressedBy, events, words }: Parts,
): StreamItem => {
  const { alert, state } = judged;
  const { name, severity, summary } = readingOf(alert);
  return {
    key: voices.key,
    kind: 'alert',
    name,
    severity,
    state,
    labels: alert.labels,
    annotations: alert.annotations,
    summary,
    subject: link.subject,
    object: link.object,
    member: link.member,
    about: link.about,
    finding: finding?.key ?? null,
    since: judged.since,
    resolvedAt: judged.resolvedAt,
    says: words.says,
    disagreement: judged.disagreement,
    note:
      state === 'resolved'
        ? ''
        : judged.note || silenceNote(alert, suppressedBy, context.silences, context.now),
    stale: judged.stale,
    suppressedBy,
    flaps: flapsOf(voices, context.now),
    acknowledged: acknowledged(voices, judged.began, context),
    weight: weightOf(severity, link, finding, context.world),
    group: alert.group || (voices.alerts.find((v) => v.alert.group !== '')?.alert.group ?? ''),
    receivers: receiversOf(voices),
    generatorUrl: alert.generatorUrl,
    proof: withProof(words.proof, finding, events),
  };
};

/** The line of one alert. */
export const alertItem = (voices: Voices, judged: Judgement, context: ItemContext): MadeItem => {
  const { alert, state } = judged;
  const link = linkOf(alert, context.world, context.stamp);
  const finding = findingOf(link, context.world);
  const events = eventsAbout(context.events, link.about);
  const words = context.speak(voices);
  const suppressedBy =
    state === 'suppressed'
      ? suppressionsOf(voices.alerts, context.silences, context.voices)
      : unsuppressed;
  const item = make(voices, judged, context, { link, finding, suppressedBy, events, words });
  const covers = state === 'resolved' ? [] : events;
  return { line: placed(item, link.topText), link, finding, covers };
};
