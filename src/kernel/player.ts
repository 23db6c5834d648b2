import { clampRevision, type Recording } from './recording.ts';
import {
  after,
  type EpochMs,
  epochMs,
  type Milliseconds,
  type Revision,
  revision,
  seconds,
} from './units.ts';

/** Times as fast as it happened; Infinity is as fast as it can be folded. */
export const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, Number.POSITIVE_INFINITY] as const;

/** Where a replay stands. Plain data: everything below returns a new one. */
export interface Player {
  /** Entries up to and including this one have happened. */
  readonly position: Revision;
  /** The cursor's time: not before that of `position`; it moves on between entries, so that ages grow. */
  readonly now: EpochMs;
  readonly status: 'playing' | 'paused';
  readonly speed: number;
  /** Whether silences that would take long to watch are jumped over. */
  readonly idle: 'kept' | 'skipped';
}

/** What the player needs to know of a recording. */
export type Timeline = Pick<
  Recording,
  'base' | 'last' | 'startAt' | 'endAt' | 'timeOf' | 'revisionAt'
>;

/** A silence longer than this, in the viewer's time, is one that may be skipped. */
const longSilence = seconds(10);
/** So long before the next entry the cursor lands: one sees it coming. */
const lead = seconds(1);
/** Entries of one advance, so that the screen stays in reach however fast it goes. */
const mostAtOnce = 10_000;

export const newPlayer = (timeline: Timeline, speed = 1): Player => ({
  position: timeline.base,
  now: timeline.startAt,
  status: 'paused',
  speed,
  idle: 'kept',
});

const atEnd = (player: Player, timeline: Timeline): boolean =>
  player.position >= timeline.last && player.now >= timeline.endAt;

/** From the end, it begins again. */
export const play = (player: Player, timeline: Timeline): Player => ({
  ...(atEnd(player, timeline) ? seek(player, timeline, timeline.base) : player),
  status: 'playing',
});

export const pause = (player: Player): Player => ({ ...player, status: 'paused' });

export const toggle = (player: Player, timeline: Timeline): Player =>
  player.status === 'playing' ? pause(player) : play(player, timeline);

/** The next of `speeds` in that direction; the ends are the ends. */
export const faster = (player: Player, by: 1 | -1): Player => {
  const next =
    by === 1 ? speeds.find((s) => s > player.speed) : speeds.findLast((s) => s < player.speed);
  return next === undefined ? player : { ...player, speed: next };
};

export const withSpeed = (player: Player, speed: number): Player =>
  speed > 0 ? { ...player, speed } : player;

export const withIdle = (player: Player, idle: Player['idle']): Player => ({ ...player, idle });

/** Goes to a revision, or to the nearest that there is. */
export const seek = (player: Player, timeline: Timeline, rev: number): Player => {
  const position = clampRevision(timeline, rev);
  return { ...player, position, now: timeline.timeOf(position) };
};

/** Goes to a time: everything up to it has happened. */
export const seekTime = (player: Player, timeline: Timeline, time: EpochMs): Player => {
  const now = epochMs(Math.min(timeline.endAt, Math.max(timeline.startAt, time)));
  return { ...player, position: timeline.revisionAt(now), now };
};

/** One entry on or back, and pauses there. */
export const step = (player: Player, timeline: Timeline, by: 1 | -1): Player =>
  pause(seek(player, timeline, player.position + by));

/**
 * So much time has passed for the viewer. What is due are the entries after the old position up to the new one.
 * At the end it pauses. Late callers lose nothing: more is due then.
 */
export const advance = (player: Player, timeline: Timeline, elapsed: Milliseconds): Player => {
  if (player.status === 'paused') return player;
  const { position, now } =
    player.speed === Number.POSITIVE_INFINITY
      ? seek(player, timeline, player.position + mostAtOnce)
      : moveOn(player, timeline, elapsed);
  const moved = { ...player, position, now };
  return atEnd(moved, timeline) ? pause(moved) : moved;
};

const moveOn = (
  player: Player,
  timeline: Timeline,
  elapsed: Milliseconds,
): Pick<Player, 'position' | 'now'> => {
  const target = Math.max(
    after(player.now, (elapsed * player.speed) as Milliseconds),
    player.idle === 'skipped' ? beforeNext(player, timeline) : 0,
  );
  const now = epochMs(Math.min(timeline.endAt, target));
  const position = revision(Math.max(player.position, timeline.revisionAt(now)));
  const most = player.position + mostAtOnce;
  return position > most
    ? { position: revision(most), now: timeline.timeOf(revision(most)) }
    : { position, now };
};

/** Shortly before the next entry, when it is long until then; 0 when it is not. */
const beforeNext = (player: Player, timeline: Timeline): number => {
  const next =
    player.position < timeline.last
      ? timeline.timeOf(revision(player.position + 1))
      : timeline.endAt;
  const wait = (next - player.now) / player.speed;
  return wait > longSilence ? next - lead * player.speed : 0;
};
