import type { Entry, ProbeId } from './fact.ts';
import type { AnyProbe } from './probe.ts';
import { type EpochMs, type Revision, revision } from './units.ts';
import { emptyWorld, foldWorld, type World } from './world.ts';

/** What happened, to be looked at again: entries by revision and by time, and worlds to start from. */
export interface Recording {
  /** Revision of the world before the first entry: 0, or that of the first snapshot. */
  readonly base: Revision;
  /** Revision of the last entry; equal to `base` when there is none. */
  readonly last: Revision;
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
  /** Entries `from` to `to`, both included, as far as they are within `base + 1` and `last`. */
  entries(from: Revision, to: Revision): readonly Entry[];
  /** Time at a revision. Never goes back from one revision to the next, also where the recorder's clock did. */
  timeOf(rev: Revision): EpochMs;
  /** The last revision whose time is not after `time`; `base` when there is none. */
  revisionAt(time: EpochMs): Revision;
  /** Revisions of the worlds that can be loaded, ascending. Not 0. */
  readonly snapshots: readonly Revision[];
  /** Null when it cannot be read: then fold from an earlier one. */
  snapshot(rev: Revision): World | null;
}

/** Entries that are read and folded at once: bounds memory. */
export const chunk = 2500;

/** Loading a world costs about as much as folding this many entries. */
const loadCost = 2500;

/**
 * The world at a revision: from the nearest world before it, by folding what lies between.
 * `near` may offer worlds that are at hand already; those after `rev` are not considered. `passed` is told of the
 * last world on the way, at most `chunk` entries before `rev`: who keeps it can step back from there at little cost.
 */
export const worldAt = (
  recording: Recording,
  probes: ReadonlyMap<ProbeId, AnyProbe>,
  rev: Revision,
  near: Iterable<World> = [],
  passed: (world: World) => void = () => undefined,
): World => {
  const target = clampRevision(recording, rev);
  let world = startingWorld(recording, target, near);
  while (world.rev < target) {
    const to = revision(Math.min(target, world.rev + chunk));
    const next = foldWorld(probes, world, recording.entries(revision(world.rev + 1), to));
    // A recording that does not hold what it promises must not keep us here.
    if (next.rev <= world.rev) return next;
    if (next.rev === target) passed(world);
    world = next;
  }
  return world;
};

export const clampRevision = (recording: Pick<Recording, 'base' | 'last'>, rev: number): Revision =>
  revision(Math.min(recording.last, Math.max(recording.base, Math.round(rev))));

const startingWorld = (recording: Recording, target: Revision, near: Iterable<World>): World => {
  let best: World | null = recording.base === 0 ? emptyWorld : null;
  for (const world of near) {
    // From a world before `base` nothing leads on: the entries between are not in the recording.
    const within = world.rev >= recording.base && world.rev <= target;
    if (within && (best === null || world.rev > best.rev)) best = world;
  }
  for (const saved of [...recording.snapshots].reverse()) {
    if (saved > target) continue;
    if (best !== null && best.rev + loadCost >= saved) break;
    const loaded = recording.snapshot(saved);
    if (loaded !== null) return loaded;
  }
  // The world that the recording begins with cannot be read: nothing is known there, and it says `never`.
  return best ?? { ...emptyWorld, rev: recording.base, at: recording.startAt };
};
