import {
  type AlertData,
  type AlertSourceInfo,
  alertDataSchema,
  type Silence,
  type SourceAlert,
} from '../kernel/alert-fact.ts';
import { probeId } from '../kernel/fact.ts';
import type { Probe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, seconds } from '../kernel/units.ts';
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

/** An alert that a source has lost with a restart: whether it is over is not known. */
export interface UntoldAlert {
  readonly alert: HeldAlert;
  /** When it had vanished. */
  readonly at: EpochMs;
}

/** When a source started, by our clock, and when that was seen. */
export interface SourceStart {
  readonly at: EpochMs;
  readonly seenAt: EpochMs;
}

export interface AlertSourceState {
  readonly info: AlertSourceInfo | null;
  /** By fingerprint. */
  readonly alerts: ReadonlyMap<string, HeldAlert>;
  /** By id. */
  readonly silences: ReadonlyMap<string, Silence>;
  /** By fingerprint, oldest first; at most `tombstonesKept`, for `tombstoneAge` at the time of the latest fact. */
  readonly resolved: ReadonlyMap<string, Tombstone>;
  /** Alerts that always fire and do not any more, by fingerprint, oldest first; at most `watchdogsKept`, of any age. */
  readonly watchdogs: ReadonlyMap<string, Tombstone>;
  /**
   * When an alert began to fire again after it had been over, by fingerprint, whichever did so last standing last. At
   * most `tombstonesKept` alerts and `flapsKept` times of each, of the hour before its latest.
   */
  readonly flaps: ReadonlyMap<string, readonly EpochMs[]>;
  /**
   * By fingerprint. Those that it had before its latest start and has not been told again; beyond `toldAgainWithin`
   * after the start they are over, also where no fact has come since to say so.
   */
  readonly untold: ReadonlyMap<string, UntoldAlert>;
  /** Null where that is not known. */
  readonly start: SourceStart | null;
  /** Alerts that the source has beyond those that are kept. */
  readonly cut: number;
  /** When it answered for the first time since it is asked. */
  readonly askedSince: EpochMs;
  /** True while it is read anew after it was not asked for a time: until `listed` nothing of it is news. */
  readonly reading: boolean;
}

/** Sources by name. */
export type AlertsState = ReadonlyMap<string, AlertSourceState>;

export { toldAgainWithin, tombstoneAge, tombstonesKept, watchdogsKept } from './alert-limits.ts';

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
  isLast: ({ kind }) => kind === 'left',
  save: (state) => [...state].map(([name, source]) => [name, pairs(source)]),
  load: (saved) => new Map((saved as [string, Saved][]).map(([name, s]) => [name, maps(s)])),
  observe: ({ alerts: source }, emit, signal) => source.watch(emit, signal),
};

const pairs = (source: AlertSourceState) => ({
  ...source,
  alerts: [...source.alerts],
  silences: [...source.silences],
  resolved: [...source.resolved],
  watchdogs: [...source.watchdogs],
  flaps: [...source.flaps],
  untold: [...source.untold],
});

type Pairs = ReturnType<typeof pairs>;
/** What is optional is not in recordings of earlier versions. */
type Later = 'watchdogs' | 'askedSince' | 'untold' | 'start';
type Saved = Omit<Pairs, Later> & Partial<Pick<Pairs, Later>>;

/** As far as what is known of a source goes back; 0 when nothing is. */
const oldestOf = ({ alerts: held, resolved }: Saved): EpochMs => {
  const times = [...held.map(([, a]) => a.seenAt), ...resolved.map(([, r]) => r.at)];
  return epochMs(times.reduce((a, b) => Math.min(a, b), times[0] ?? 0));
};

const maps = (saved: Saved): AlertSourceState => ({
  ...saved,
  alerts: new Map(saved.alerts),
  silences: new Map(saved.silences),
  resolved: new Map(saved.resolved),
  watchdogs: new Map(saved.watchdogs),
  flaps: new Map(saved.flaps),
  untold: new Map(saved.untold),
  start: saved.start ?? null,
  askedSince: saved.askedSince ?? oldestOf(saved),
});
