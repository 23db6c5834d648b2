import type { AlertSourceInfo, Silence, SourceAlert } from '../kernel/alert-fact.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import {
  startBlurred,
  startLoses,
  toldAgainWithin,
  tombstoneAge,
  tombstonesKept,
  watchdogsKept,
} from './alert-limits.ts';
import { isWatchdog } from './alert-watchdog.ts';
import type { AlertSourceState, HeldAlert, SourceStart, Tombstone, UntoldAlert } from './alerts.ts';
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
  readonly untold: MapDraft<UntoldAlert>;
  readonly #graves: Graves;
  readonly #watchdogs: MapDraft<Tombstone>;
  readonly #askedSince: EpochMs;
  readonly #flaps: MapDraft<readonly EpochMs[]>;
  info: AlertSourceInfo | null;
  cut: number;
  reading: boolean;
  #start: SourceStart | null;

  constructor(from: AlertSourceState) {
    this.alerts = new MapDraft(from.alerts);
    this.silences = new MapDraft(from.silences);
    this.untold = new MapDraft(from.untold);
    this.#graves = new Graves(from.resolved);
    this.#watchdogs = new MapDraft(from.watchdogs);
    this.#askedSince = from.askedSince;
    this.#flaps = new MapDraft(from.flaps);
    this.info = from.info;
    this.cut = from.cut;
    this.reading = from.reading;
    this.#start = from.start;
  }

  /** Who it is. Another start than before is one of which the answer that tells it shows the consequences. */
  introduce(info: AlertSourceInfo, at: EpochMs): void {
    const { startedAt, clockSkew } = info;
    if (startedAt !== undefined && startedAt !== this.info?.startedAt) {
      const start = epochMs(Math.min(startedAt - (clockSkew ?? 0), at));
      this.#start = { at: start, seenAt: at };
    }
    this.info = info;
  }

  /** Whether what vanishes now was lost with a start. What was told since then by the same process is over. */
  loses({ seenAt }: HeldAlert, at: EpochMs): boolean {
    const start = this.#start;
    if (start === null || seenAt > start.at + startBlurred) return false;
    const since = at - start.at;
    return since <= startLoses || (start.seenAt === at && since <= toldAgainWithin);
  }

  /** Buries what was not told again for too long after the start. */
  giveUp(at: EpochMs): void {
    if (this.untold.now.size === 0 || at - (this.#start?.at ?? 0) <= toldAgainWithin) return;
    for (const [key, { alert, at: since }] of this.untold.now) {
      const { seenAt: _, ...last } = alert;
      this.bury(last, since);
      this.untold.delete(key);
    }
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
      untold: this.untold.now,
      start: this.#start,
      cut: this.cut,
      reading: this.reading,
    };
  }
}
