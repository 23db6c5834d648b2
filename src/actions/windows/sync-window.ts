import { ok, type Result } from '../../kernel/failure.ts';
import { argoGlobMatches } from './argo-glob.ts';
import { type Cron, parseCron } from './cron.ts';
import { nextInZone, nextOnWall } from './cron-next.ts';
import { parseGoDuration } from './go-duration.ts';
import { changeAfter, utc, type Zone, zoneOf } from './zone.ts';

/** A window of an Argo CD project, as it is written: nobody has looked whether it makes sense. */
export interface SyncWindow {
  /** `allow`, `deny`; another one counts as neither. */
  readonly kind: string;
  readonly schedule: string;
  readonly duration: string;
  /** '' is UTC, and so is one that there is not. */
  readonly timeZone: string;
  readonly applications: readonly string[];
  readonly namespaces: readonly string[];
  readonly clusters: readonly string[];
  /** All kinds of selectors that are there have to match, not one of them. */
  readonly andOperator: boolean;
  readonly manualSync: boolean;
  readonly syncOverrun: boolean;
  readonly description: string;
}

/** What windows are matched against. */
export interface SyncTarget {
  /** Of the application. */
  readonly name: string;
  /** Of its destination. */
  readonly namespace: string;
  readonly server: string;
  readonly clusterName: string;
}

/** Whether a window of its project is about an application. Without any selector it is about none. */
export const isAssigned = (window: SyncWindow, target: SyncTarget): boolean => {
  const selectors = [
    { globs: window.applications, values: [target.name] },
    { globs: window.namespaces, values: [target.namespace] },
    { globs: window.clusters, values: [target.server, target.clusterName] },
  ].filter(({ globs }) => globs.length > 0);
  if (selectors.length === 0) return false;
  const hits = selectors.map(({ globs, values }) =>
    globs.some((glob) => values.some((value) => argoGlobMatches(glob, value))),
  );
  return window.andOperator ? hits.every(Boolean) : hits.some(Boolean);
};

/** A window that could be read. */
export interface ReadWindow {
  readonly window: SyncWindow;
  readonly cron: Cron;
  /** Nanoseconds. */
  readonly duration: bigint;
  readonly zone: Zone;
}

/** Reads schedule and duration. A time zone that does not exist is UTC, without a word: so Argo CD has it. */
export const readWindow = (window: SyncWindow): Result<ReadWindow> => {
  const cron = parseCron(window.schedule);
  if (!cron.ok) return cron;
  const duration = parseGoDuration(window.duration);
  if (!duration.ok) return duration;
  const zone = zoneOf(window.timeZone) ?? utc;
  return ok({ window, cron: cron.value, duration: duration.value, zone });
};

const ns = 1_000_000n;
const msOf = (nanoseconds: bigint): number => {
  const whole = nanoseconds / ns;
  return Number(nanoseconds < 0n && whole * ns !== nanoseconds ? whole - 1n : whole);
};

const next = ({ cron }: ReadWindow, after: number): number | null =>
  cron.zone === null ? nextOnWall(cron, after) : nextInZone(cron, cron.zone, after);

/**
 * Whether a window is open between two times of its schedule, both ends excluded; null when the schedule never comes.
 * The offset that its zone has at `offsetAt` is added to `now`, and the schedule read on that clock, even where the
 * offset was another one when the window began. `now` is in nanoseconds since 1970, `offsetAt` in milliseconds.
 */
export const isActive = (read: ReadWindow, now: bigint, offsetAt: number): boolean | null => {
  const clock = now + BigInt(read.zone.offset(offsetAt)) * ns;
  const start = next(read, msOf(clock - read.duration));
  return start === null ? null : BigInt(start) * ns < clock;
};

/** The next instant, in milliseconds, after which the window may be open or closed other than at `at`. */
export const nextEdge = (read: ReadWindow, at: number): number | null => {
  const clock = at + read.zone.offset(at);
  const start = next(read, clock);
  // The end of what began last, or of what begins next.
  const begun = next(read, msOf(BigInt(clock) * ns - read.duration));
  const edges = [
    ...(start === null ? [] : [start]),
    ...(begun === null ? [] : [begun + Math.ceil(Number(read.duration) / 1e6)]),
  ].filter((edge) => edge > clock);
  if (edges.length === 0) return null;
  const first = at + (Math.min(...edges) - clock);
  return changeAfter(read.zone, at, first) ?? first;
};
