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

export interface PrometheusSourceState {
  readonly info: PrometheusInfo | null;
  /** Pending and firing, by fingerprint. */
  readonly alerts: ReadonlyMap<string, HeldAlert>;
  /** Firing ones that are over, as in the alerts of an Alertmanager. */
  readonly resolved: ReadonlyMap<string, Tombstone>;
  /** Alerting rules by key. */
  readonly rules: ReadonlyMap<string, AlertRule>;
  /** Targets that cannot be scraped, by key, and since when we see that. */
  readonly down: ReadonlyMap<string, DownTarget & { readonly since: EpochMs }>;
}

/** Sources by name. */
export type PrometheusState = ReadonlyMap<string, PrometheusSourceState>;

/** What rules say before and beside an Alertmanager: pending alerts, rules that fail, targets that are down. */
export const prometheus: Probe<PrometheusData, PrometheusState> = {
  id: probeId('prometheus'),
  title: 'prometheus',
  patience: seconds(60),
  schema: prometheusDataSchema,
  empty: new Map(),
  fold: (state) => ({ state, changes: [] }),
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, PrometheusSourceState][]),
  observe: ({ prometheus: source }, emit, signal) => source.watch(emit, signal),
};
