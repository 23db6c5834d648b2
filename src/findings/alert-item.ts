import type { Acknowledgement } from '../kernel/acknowledgement.ts';
import type { SourceAlert } from '../kernel/alert-fact.ts';
import { type EpochMs, hours } from '../kernel/units.ts';
import { type EventFindings, eventProof, eventsAbout } from './alert-events.ts';
import type { Clusters, Judgement } from './alert-judgement.ts';
import { type AlertLink, linkOf, targetText } from './alert-links.ts';
import { readingOf } from './alert-reading.ts';
import type { AlertSource } from './alert-sources.ts';
import type { Saying, StreamItem } from './alert-stream.ts';
import { type Silences, silenceNote, suppressionsOf } from './alert-suppression.ts';
import type { AlertVoice, RuleVoice, Voices } from './alert-voices.ts';
import { weightOf } from './alert-weight.ts';
import type { AlertWorld } from './alert-world.ts';
import { proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';

/** What all items are made with. */
export interface ItemContext {
  readonly now: EpochMs;
  readonly sources: readonly AlertSource[];
  readonly clusters: Clusters;
  readonly silences: Silences;
  readonly voices: ReadonlyMap<string, Voices>;
  readonly events: EventFindings;
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
  readonly world: AlertWorld;
}

const flapsWithin = hours(1);
const noSayings: readonly Saying[] = [];
const noTexts: readonly string[] = [];

const silent = (source: AlertSource): Saying => ({
  source: source.name,
  state: 'silent',
  fresh: true,
  heard: source.heard,
  since: null,
});

/** Who is heard, should have it, and says nothing: peers of those that have it; everybody when only rules fire. */
const silentOf = ({ alerts, rules }: Voices, context: ItemContext): readonly Saying[] => {
  if (alerts.length === 0) {
    return rules.every((r) => r.state !== 'firing')
      ? noSayings
      : context.sources.filter((s) => s.fresh && s.kind === 'alertmanager').map(silent);
  }
  if (context.clusters.size === 0) return noSayings;
  const spoken = new Set(alerts.map((v) => v.source));
  return [...new Set(alerts.map((v) => v.source.cluster))].flatMap((cluster) =>
    (context.clusters.get(cluster) ?? []).filter((s) => !spoken.has(s)).map(silent),
  );
};

const said = ({ source, state, since }: AlertVoice | RuleVoice): Saying => ({
  source: source.name,
  state,
  fresh: source.fresh,
  heard: source.heard,
  since,
});

const saysOf = (voices: Voices, context: ItemContext): readonly Saying[] => [
  ...voices.alerts.map(said),
  ...voices.rules.map(said),
  ...silentOf(voices, context),
];

const flapsOf = ({ key, alerts }: Voices, now: EpochMs): number => {
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
const acknowledged = (
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

const sayingText: Readonly<Record<Saying['state'], string>> = {
  firing: 'firing',
  suppressed: 'suppressed',
  unprocessed: 'firing, not routed yet',
  pending: 'pending',
  resolved: 'resolved',
  silent: 'does not have it',
};

const proofsOf = (
  says: readonly Saying[],
  kinds: Voices,
  finding: Finding | null,
  events: readonly Finding[],
): readonly Proof[] => {
  const rules = new Set(kinds.rules.map((r) => r.source.name));
  return [
    ...says.map((s) =>
      proofOf(
        rules.has(s.source) ? 'prometheus' : 'alerts',
        `${s.source}: ${sayingText[s.state]}${s.fresh ? '' : ', as it said last'}`,
        s.since ?? s.heard ?? 0,
      ),
    ),
    ...(finding === null ? [] : finding.proof.slice(0, 2)),
    ...eventProof(events),
  ];
};

const subjectText = (alert: SourceAlert, link: AlertLink): string => {
  if (link.object !== null) return targetText(link.object);
  if (link.member !== null) return link.member.member;
  return readingOf(alert).subject?.text ?? '';
};

export interface MadeItem {
  readonly item: StreamItem;
  readonly link: AlertLink;
  /** Keys of the events that it speaks of too. */
  readonly covers: readonly Finding[];
}

export const alertItem = (voices: Voices, judged: Judgement, context: ItemContext): MadeItem => {
  const { alert, state } = judged;
  const { name, severity, summary, subject } = readingOf(alert);
  const link = linkOf(alert.labels, subject, context.world);
  const quiet = state === 'suppressed' ? voices.alerts.filter((v) => v.state === 'suppressed') : [];
  const suppressedBy = suppressionsOf(quiet, context.silences, context.voices);
  const says = saysOf(voices, context);
  const events = eventsAbout(context.events, link.about);
  const item: StreamItem = {
    key: voices.key,
    kind: 'alert',
    name,
    severity,
    state,
    labels: alert.labels,
    annotations: alert.annotations,
    summary,
    subject: subjectText(alert, link),
    object: link.object,
    member: link.member,
    about: link.about,
    finding: link.finding?.key ?? null,
    since: judged.since,
    resolvedAt: judged.resolvedAt,
    says,
    disagreement: judged.disagreement,
    note:
      state === 'resolved' ? '' : silenceNote(alert, suppressedBy, context.silences, context.now),
    stale: judged.stale,
    suppressedBy,
    flaps: flapsOf(voices, context.now),
    acknowledged: acknowledged(voices, judged.began, context),
    weight: weightOf(severity, alert.labels, link, context.world),
    group: alert.group || (voices.alerts.find((v) => v.alert.group !== '')?.alert.group ?? ''),
    receivers: receiversOf(voices),
    generatorUrl: alert.generatorUrl,
    proof: proofsOf(says, voices, link.finding, events),
  };
  return { item, link, covers: state === 'resolved' ? [] : events };
};
