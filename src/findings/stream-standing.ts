import { type EpochMs, epochMs } from '../kernel/units.ts';
import type { AlertStream, StreamSource } from './alert-stream.ts';
import type { Finding, Standing } from './finding.ts';
import { isEvent } from './rank.ts';
import { countText, some } from './words.ts';

/** `✗3 ▲2`; `0` when nothing fires. */
const countsText = ({ critical, warning }: AlertStream['counts']): string =>
  [
    ...(critical > 0 ? [`✗${countText(critical)}`] : []),
    ...(warning > 0 ? [`▲${countText(warning)}`] : []),
  ].join(' ') || '0';

const firingText = ({ critical, warning, info, pending, suppressed }: AlertStream['counts']) => {
  const firing = critical + warning + info;
  return [
    firing === 0 ? 'no alert fires' : `${countText(firing)} firing`,
    ...(critical > 0 ? [`${countText(critical)} critical`] : []),
    ...(pending > 0 ? [`${countText(pending)} pending`] : []),
    ...(suppressed > 0 ? [`${countText(suppressed)} silenced or inhibited`] : []),
  ].join(', ');
};

const isHeard = (s: StreamSource): boolean => s.tone === 'good' || s.tone === 'warn';

const muteText = ({ name, text }: StreamSource): string =>
  text === '' ? name : `${name} (${text})`;

/** Who is heard, unless the Watchdog that came through them has told that, and who is not. */
const sourcesText = ({ sources, watchdog }: AlertStream): string => {
  const heard = sources.filter(isHeard);
  const names = (list: readonly StreamSource[]): string =>
    list.length <= 3 ? list.map((s) => s.name).join(', ') : some(list.length, 'source');
  const mute = sources.filter((s) => !isHeard(s));
  return [
    ...(heard.length > 0 && watchdog.text === '' ? [`through ${names(heard)}`] : []),
    ...(mute.length > 0 ? [`not heard: ${mute.slice(0, 3).map(muteText).join(', ')}`] : []),
  ].join('; ');
};

const eventsText = (findings: readonly Finding[]): string => {
  const n = findings.filter(isEvent).length;
  return n === 0 ? '' : `${some(n, 'warning event')} that nothing above explains`;
};

/**
 * When the youngest of those was heard on whom it rests what is told to people: a Prometheus that is heard makes what the
 * Alertmanagers said no younger.
 */
const newest = (sources: readonly StreamSource[]): EpochMs | null => {
  const asked = sources.filter((s) => s.kind === 'alertmanager');
  const times = (asked.length > 0 ? asked : sources).flatMap((s) => s.heard ?? []);
  return times.length === 0 ? null : epochMs(Math.max(...times));
};

const toneOf = ({ counts, sources }: AlertStream): Standing['tone'] => {
  if (sources.every((s) => s.heard === null)) return 'unknown';
  if (!sources.some(isHeard)) return 'stale';
  if (counts.critical > 0) return 'bad';
  // A source that cannot be heard may hold what the others do not.
  return counts.warning > 0 || sources.some((s) => s.tone !== 'good') ? 'warn' : 'good';
};

/**
 * How the alerts stand. Without a source nothing is known of them, and the warning events of the cluster, which are
 * no alerts, are told beside that.
 */
export const streamStanding = (stream: AlertStream, findings: readonly Finding[]): Standing => {
  const { sources, counts } = stream;
  if (sources.length === 0) {
    const events = eventsText(findings);
    const fill = 'no alert source: name an Alertmanager or Prometheus, or let services be listed';
    return {
      subsystem: 'alerts',
      tone: 'unknown',
      text: '',
      evidence: events === '' ? fill : `${fill}; ${events}`,
      heard: null,
    };
  }
  const tone = toneOf(stream);
  // Of what nobody has told yet, nothing is known.
  const firing = tone === 'unknown' ? '' : firingText(counts);
  const said = [firing, stream.watchdog.text, sourcesText(stream)];
  const evidence = said.filter((t) => t !== '').join('; ');
  return {
    subsystem: 'alerts',
    tone,
    text: tone === 'unknown' ? '' : countsText(counts),
    evidence: tone === 'stale' ? `last known: ${evidence}` : evidence,
    heard: newest(sources),
  };
};
