import { absurd } from '../kernel/absurd.ts';
import type { SourceAlert } from '../kernel/alert-fact.ts';
import type { ProbeId } from '../kernel/fact.ts';
import type { Change, Folded, Observed } from '../kernel/probe.ts';
import type {
  AlertRule,
  DownTarget,
  PrometheusData,
  PrometheusInfo,
} from '../kernel/prometheus-fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import { Graves, held, isLive } from './alert-draft.ts';
import type { HeldAlert } from './alerts.ts';
import { type Part, part, withDetail } from './change-parts.ts';
import { MapDraft } from './map-draft.ts';
import { oneLine } from './one-line.ts';
import type { HeldTarget, PrometheusSourceState, PrometheusState } from './prometheus.ts';

class SourceDraft {
  readonly alerts: MapDraft<HeldAlert>;
  readonly graves: Graves;
  readonly rules: MapDraft<AlertRule>;
  readonly down: MapDraft<HeldTarget>;
  info: PrometheusInfo | null;
  reading: boolean;

  constructor(from: PrometheusSourceState) {
    this.alerts = new MapDraft(from.alerts);
    this.graves = new Graves(from.resolved);
    this.rules = new MapDraft(from.rules);
    this.down = new MapDraft(from.down);
    this.info = from.info;
    this.reading = from.reading;
  }

  done(): PrometheusSourceState {
    return {
      info: this.info,
      alerts: this.alerts.now,
      resolved: this.graves.now,
      rules: this.rules.now,
      down: this.down.now,
      reading: this.reading,
    };
  }
}

type Sources = ReadonlyMap<string, SourceDraft>;
/** What is news, by key of the rule or target. */
type News = readonly (readonly [key: string, what: Part])[];
const nothing: News = [];

/** Two that are configured alike see the same: the first that says it is told, and the last that says it is over. */
const elsewhere = (
  sources: Sources,
  self: SourceDraft,
  holds: (other: SourceDraft) => boolean,
): boolean => [...sources.values()].some((other) => other !== self && holds(other));

const failsIn = (key: string) => (source: SourceDraft) => source.rules.get(key)?.health === 'err';

const ruleNews = (
  sources: Sources,
  source: SourceDraft,
  before: AlertRule | undefined,
  rule: AlertRule,
): News => {
  const failed = before?.health === 'err';
  const fails = rule.health === 'err';
  if (failed === fails || elsewhere(sources, source, failsIn(rule.key))) return nothing;
  const name = oneLine(rule.name) || oneLine(rule.key, 'without a name');
  const words = withDetail(`rule ${name} fails`, oneLine(rule.lastError));
  if (fails) return [[rule.key, part('warn', words)]];
  // `unknown` follows a reload of the rules: it has not been evaluated since.
  return rule.health === 'ok'
    ? [[rule.key, part('good', `rule ${name} is evaluated again`)]]
    : nothing;
};

const targetText = ({ job, instance, key }: DownTarget): string =>
  [job, instance]
    .map((t) => oneLine(t))
    .filter(Boolean)
    .join('/') || oneLine(key, 'without a name');

const downNews = (
  sources: Sources,
  source: SourceDraft,
  before: HeldTarget | undefined,
  target: DownTarget,
): News => {
  const told = elsewhere(sources, source, (other) => other.down.get(target.key) !== undefined);
  if (before !== undefined || told) return nothing;
  const words = withDetail(`target ${targetText(target)} is down`, oneLine(target.lastError));
  return [[target.key, part('warn', words)]];
};

const up = (sources: Sources, source: SourceDraft, key: string): News => {
  const before = source.down.get(key);
  if (before === undefined) return nothing;
  source.down.delete(key);
  return elsewhere(sources, source, (other) => other.down.get(key) !== undefined)
    ? nothing
    : [[key, part('good', `target ${targetText(before)} is up again`)]];
};

const put = (source: SourceDraft, alert: SourceAlert, at: EpochMs): void => {
  source.alerts.set(alert.fingerprint, held(source.alerts.get(alert.fingerprint), alert, at));
  if (isLive(alert)) source.graves.rise(alert.fingerprint);
};

/** Only what fired leaves something behind: pending ones come and go by the nature of a threshold. */
const drop = (source: SourceDraft, fingerprint: string, at: EpochMs): void => {
  const before = source.alerts.get(fingerprint);
  if (before === undefined) return;
  source.alerts.delete(fingerprint);
  if (!isLive(before)) return;
  const { seenAt: _, ...alert } = before;
  source.graves.bury(alert, at);
};

const keepListed = (
  sources: Sources,
  source: SourceDraft,
  data: Extract<PrometheusData, { kind: 'listed' }>,
  at: EpochMs,
): News => {
  const [alerts, rules, down] = [data.fingerprints, data.rules, data.down].map((l) => new Set(l));
  for (const key of [...source.alerts.now.keys()]) if (!alerts?.has(key)) drop(source, key, at);
  for (const key of [...source.rules.now.keys()]) if (!rules?.has(key)) source.rules.delete(key);
  return [...source.down.now.keys()].flatMap((key) =>
    down?.has(key) ? [] : up(sources, source, key),
  );
};

/** Alerts that fire are told by Alertmanagers, where they are routed, and no timeline is told of pending ones. */
const step = (
  sources: Map<string, SourceDraft>,
  source: SourceDraft,
  { at, data, scope }: Observed<PrometheusData>,
): News => {
  source.graves.age(at);
  switch (data.kind) {
    case 'info':
      source.info = data.info;
      return nothing;
    case 'alert':
      put(source, data.alert, at);
      return nothing;
    case 'gone':
      drop(source, data.fingerprint, at);
      return nothing;
    case 'rule': {
      const { rule } = data;
      const news = ruleNews(sources, source, source.rules.get(rule.key), rule);
      source.rules.set(rule.key, rule);
      return news;
    }
    case 'ruleGone':
      source.rules.delete(data.key);
      return nothing;
    case 'down': {
      const { target } = data;
      const before = source.down.get(target.key);
      const news = downNews(sources, source, before, target);
      source.down.set(target.key, { ...target, since: before?.since ?? at });
      return news;
    }
    case 'up':
      return up(sources, source, data.key);
    case 'listed':
      return keepListed(sources, source, data, at);
    case 'left':
      sources.delete(scope);
      return [['', part('info', `${oneLine(scope, 'prometheus')} is not asked any more`)]];
    default:
      return absurd(data);
  }
};

const newSource = (settled: boolean): PrometheusSourceState => ({
  info: null,
  alerts: new Map(),
  resolved: new Map(),
  rules: new Map(),
  down: new Map(),
  reading: settled,
});

/** Folds a batch; what does not change in it keeps its identity. */
export const foldPrometheus = (
  probe: ProbeId,
  state: PrometheusState,
  batch: readonly Observed<PrometheusData>[],
): Folded<PrometheusState> => {
  const sources = new Map([...state].map(([name, source]) => [name, new SourceDraft(source)]));
  const touched = new Set<string>();
  const changes: Change[] = [];
  for (const observed of batch) {
    const { rev, at, scope, data, settled } = observed;
    let source = sources.get(scope);
    if (source === undefined) {
      if (data.kind === 'left') continue;
      source = new SourceDraft(newSource(settled));
      sources.set(scope, source);
    }
    touched.add(scope);
    const news = step(sources, source, observed);
    const anew = source.reading;
    if (data.kind === 'listed') source.reading = false;
    if (!settled || anew) continue;
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
