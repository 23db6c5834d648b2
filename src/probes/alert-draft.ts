import type { AlertSourceInfo, Silence, SourceAlert } from '../kernel/alert-fact.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { tombstoneAge, tombstonesKept, watchdogsKept } from './alert-limits.ts';
import { isWatchdog } from './alert-watchdog.ts';
import type { AlertSourceState, HeldAlert, Tombstone } from './alerts.ts';
import { MapDraft } from './map-draft.ts';

/** Of one alert within the age of a tombstone; more is not told apart from many. */
export const flapsKept = 60;

/** True for those that are told to somebody or would be: not for those that only may fire. */
export const isLive = (alert: Pick<SourceAlert, 'state'> | undefined): boolean =>
  alert !== undefined && alert.state !== 'pending';

/** An alert as it is held, with the time since when it is told so. */
export const held = (
  before: HeldAlert | undefined,
  alert: SourceAlert,
  at: EpochMs,
): HeldAlert => ({
  ...alert,
  seenAt: before?.state === alert.state && before.startsAt === alert.startsAt ? before.seenAt : at,
});

/** Alerts that are over, with their bounds: by number, and by age at the time of each next fact. */
export class Graves {
  readonly #draft: MapDraft<Tombstone>;

  constructor(from: ReadonlyMap<string, Tombstone>) {
    this.#draft = new MapDraft(from);
  }

  get now(): ReadonlyMap<string, Tombstone> {
    return this.#draft.now;
  }

  has(fingerprint: string): boolean {
    return this.#draft.now.has(fingerprint);
  }

  bury(alert: SourceAlert, at: EpochMs): void {
    this.#draft.setLast(alert.fingerprint, { alert, at });
    this.age(at);
  }

  rise(fingerprint: string): void {
    this.#draft.delete(fingerprint);
  }

  age(at: EpochMs): void {
    this.#draft.trim(tombstonesKept, (grave) => at - grave.at > tombstoneAge);
  }
}

/** One source while a batch is folded: each of its maps is copied at most once. */
export class SourceDraft {
  readonly alerts: MapDraft<HeldAlert>;
  readonly silences: MapDraft<Silence>;
  readonly #graves: Graves;
  readonly #watchdogs: MapDraft<Tombstone>;
  readonly #askedSince: EpochMs;
  readonly #flaps: MapDraft<readonly EpochMs[]>;
  info: AlertSourceInfo | null;
  cut: number;
  reading: boolean;

  constructor(from: AlertSourceState) {
    this.alerts = new MapDraft(from.alerts);
    this.silences = new MapDraft(from.silences);
    this.#graves = new Graves(from.resolved);
    this.#watchdogs = new MapDraft(from.watchdogs);
    this.#askedSince = from.askedSince;
    this.#flaps = new MapDraft(from.flaps);
    this.info = from.info;
    this.cut = from.cut;
    this.reading = from.reading;
  }

  /** Forgets what is too old to matter. */
  age(at: EpochMs): void {
    this.#graves.age(at);
    // Whichever began again last stands last.
    this.#flaps.trim(tombstonesKept, (all) => at - (all.at(-1) ?? 0) > tombstoneAge);
  }

  wasOver(fingerprint: string): boolean {
    return this.#graves.has(fingerprint) || this.#watchdogs.get(fingerprint) !== undefined;
  }

  bury(alert: SourceAlert, at: EpochMs): void {
    if (!isWatchdog(alert.labels)) {
      this.#graves.bury(alert, at);
      return;
    }
    this.#watchdogs.setLast(alert.fingerprint, { alert, at });
    this.#watchdogs.trim(watchdogsKept, () => false);
  }

  rise(fingerprint: string): void {
    this.#graves.rise(fingerprint);
    this.#watchdogs.delete(fingerprint);
  }

  flap(fingerprint: string, at: EpochMs): void {
    const recent = (this.#flaps.get(fingerprint) ?? []).filter((t) => at - t <= tombstoneAge);
    this.#flaps.setLast(fingerprint, [...recent, epochMs(at)].slice(-flapsKept));
    this.age(at);
  }

  done(): AlertSourceState {
    return {
      info: this.info,
      alerts: this.alerts.now,
      silences: this.silences.now,
      resolved: this.#graves.now,
      watchdogs: this.#watchdogs.now,
      askedSince: this.#askedSince,
      flaps: this.#flaps.now,
      cut: this.cut,
      reading: this.reading,
    };
  }
}
