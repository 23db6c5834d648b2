import type { Labels, SourceAlert } from '../kernel/alert-fact.ts';
import { labelOf } from '../kernel/matchers.ts';
import type { EpochMs } from '../kernel/units.ts';
import { type AlertSource, type PrometheusSource, waitsToBeTold } from './alert-sources.ts';
import type { Saying } from './alert-stream.ts';

type Told<Source> = {
  readonly source: Source;
  /** What it tells now, or told last before it said that it is over. */
  readonly alert: SourceAlert;
  readonly state: Exclude<Saying['state'], 'silent'>;
  /** Since when it says so. */
  readonly since: EpochMs;
};

export type AlertVoice = Told<AlertSource> & {
  /** It is what the source told before it restarted; it has not been told again, and knows nothing of it. */
  readonly untold: boolean;
};
export type RuleVoice = Told<PrometheusSource>;

/** One alert, and everybody who has something to say of it. */
export interface Voices {
  readonly key: string;
  readonly alerts: readonly AlertVoice[];
  readonly rules: readonly RuleVoice[];
}

interface Gathered {
  readonly key: string;
  alerts: AlertVoice[];
  rules: RuleVoice[];
}
type Table = Map<string, Gathered>;

/** Shared by the many that have none. */
const noAlerts: AlertVoice[] = [];
const noRules: RuleVoice[] = [];

const addAlert = (table: Table, key: string, voice: AlertVoice): void => {
  const had = table.get(key);
  if (had === undefined) table.set(key, { key, alerts: [voice], rules: noRules });
  else if (had.alerts === noAlerts) had.alerts = [voice];
  else had.alerts.push(voice);
};

const addRule = (table: Table, key: string, voice: RuleVoice): void => {
  const had = table.get(key);
  if (had === undefined) table.set(key, { key, alerts: noAlerts, rules: [voice] });
  else if (had.rules === noRules) had.rules = [voice];
  else had.rules.push(voice);
};

/** Labels that only say which of several alike Prometheuses it is. */
const replicaLabels = new Set(['prometheus', 'prometheus_replica', 'replica']);

interface Canonical {
  readonly external: Labels;
  readonly text: string;
}
const canonicals = new WeakMap<SourceAlert, Canonical>();

/** The labels without those that a Prometheus puts on what it sends, as one text. */
const canonicalText = (alert: SourceAlert, external: Labels): string => {
  const had = canonicals.get(alert);
  if (had?.external === external) return had.text;
  const parts: string[] = [];
  for (const name of Object.keys(alert.labels).sort()) {
    const value = alert.labels[name] ?? '';
    if (replicaLabels.has(name)) continue;
    if (Object.hasOwn(external, name) && labelOf(external, name) === value) continue;
    parts.push(name, value);
  }
  const text = JSON.stringify(parts);
  canonicals.set(alert, { external, text });
  return text;
};

/** Which alert of an Alertmanager an alert of a Prometheus is, where its fingerprint does not say; made when asked. */
const byLabels = (table: Table, external: Labels): ((alert: SourceAlert) => string | undefined) => {
  let index: Map<string, string> | undefined;
  return (alert) => {
    if (index === undefined) {
      index = new Map();
      for (const [key, { alerts }] of table) {
        const first = alerts[0];
        if (first === undefined) continue;
        const text = canonicalText(first.alert, external);
        const other = index.get(text);
        // Two that differ only in such labels: the smaller fingerprint, so that it is the same one every time.
        if (other === undefined || key < other) index.set(text, key);
      }
    }
    return index.get(canonicalText(alert, external));
  };
};

const noLabels: Labels = {};

/** Puts together, by fingerprint, what all sources say. Prometheuses join by labels where they put more on what they send. */
export const gatherVoices = (
  sources: readonly AlertSource[],
  prometheuses: readonly PrometheusSource[],
): ReadonlyMap<string, Voices> => {
  const table: Table = new Map();
  for (const source of sources) {
    for (const [key, alert] of source.state.alerts) {
      // Only a Prometheus knows of pending ones.
      const state = alert.state === 'pending' ? 'unprocessed' : alert.state;
      addAlert(table, key, { source, alert, state, since: alert.seenAt, untold: false });
    }
    const lost = !waitsToBeTold(source);
    for (const [key, { alert, at: since }] of source.state.untold) {
      const state = alert.state === 'pending' ? 'unprocessed' : alert.state;
      const voice = { source, alert, since };
      addAlert(
        table,
        key,
        lost ? { ...voice, state: 'resolved', untold: false } : { ...voice, state, untold: true },
      );
    }
    for (const [key, { alert, at: since }] of [
      ...source.state.resolved,
      ...source.state.watchdogs,
    ]) {
      if (source.state.alerts.has(key) || source.state.untold.has(key)) continue;
      addAlert(table, key, { source, alert, state: 'resolved', since, untold: false });
    }
  }
  for (const source of prometheuses) {
    const find = byLabels(table, source.state.info?.externalLabels ?? noLabels);
    const keyOf = (key: string, alert: SourceAlert): string =>
      (table.get(key)?.alerts.length ?? 0) > 0 ? key : (find(alert) ?? key);
    for (const [key, alert] of source.state.alerts) {
      const state = alert.state === 'pending' ? 'pending' : 'firing';
      addRule(table, keyOf(key, alert), { source, alert, state, since: alert.seenAt });
    }
    for (const [key, { alert, at: since }] of source.state.resolved) {
      if (source.state.alerts.has(key)) continue;
      addRule(table, keyOf(key, alert), { source, alert, state: 'resolved', since });
    }
  }
  return table;
};
