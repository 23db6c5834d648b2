import {
  type AlertData,
  type AlertSourceInfo,
  alertDataSchema,
  type Silence,
  type SourceAlert,
} from '../kernel/alert-fact.ts';
import { probeId } from '../kernel/fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { type EpochMs, hours, seconds } from '../kernel/units.ts';

/** An alert that a source has told, and since when it tells it. */
export interface HeldAlert extends SourceAlert {
  /** When we first saw it in this state. */
  readonly seenAt: EpochMs;
}

/** An alert that is over. */
export interface Tombstone {
  readonly alert: SourceAlert;
  readonly at: EpochMs;
}

export interface AlertSourceState {
  readonly info: AlertSourceInfo | null;
  /** By fingerprint. */
  readonly alerts: ReadonlyMap<string, HeldAlert>;
  /** By id. */
  readonly silences: ReadonlyMap<string, Silence>;
  /** By fingerprint, oldest first; at most `tombstonesKept`, for `tombstoneAge`. */
  readonly resolved: ReadonlyMap<string, Tombstone>;
  /** When an alert began to fire again after it had been over, by fingerprint; of the last hour, bounded. */
  readonly flaps: ReadonlyMap<string, readonly EpochMs[]>;
  /** Alerts that the source has beyond those that are kept. */
  readonly cut: number;
}

/** Sources by name. */
export type AlertsState = ReadonlyMap<string, AlertSourceState>;

export const tombstonesKept = 1000;
export const tombstoneAge = hours(1);

/** Alerts as Alertmanagers tell them, each for itself; they are merged by those who read. */
export const alerts: Probe<AlertData, AlertsState> = {
  id: probeId('alerts'),
  title: 'alerts',
  patience: seconds(45),
  schema: alertDataSchema,
  empty: new Map(),
  fold: (state) => ({ state, changes: [] }),
  save: (state) => [...state],
  load: (saved) => new Map(saved as [string, AlertSourceState][]),
  observe: ({ alerts: source }, emit, signal) => source.watch(emit, signal),
};
