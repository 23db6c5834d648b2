import type { EpochMs } from '../kernel/units.ts';
import { eventProof } from './alert-events.ts';
import type { Clusters } from './alert-judgement.ts';
import { type AlertSource, heardLast, type PrometheusSource } from './alert-sources.ts';
import type { Saying } from './alert-stream.ts';
import type { AlertVoice, Voices } from './alert-voices.ts';
import { proofOf } from './facts.ts';
import type { Finding, Proof } from './finding.ts';

type Source = AlertSource | PrometheusSource;

interface Word {
  readonly saying: Saying;
  readonly proof: Proof;
}

/** What everybody says of one alert, who says nothing and should, and the same as proof. */
export interface Words {
  readonly says: readonly Saying[];
  readonly proof: readonly Proof[];
}

const states = [
  'firing',
  'suppressed',
  'unprocessed',
  'pending',
  'resolved',
  'silent',
] as const satisfies readonly Saying['state'][];

const stateText: Readonly<Record<Saying['state'], string>> = {
  firing: 'firing',
  suppressed: 'suppressed',
  unprocessed: 'firing, not routed yet',
  pending: 'pending',
  resolved: 'resolved',
  silent: 'does not have it',
};

/** One that has restarted does not have it any more; that is no word about the alert. */
const untoldWord = ({ source, since }: AlertVoice): Word => {
  const { name, fresh } = source;
  return {
    saying: { source: name, state: 'silent', fresh, heard: heardLast(source), since },
    proof: proofOf('alerts', `${name} has restarted and has not been told again`, since),
  };
};

const wordOf = (source: Source, state: Saying['state'], since: EpochMs | null): Word => {
  const { name, fresh, heard, kind } = source;
  const text = `${name}: ${stateText[state]}${fresh ? '' : ', as it said last'}`;
  return {
    saying: { source: name, state, fresh, heard: heardLast(source), since },
    proof: proofOf(kind === 'prometheus' ? 'prometheus' : 'alerts', text, since ?? heard ?? 0),
  };
};

/** Who is silent and should not be: peers of those that have it; everybody when only rules fire. */
const silentOf = (
  { alerts, rules }: Voices,
  sources: readonly AlertSource[],
  clusters: Clusters,
): readonly AlertSource[] => {
  if (alerts.length === 0) {
    return rules.some((r) => r.state === 'firing')
      ? sources.filter((s) => s.fresh && s.kind === 'alertmanager')
      : [];
  }
  const first = alerts[0]?.source;
  const alone = alerts.every((v) => v.source.cluster === first?.cluster);
  const members = first === undefined ? undefined : clusters.get(first.cluster);
  if (alone && (members === undefined || members.length === alerts.length)) return [];
  const spoken = new Set(alerts.map((v) => v.source));
  return [...new Set(alerts.map((v) => v.source.cluster))].flatMap((cluster) =>
    (clusters.get(cluster) ?? []).filter((s) => !spoken.has(s)),
  );
};

/**
 * Puts into words what is said of each alert. Thousands of alerts that a source has told at the same moment share
 * their words.
 */
export const speaker = (
  sources: readonly AlertSource[],
  clusters: Clusters,
): ((voices: Voices) => Words) => {
  const known = new Map<Source, Map<number, Word>>();
  const word = (source: Source, state: Saying['state'], since: EpochMs | null): Word => {
    let mine = known.get(source);
    if (mine === undefined) {
      mine = new Map();
      known.set(source, mine);
    }
    const key = (since ?? -1) * states.length + states.indexOf(state);
    const had = mine.get(key);
    if (had !== undefined) return had;
    const made = wordOf(source, state, since);
    mine.set(key, made);
    return made;
  };
  return (voices) => {
    const says: Saying[] = [];
    const proof: Proof[] = [];
    const add = ({ saying, proof: mine }: Word): void => {
      says.push(saying);
      proof.push(mine);
    };
    for (const v of voices.alerts) {
      add(v.untold ? untoldWord(v) : word(v.source, v.state, v.since));
    }
    for (const v of voices.rules) add(word(v.source, v.state, v.since));
    for (const source of silentOf(voices, sources, clusters)) add(word(source, 'silent', null));
    return { says, proof };
  };
};

const fromFinding = 2;

/** What an alert rests on besides the word of its sources: what its finding rests on, and events about the same. */
export const withProof = (
  proof: readonly Proof[],
  finding: Finding | null,
  events: readonly Finding[],
): readonly Proof[] =>
  finding === null && events.length === 0
    ? proof
    : [...proof, ...(finding?.proof.slice(0, fromFinding) ?? []), ...eventProof(events)];
