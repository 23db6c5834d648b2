import {
  type AlertData,
  type AlertSourceInfo,
  alertDataSchema,
  type Silence,
  type SourceAlert,
} from '../kernel/alert-fact.ts';
import { probeId } from '../kernel/fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { type EpochMs, seconds } from '../kernel/units.ts';
import { foldAlerts } from './alert-fold.ts';

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
  /** By fingerprint, oldest first; at most `tombstonesKept`, for `tombstoneAge` at the time of the latest fact. */
  readonly resolved: ReadonlyMap<string, Tombstone>;
  /**
   * When an alert began to fire again after it had been over, by fingerprint, whichever did so last standing last. At
   * most `tombstonesKept` alerts and `flapsKept` times of each, of the hour before its latest.
   */
  readonly flaps: ReadonlyMap<string, readonly EpochMs[]>;
  /** Alerts that the source has beyond those that are kept. */
  readonly cut: number;
  /** True while it is read anew after it was not asked for a time: until `listed` nothing of it is news. */
  readonly reading: boolean;
}

/** Sources by name. */
export type AlertsState = ReadonlyMap<string, AlertSourceState>;

export { tombstoneAge, tombstonesKept } from './alert-limits.ts';

/**
 * Alerts as Alertmanagers tell them, each for itself; they are merged by those who read. The key of a change is the
 * fingerprint, or '' when it is about a source.
 */
export const alerts: Probe<AlertData, AlertsState> = {
  id: probeId('alerts'),
  title: 'alerts',
  patience: seconds(45),
  schema: alertDataSchema,
  empty: new Map(),
  fold: (state, batch) => foldAlerts(alerts.id, state, batch),
  save: (state) => [...state].map(([name, source]) => [name, pairs(source)]),
  load: (saved) => new Map((saved as [string, Saved][]).map(([name, s]) => [name, maps(s)])),
  observe: ({ alerts: source }, emit, signal) => source.watch(emit, signal),
};

const pairs = ({ alerts: held, silences, resolved, flaps, ...rest }: AlertSourceState) => ({
  ...rest,
  alerts: [...held],
  silences: [...silences],
  resolved: [...resolved],
  flaps: [...flaps],
});

type Saved = ReturnType<typeof pairs>;

const maps = ({ alerts: held, silences, resolved, flaps, ...rest }: Saved): AlertSourceState => ({
  ...rest,
  alerts: new Map(held),
  silences: new Map(silences),
  resolved: new Map(resolved),
  flaps: new Map(flaps),
});
