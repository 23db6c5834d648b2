import { probeId } from '../kernel/fact.ts';
import type { Probe } from '../kernel/probe.ts';
import {
  type AlertRule,
  type DownTarget,
  type PrometheusData,
  type PrometheusInfo,
  prometheusDataSchema,
} from '../kernel/prometheus-fact.ts';
import { type EpochMs, seconds } from '../kernel/units.ts';
import type { HeldAlert, Tombstone } from './alerts.ts';
import { foldPrometheus } from './prometheus-fold.ts';

export type HeldTarget = DownTarget & { readonly since: EpochMs };

export interface PrometheusSourceState {
  readonly info: PrometheusInfo | null;
  /** Pending and firing, by fingerprint. */
  readonly alerts: ReadonlyMap<string, HeldAlert>;
  /** Firing ones that are over, as in the alerts of an Alertmanager. */
  readonly resolved: ReadonlyMap<string, Tombstone>;
  /** Alerting rules by key. */
  readonly rules: ReadonlyMap<string, AlertRule>;
  /** Targets that cannot be scraped, by key, and since when we see that. */
  readonly down: ReadonlyMap<string, HeldTarget>;
  /** True while it is read anew after it was not asked for a time: until `listed` nothing of it is news. */
  readonly reading: boolean;
}

/** Sources by name. */
export type PrometheusState = ReadonlyMap<string, PrometheusSourceState>;

/**
 * What rules say before and beside an Alertmanager: pending alerts, rules that fail, targets that are down. The key of
 * a change is that of the rule or target.
 */
export const prometheus: Probe<PrometheusData, PrometheusState> = {
  id: probeId('prometheus'),
  title: 'prometheus',
  patience: seconds(60),
  schema: prometheusDataSchema,
  empty: new Map(),
  fold: (state, batch) => foldPrometheus(prometheus.id, state, batch),
  isLast: ({ kind }) => kind === 'left',
  save: (state) => [...state].map(([name, source]) => [name, pairs(source)]),
  load: (saved) => new Map((saved as [string, Saved][]).map(([name, s]) => [name, maps(s)])),
  observe: ({ prometheus: source }, emit, signal) => source.watch(emit, signal),
};

const pairs = ({ alerts, resolved, rules, down, ...rest }: PrometheusSourceState) => ({
  ...rest,
  alerts: [...alerts],
  resolved: [...resolved],
  rules: [...rules],
  down: [...down],
});

type Saved = ReturnType<typeof pairs>;

const maps = ({ alerts, resolved, rules, down, ...rest }: Saved): PrometheusSourceState => ({
  ...rest,
  alerts: new Map(alerts),
  resolved: new Map(resolved),
  rules: new Map(rules),
  down: new Map(down),
});
