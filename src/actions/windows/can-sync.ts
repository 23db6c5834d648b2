import { failureText } from '../../kernel/failure.ts';
import { type EpochMs, epochMs } from '../../kernel/units.ts';
import { isActive, nextEdge, type ReadWindow, readWindow, type SyncWindow } from './sync-window.ts';

/** Whether an application may be synced, and by which rule. */
export interface SyncVerdict {
  /** By Argo CD itself, and by a person. */
  readonly automatic: boolean;
  readonly manual: boolean;
  /** A sync that began when it was allowed may go on. */
  readonly overrun: boolean;
  /**
   * a: no window is about it; b: a deny window is open; c: an allow window is open; d: all allow windows are closed;
   * e: there are only deny windows, all closed; error: a window cannot be read, and nothing is allowed.
   */
  readonly rule: 'a' | 'b' | 'c' | 'd' | 'e' | 'error';
  /** For people. */
  readonly why: string;
  /** Those of the windows that are open; [] when one cannot be read. */
  readonly active: readonly SyncWindow[];
}

export const windowName = ({ kind, schedule, duration, description }: SyncWindow): string =>
  description === ''
    ? `${kind} window "${schedule}" for ${duration}`
    : `${kind} window ${description} ("${schedule}" for ${duration})`;

const names = (windows: readonly SyncWindow[]): string => windows.map(windowName).join(', ');

const broken = (why: string): SyncVerdict => ({
  automatic: false,
  manual: false,
  overrun: false,
  rule: 'error',
  why: `closed: ${why}`,
  active: [],
});

const judged = (
  windows: readonly SyncWindow[],
  active: readonly SyncWindow[],
): Omit<SyncVerdict, 'active'> => {
  const denies = active.filter((w) => w.kind === 'deny');
  const allows = windows.filter((w) => w.kind === 'allow');
  const free = { automatic: true, manual: true, overrun: true };
  if (windows.length === 0) return { ...free, rule: 'a', why: 'no window is about it' };
  if (denies.length > 0) {
    return {
      automatic: false,
      manual: denies.every((w) => w.manualSync),
      overrun: denies.every((w) => w.syncOverrun),
      rule: 'b',
      why: `${names(denies)} is open`,
    };
  }
  const open = active.find((w) => w.kind === 'allow');
  if (open !== undefined) return { ...free, rule: 'c', why: `${windowName(open)} is open` };
  if (allows.length > 0) {
    return {
      automatic: false,
      manual: allows.every((w) => w.manualSync),
      overrun: allows.every((w) => w.syncOverrun),
      rule: 'd',
      why: `${names(allows)} is closed`,
    };
  }
  return { ...free, rule: 'e', why: 'no deny window is open' };
};

interface AllRead {
  readonly windows: readonly ReadWindow[];
  /** Why one of them cannot be read; '' when all can. */
  readonly wrong: string;
}

const readAll = (windows: readonly SyncWindow[]): AllRead => {
  const read = windows.map(readWindow);
  const wrong = read.flatMap((r) => (r.ok ? [] : [failureText(r.failure)]));
  return { windows: read.flatMap((r) => (r.ok ? [r.value] : [])), wrong: wrong[0] ?? '' };
};

const verdictOf = (all: AllRead, now: bigint, offsetAt: number): SyncVerdict => {
  if (all.wrong !== '') return broken(all.wrong);
  const states = all.windows.map((w) => ({ window: w.window, active: isActive(w, now, offsetAt) }));
  const never = states.find(({ active }) => active === null);
  // Argo CD takes such a window for open, which nobody can have meant: closed is the safe reading of both kinds.
  if (never !== undefined) return broken(`the schedule of ${windowName(never.window)} never comes`);
  const active = states.filter((s) => s.active).map((s) => s.window);
  return {
    ...judged(
      all.windows.map((w) => w.window),
      active,
    ),
    active,
  };
};

/**
 * What the windows that are assigned to an application say, by the rules of Argo CD. `now` is in nanoseconds since 1970.
 * Zones have the offset of `offsetAt`, in milliseconds: Argo CD takes that of the moment at which it looks.
 */
export const canSync = (
  windows: readonly SyncWindow[],
  now: bigint,
  offsetAt: number,
): SyncVerdict => verdictOf(readAll(windows), now, offsetAt);

/**
 * An instant within a millisecond, in nanoseconds: at its very beginning windows that meet are neither open, and nobody
 * is so fast.
 */
export const within = (at: number): bigint => BigInt(at) * 1_000_000n + 1n;

/** Looked at before it is given up: a window of every minute changes nothing for a long time. */
const edgesMost = 500;

/**
 * When a person may sync next, or may no longer; null when that does not change, or not soon. Computed with the rules of
 * each zone, as Argo CD will have them at that moment.
 */
export const nextSyncChange = (windows: readonly SyncWindow[], now: EpochMs): EpochMs | null => {
  const all = readAll(windows);
  if (all.wrong !== '') return null;
  const is = verdictOf(all, within(now), now).manual;
  let at: number = now;
  for (let i = 0; i < edgesMost; i += 1) {
    const edges = all.windows.flatMap((w) => nextEdge(w, at) ?? []);
    if (edges.length === 0) return null;
    at = Math.min(...edges);
    if (verdictOf(all, within(at), at).manual !== is) return epochMs(at);
  }
  return null;
};
