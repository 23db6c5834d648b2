import type { Silence } from '../kernel/alert-fact.ts';
import { matches } from '../kernel/matchers.ts';
import { plainText } from '../kernel/text.ts';
import { type EpochMs, minutes } from '../kernel/units.ts';
import { nameOf } from './alert-reading.ts';
import type { AlertSource } from './alert-sources.ts';
import type { Suppression } from './alert-stream.ts';
import type { AlertVoice, Voices } from './alert-voices.ts';
import { ageText } from './words.ts';

/** So long before and behind its end a silence is worth a word. */
const minded = minutes(15);
/** Silences that ended a short while ago and are looked at for each alert; the latest. */
const endedKept = 20;

export interface Silences {
  /** By id: peers share them, and one that is not heard may know one that its peer has been told since. */
  readonly byId: ReadonlyMap<string, Silence>;
  /** Those that ended within the last quarter of an hour, latest first. */
  readonly ended: readonly Silence[];
}

const bySource = (sources: readonly AlertSource[]): ReadonlyMap<string, Silence> => {
  const byId = new Map<string, Silence>();
  // Those that are heard now come last, and so count.
  for (const fresh of [false, true]) {
    for (const source of sources) {
      if (source.fresh !== fresh) continue;
      for (const [id, silence] of source.state.silences) byId.set(id, silence);
    }
  }
  return byId;
};

export const silencesOf = (sources: readonly AlertSource[], now: EpochMs): Silences => {
  const byId = bySource(sources);
  const ended = [...byId.values()]
    .filter((s) => s.state !== 'pending' && s.endsAt <= now && now - s.endsAt <= minded)
    .filter((s) => s.matchers.length > 0)
    .sort((a, b) => b.endsAt - a.endsAt || (a.id < b.id ? -1 : 1))
    .slice(0, endedKept);
  return { byId, ended };
};

/**
 * Why an alert is told to nobody, each reason once: silences with what is known of them, the names of the alerts that
 * inhibit it, the intervals that mute it.
 */
export const suppressionsOf = (
  voices: readonly AlertVoice[],
  silences: Silences,
  all: ReadonlyMap<string, Voices>,
): readonly Suppression[] => {
  const found = new Map<string, Suppression>();
  const keep = (key: string, make: () => Suppression) => {
    if (!found.has(key)) found.set(key, make());
  };
  for (const { source, alert, state } of voices) {
    if (state !== 'suppressed') continue;
    for (const id of alert.silencedBy) {
      const silence = silences.byId.get(id) ?? null;
      keep(`silence ${id}`, () => ({ kind: 'silence', source: source.name, id, silence }));
    }
    for (const by of alert.inhibitedBy) {
      const other = all.get(by)?.alerts[0]?.alert;
      const name = other === undefined ? 'another alert' : nameOf(other.labels);
      keep(`inhibition ${by}`, () => ({ kind: 'inhibition', source: source.name, by, name }));
    }
    for (const interval of alert.mutedBy) {
      keep(`mute ${interval}`, () => ({ kind: 'mute', source: source.name, interval }));
    }
  }
  return [...found.values()];
};

const byText = ({ author }: Silence): string => (author === '' ? '' : ` by ${plainText(author)}`);

/** A silence that is about to end, or one that has just ended and let the alert out again. */
export const silenceNote = (
  alert: AlertVoice['alert'],
  suppressedBy: readonly Suppression[],
  { ended }: Silences,
  now: EpochMs,
): string => {
  const active = suppressedBy.flatMap((s) =>
    s.kind === 'silence' && s.silence !== null ? [s.silence] : [],
  );
  const last = active.reduce<Silence | null>(
    (latest, s) => (latest === null || s.endsAt > latest.endsAt ? s : latest),
    null,
  );
  if (last !== null) {
    const left = last.endsAt - now;
    if (left > minded || active.length < suppressedBy.length) return '';
    return left <= 0
      ? `silence${byText(last)} has ended`
      : `silence${byText(last)} ends in ${ageText(left)}`;
  }
  const was = ended.find((s) => matches(s.matchers, alert.labels));
  return was === undefined ? '' : `silence${byText(was)} ended ${ageText(now - was.endsAt)} ago`;
};
