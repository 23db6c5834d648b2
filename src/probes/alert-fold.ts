import { absurd } from '../kernel/absurd.ts';
import type { AlertData, AlertSourceInfo, SourceAlert } from '../kernel/alert-fact.ts';
import type { ProbeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed } from '../kernel/probe.ts';
import type { EpochMs } from '../kernel/units.ts';
import { held, isLive, SourceDraft } from './alert-draft.ts';
import { fires, resolved, silenced, unsilenced } from './alert-words.ts';
import type { AlertSourceState, AlertsState, HeldAlert } from './alerts.ts';
import { type Part, part } from './change-parts.ts';
import { oneLine } from './one-line.ts';

/** What is news, by fingerprint; '' is the source itself. */
type News = readonly (readonly [fingerprint: string, what: Part])[];
type Sources = ReadonlyMap<string, SourceDraft>;

const nothing: News = [];

/** When a fact came, and whether what follows from it is news: words for thousands of alerts take their time. */
interface Moment {
  readonly at: EpochMs;
  readonly tell: boolean;
}

const elsewhere = (
  sources: Sources,
  self: SourceDraft,
  fingerprint: string,
  holds: (alert: HeldAlert) => boolean,
  /** Those, too, that it has lost with a restart. */
  lost: boolean,
): boolean => {
  for (const other of sources.values()) {
    if (other === self) continue;
    const alert =
      other.alerts.get(fingerprint) ?? (lost ? other.untold.get(fingerprint)?.alert : undefined);
    if (alert !== undefined && holds(alert)) return true;
  }
  return false;
};

const isSilenced = (alert: Pick<SourceAlert, 'silencedBy'>): boolean => alert.silencedBy.length > 0;

/** Who wrote the silence; '' when it is not known. Peers share silences, but may tell them at different times. */
const authorOf = (sources: Sources, { silencedBy }: Pick<SourceAlert, 'silencedBy'>): string => {
  for (const id of silencedBy) {
    for (const source of sources.values()) {
      const author = source.silences.get(id)?.author ?? '';
      if (author !== '') return author;
    }
  }
  return '';
};

/** Several sources say the same: what the first of them says is told, and an end when the last has said it. */
const alertNews = (
  sources: Sources,
  source: SourceDraft,
  before: HeldAlert | undefined,
  alert: SourceAlert,
  again: boolean,
): News => {
  const key = alert.fingerprint;
  const others = (holds: (other: HeldAlert) => boolean) =>
    elsewhere(sources, source, key, holds, true);
  const author = (): string | null => (isSilenced(alert) ? authorOf(sources, alert) : null);
  if (!isLive(alert)) return nothing;
  if (!isLive(before)) return others(isLive) ? nothing : [[key, fires(alert, again, author())]];
  if (before === undefined) return nothing;
  if (again) {
    const told = others((other) => isLive(other) && other.startsAt >= alert.startsAt);
    return told ? nothing : [[key, fires(alert, true, author())]];
  }
  if (isSilenced(before) === isSilenced(alert) || others(isSilenced)) return nothing;
  return isSilenced(alert)
    ? [[key, silenced(alert, author() ?? '')]]
    : [[key, unsilenced(alert, authorOf(sources, before))]];
};

const put = (
  sources: Sources,
  source: SourceDraft,
  alert: SourceAlert,
  { at, tell }: Moment,
): News => {
  const key = alert.fingerprint;
  // What a restart had lost is told again: it went on all the time.
  const lost = source.untold.get(key)?.alert;
  const before = source.alerts.get(key) ?? lost;
  const live = isLive(alert);
  // Alertmanager joins what overlaps: a start that moves forward was over in between, between two of our looks.
  const moved =
    lost === undefined &&
    before !== undefined &&
    isLive(before) &&
    alert.startsAt > before.startsAt;
  const again = live && (moved || source.wasOver(key));
  const news = tell ? alertNews(sources, source, before, alert, again) : nothing;
  source.untold.delete(key);
  source.alerts.set(key, held(before, alert, at));
  if (again) source.flap(key, at);
  if (live) source.rise(key);
  return news;
};

const drop = (sources: Sources, source: SourceDraft, key: string, { at, tell }: Moment): News => {
  const alert = source.alerts.get(key);
  if (alert === undefined) return nothing;
  source.alerts.delete(key);
  if (!isLive(alert)) return nothing;
  if (source.loses(alert, at)) {
    source.untold.set(key, { alert, at });
    return nothing;
  }
  const { seenAt: _, ...before } = alert;
  source.bury(before, at);
  return !tell || elsewhere(sources, source, key, isLive, false)
    ? nothing
    : [[key, resolved(before)]];
};

const keepListed = (
  sources: Sources,
  source: SourceDraft,
  data: Extract<AlertData, { kind: 'listed' }>,
  moment: Moment,
): News => {
  const alerts = new Set(data.fingerprints);
  const silences = new Set(data.silences);
  const news = [...source.alerts.now.keys()].flatMap((key) =>
    alerts.has(key) ? [] : drop(sources, source, key, moment),
  );
  for (const id of [...source.silences.now.keys()]) {
    if (!silences.has(id)) source.silences.delete(id);
  }
  return news;
};

const sourceNews = (name: string, was: AlertSourceInfo | null, now: AlertSourceInfo): News => {
  if (was === null) return nothing;
  const parts: Part[] = [];
  if (was.clusterStatus !== '' && now.clusterStatus !== was.clusterStatus) {
    const status = oneLine(now.clusterStatus, 'not told');
    const words = `${name}: cluster ${oneLine(was.clusterStatus, 'not told')} → ${status}`;
    parts.push(part(status === 'ready' ? 'good' : 'warn', words));
  }
  const [before, after] = [oneLine(was.version), oneLine(now.version)];
  if (before !== '' && after !== '' && before !== after) {
    parts.push(part('info', `${name}: version ${before} → ${after}`));
  }
  return parts.map((what) => ['', what]);
};

const step = (
  sources: Map<string, SourceDraft>,
  source: SourceDraft,
  { data, scope }: Observed<AlertData>,
  moment: Moment,
): News => {
  source.age(moment.at);
  // A source that starts again and again has time to be told after each start.
  if (data.kind !== 'source') source.giveUp(moment.at);
  const name = oneLine(scope, 'alerts');
  switch (data.kind) {
    case 'source': {
      const news = sourceNews(name, source.info, data.source);
      source.introduce(data.source, moment.at);
      if (data.source.kind === 'webhook') source.reading = false;
      return news;
    }
    case 'alert':
      return put(sources, source, data.alert, moment);
    case 'gone':
      return drop(sources, source, data.fingerprint, moment);
    case 'silence':
      source.silences.set(data.silence.id, data.silence);
      return nothing;
    case 'unsilenced':
      source.silences.delete(data.silence);
      return nothing;
    case 'listed':
      return keepListed(sources, source, data, moment);
    case 'cut':
      source.cut = data.left;
      return nothing;
    case 'left':
      sources.delete(scope);
      return [['', part('info', `${name} is not asked any more`)]];
    default:
      return absurd(data);
  }
};

const newSource = (settled: boolean, askedSince: EpochMs): AlertSourceState => ({
  info: null,
  alerts: new Map(),
  silences: new Map(),
  resolved: new Map(),
  watchdogs: new Map(),
  askedSince,
  flaps: new Map(),
  untold: new Map(),
  start: null,
  cut: 0,
  reading: settled,
});

/** Folds a batch; what does not change in it keeps its identity. */
export const foldAlerts = (
  probe: ProbeId,
  state: AlertsState,
  batch: readonly Observed<AlertData>[],
): Folded<AlertsState> => {
  const sources = new Map([...state].map(([name, source]) => [name, new SourceDraft(source)]));
  const touched = new Set<string>();
  const changes: Change[] = [];
  for (const observed of batch) {
    const { rev, at, scope, data, settled } = observed;
    let source = sources.get(scope);
    if (source === undefined) {
      if (data.kind === 'left') continue;
      source = new SourceDraft(newSource(settled, at));
      sources.set(scope, source);
    }
    touched.add(scope);
    const anew = source.reading && !(data.kind === 'source' && data.source.kind === 'webhook');
    const tell = settled && !anew;
    const news = step(sources, source, observed, { at, tell });
    if (data.kind === 'listed') source.reading = false;
    if (!tell) continue;
    for (const [key, what] of news) changes.push({ rev, at, probe, key, ...what });
  }
  return {
    state: new Map(
      [...sources].map(([name, draft]) => {
        const before = state.get(name);
        return [name, before === undefined || touched.has(name) ? draft.done() : before];
      }),
    ),
    changes,
  };
};
