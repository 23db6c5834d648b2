import type { SourceAlert } from '../kernel/alert-fact.ts';
import { type EpochMs, epochMs, minutes, seconds } from '../kernel/units.ts';
import type { AlertSource } from './alert-sources.ts';
import type { StreamItem } from './alert-stream.ts';
import type { AlertVoice, RuleVoice, Voices } from './alert-voices.ts';
import { ageText } from './words.ts';

/** What holds of an alert when all who speak of it are heard together. */
export interface Judgement {
  readonly state: StreamItem['state'];
  readonly stale: boolean;
  readonly disagreement: string;
  /** Why it is not known to be over; '' mostly. */
  readonly note: string;
  /** Whose word it is; the first by name of those that count. */
  readonly alert: SourceAlert;
  readonly since: EpochMs;
  /** When it began according to whoever says the latest: what was noted before that was noted of another time. */
  readonly began: EpochMs;
  readonly resolvedAt: EpochMs | null;
}

/** One poll of a source that nobody looks at, and some: replicas are never asked at the same moment. */
const pollAllowed = seconds(20);
/** A Prometheus sends again every minute, and a group of rules is evaluated about as often. */
const sendAllowed = minutes(2);

const holds = (v: AlertVoice | RuleVoice): boolean => v.state !== 'resolved';
/** What was told before a restart is no word of now, however well its source is heard. */
const isUntold = (v: AlertVoice | RuleVoice): boolean => 'untold' in v && v.untold;
const isFresh = (v: AlertVoice | RuleVoice): boolean => v.source.fresh && !isUntold(v);

const and = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

export { and as namesText };

/** A webhook hears of an end late or never: an Alertmanager that knows the alert and is heard speaks for it. */
const heardOut = (all: readonly AlertVoice[]): readonly AlertVoice[] => {
  const pushed = all.filter((v) => v.source.kind === 'webhook');
  if (pushed.length === 0) return all;
  const asked = all.filter((v) => v.source.kind === 'alertmanager' && isFresh(v));
  const outdone = (v: AlertVoice): boolean => asked.some((a) => holds(a) || a.since >= v.since);
  return all.filter((v) => v.source.kind === 'alertmanager' || !outdone(v));
};

const stateOf = (voices: readonly AlertVoice[]): 'firing' | 'suppressed' =>
  voices.every((v) => v.state === 'suppressed') ? 'suppressed' : 'firing';

const max = (times: readonly number[]): EpochMs => epochMs(Math.max(...times));
const min = (times: readonly number[]): EpochMs => epochMs(Math.min(...times));

const nameOf = (source: { readonly name: string }): string => source.name;

type Verdict = Omit<Judgement, 'disagreement' | 'note'>;

const held = (
  voices: readonly (AlertVoice | RuleVoice)[],
  state: Judgement['state'],
  stale: boolean,
): Verdict | null => {
  const first = voices[0];
  if (first === undefined) return null;
  let since = first.alert.startsAt;
  let began = since;
  for (const { alert } of voices) {
    if (alert.startsAt < since) since = alert.startsAt;
    if (alert.startsAt > began) began = alert.startsAt;
  }
  const { alert } = first;
  return { state, stale, alert, since: epochMs(since), began: epochMs(began), resolvedAt: null };
};

const over = (voices: readonly (AlertVoice | RuleVoice)[]): Verdict | null => {
  const ended = held(voices, 'resolved', false);
  return ended === null ? null : { ...ended, resolvedAt: max(voices.map((v) => v.since)) };
};

/**
 * Whether what one dropped is over for a peer that is not heard any more. Not where the peer was heard for longer
 * after that, and still told it: then the one has been started anew, and never got it back.
 */
const speaksFor = (dropped: AlertVoice, peer: AlertVoice): boolean =>
  dropped.source.cluster === peer.source.cluster &&
  (peer.untold || (peer.source.heard ?? 0) - dropped.since <= pollAllowed);

/** What the Alertmanagers say together; null when none of them ever had it. */
const byAlertmanagers = (all: readonly AlertVoice[]): Verdict | null => {
  const voices = heardOut(all);
  const now = voices.filter((v) => isFresh(v) && holds(v));
  if (now.length > 0) return held(now, stateOf(now), false);
  const last = voices.filter((v) => !isFresh(v) && holds(v));
  // One that has only just come up lacks what its peer had told last.
  const dropped = voices.filter((v) => isFresh(v) && !holds(v) && !v.source.settling);
  const left = last.filter((v) => !dropped.some((d) => speaksFor(d, v)));
  if (left.length > 0) return held(left, stateOf(left), true);
  const ended = voices.filter((v) => !holds(v));
  return over(dropped.length > 0 ? dropped : ended);
};

const restarted = (sources: readonly AlertSource[]): string => {
  const have = sources.length === 1 ? 'has' : 'have';
  return `${and(sources.map(nameOf))} ${have} restarted and ${have} not been told again`;
};

/** Where those of one cluster that are heard now differ for longer than the time between two looks. */
const clusterQuarrel = (
  all: readonly AlertVoice[],
  members: readonly AlertSource[],
  now: EpochMs,
): string => {
  const mine = all.filter((v) => isFresh(v) && members.includes(v.source));
  const have = mine.filter(holds);
  if (have.length === 0) return '';
  const seen = min(have.map((v) => v.since));
  const names = (voices: readonly AlertVoice[]): string => and(voices.map((v) => v.source.name));
  if (have.length === members.length) {
    const quiet = have.filter((v) => v.state === 'suppressed');
    const loud = have.filter((v) => v.state !== 'suppressed');
    if (quiet.length === 0 || loud.length === 0) return '';
    if (now - max(have.map((v) => v.since)) <= pollAllowed) return '';
    const does = loud.length === 1 ? 'does' : 'do';
    const one = quiet.length === 1;
    return `${names(quiet)} ${one ? 'suppresses' : 'suppress'} it, ${names(loud)} ${does} not`;
  }
  const lack = members.flatMap((member) => {
    const lost = all.find((v) => v.source === member && isUntold(v));
    if (lost !== undefined) return now - lost.since <= pollAllowed ? [] : [restarted([member])];
    const voice = mine.find((v) => v.source === member);
    if (voice !== undefined && holds(voice)) return [];
    const dropped = voice !== undefined && voice.since > seen ? voice.since : null;
    if (now - (dropped ?? seen) <= pollAllowed) return [];
    return [
      dropped === null
        ? `${member.name} does not have it`
        : `${member.name} dropped it ${ageText(now - dropped)} ago`,
    ];
  });
  if (lack.length === 0) return '';
  return `${names(have)} ${have.length === 1 ? 'has' : 'have'} it, ${lack.join(', ')}`;
};

/** Sources that are heard now and gossip, by cluster; those that stand alone have nobody to differ from. */
export type Clusters = ReadonlyMap<string, readonly AlertSource[]>;

export const clustersHeard = (sources: readonly AlertSource[]): Clusters =>
  new Map(
    [
      ...Map.groupBy(
        sources.filter((s) => s.fresh && s.kind === 'alertmanager'),
        (s) => s.cluster,
      ),
    ].filter(([, members]) => members.length > 1),
  );

/** Nearly always: all who are heard have it, and say the same. Then no clock is asked, and nobody is silent. */
export const agreed = (all: readonly AlertVoice[], clusters: Clusters): boolean => {
  const first = all[0];
  if (first === undefined) return false;
  for (const v of all) {
    if (!isFresh(v) || v.state !== first.state || v.source.cluster !== first.source.cluster)
      return false;
  }
  return (clusters.get(first.source.cluster)?.length ?? 1) === all.length && holds(first);
};

const quarrels = (all: readonly AlertVoice[], clusters: Clusters, now: EpochMs): string =>
  [...clusters.values()].flatMap((members) => clusterQuarrel(all, members, now) || []).join('; ');

/** Where nothing but a restart is why it is not told: what a Prometheus that is heard says of its end; null when none does. */
const endByRules = (all: readonly AlertVoice[], rules: readonly RuleVoice[]): Verdict | null => {
  if (all.some((v) => holds(v) && !isUntold(v)) || !all.some(isUntold)) return null;
  const heard = rules.filter(isFresh);
  if (heard.some(holds)) return null;
  const began = max(all.map((v) => v.alert.startsAt));
  return over(heard.filter((v) => v.since >= began));
};

/** Rules fire, and the Alertmanagers have dropped it or never had it. */
const byRules = (
  firing: readonly RuleVoice[],
  droppers: readonly AlertVoice[],
  heard: readonly AlertSource[],
  now: EpochMs,
): Judgement | null => {
  const found = held(firing, 'firing', false);
  if (found === null) return null;
  const quarrel = (): string => {
    const names = and((droppers.length > 0 ? droppers.map((v) => v.source) : heard).map(nameOf));
    if (droppers.length > 0) {
      const at = max(droppers.map((v) => v.since));
      if (now - at <= pollAllowed) return '';
      const verb = firing.length === 1 ? 'has' : 'have';
      const sayers = and(firing.map((v) => v.source.name));
      return `${sayers} ${verb} it, ${names} dropped it ${ageText(now - at)} ago`;
    }
    if (names === '' || now - min(firing.map((v) => v.since)) <= sendAllowed) return '';
    return `${names} ${heard.length === 1 ? 'does' : 'do'} not have it`;
  };
  return { ...found, disagreement: quarrel(), note: '' };
};

/**
 * What holds of one alert. A source that is not heard makes what only it tells stale, never resolved; what a source
 * that is heard does not tell any more is over, unless one of its peers, or a Prometheus that was heard later, has it.
 */
export const judgeVoices = (
  { alerts, rules }: Voices,
  heard: readonly AlertSource[],
  clusters: Clusters,
  now: EpochMs,
): Judgement | null => {
  if (agreed(alerts, clusters)) {
    const first = held(alerts, stateOf(alerts), false);
    if (first !== null) return { ...first, disagreement: '', note: '' };
  }
  const told = byAlertmanagers(alerts);
  const tellsNow = told !== null && !told.stale && told.state !== 'resolved';
  if (tellsNow) {
    const disagreement = clusters.size === 0 ? '' : quarrels(alerts, clusters, now);
    return { ...told, disagreement, note: '' };
  }
  // The word of a Prometheus from before the end was told is older than the end.
  const endedAt = told?.resolvedAt ?? 0;
  const later = rules.filter((v) => holds(v) && (v.source.heard ?? 0) > endedAt);
  const fresh = later.filter(isFresh);
  const firing = fresh.filter((v) => v.state === 'firing');
  if (told?.stale === true) {
    const ended = endByRules(alerts, rules);
    if (ended !== null) return { ...ended, disagreement: '', note: '' };
    // It fires for certain; whether it is told to somebody only the one that is not heard knows.
    const certain = firing.length > 0 && told.state === 'firing';
    const lost = alerts.filter((v) => v.source.fresh && isUntold(v)).map((v) => v.source);
    const note = lost.length === 0 ? '' : restarted(lost);
    return { ...told, stale: !certain, disagreement: '', note };
  }
  const droppers = alerts.filter((v) => isFresh(v) && v.source.kind === 'alertmanager');
  const asked = heard.filter((s) => s.kind === 'alertmanager');
  const by = byRules(firing, told === null ? [] : droppers, told === null ? asked : [], now);
  if (by !== null) return by;
  const pending = held(fresh, 'pending', false);
  if (pending !== null) return { ...pending, disagreement: '', note: '' };
  const old = later.filter((v) => v.state === 'firing');
  const last = held(old, 'firing', true) ?? held(later, 'pending', true);
  const rest = last ?? told ?? over(rules.filter((v) => !holds(v)));
  return rest === null ? null : { ...rest, disagreement: '', note: '' };
};
