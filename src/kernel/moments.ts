import { alikeKey, alikeOf, together } from './alike.ts';
import type { ProbeId } from './fact.ts';
import type { AnyProbe, Change, Tone } from './probe.ts';
import { chunk, type Recording, worldAt } from './recording.ts';
import { type EpochMs, type Revision, revision } from './units.ts';
import { foldWorld, type World } from './world.ts';

/** Something in a recording that one may want to go to. */
export interface Moment {
  /** `mark`: somebody has named it. */
  readonly kind: 'mark' | 'change';
  readonly rev: Revision;
  readonly at: EpochMs;
  readonly tone: Tone;
  /** The first of what happened. */
  readonly change: Change;
}

/** More ticks than this no scrubber can show, and no person steps through. */
export const momentsKept = 1000;

/**
 * Whether a change is worth stopping at: good, bad or a warning, or a mark that somebody has set. Warning events tell
 * beside it what objects tell of themselves, many times over.
 */
export const isMoment = ({ tone, probe }: Change): boolean =>
  probe === '' || (tone !== 'info' && probe !== 'events');

/**
 * The same for changes of which only the first is worth stopping at, as long as they follow on each other. What a thing
 * goes through is one moment; an alert, and what happens to nodes, is told by its name.
 */
const momentKey = (change: Change): string => {
  const { probe, tone } = change;
  return probe === '' || probe === 'alerts' || probe === 'nodes'
    ? alikeKey(change)
    : `${probe} ${tone} ${alikeOf(change).of}`;
};

/**
 * Collects moments out of changes as they come, oldest first. What is alike and happens together is one, the first,
 * and when there are too many the less telling ones go: first what got better, then warnings, then what broke; marks
 * stay.
 */
export class MomentCollector {
  #moments: Moment[] = [];
  readonly #latest = new Map<string, EpochMs>();

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      if (!isMoment(change)) continue;
      const { rev, at, tone } = change;
      const kind = change.probe === '' ? 'mark' : 'change';
      const same = momentKey(change);
      const latest = this.#latest.get(same);
      this.#latest.set(same, at);
      if (kind === 'change' && latest !== undefined && at - latest <= together) continue;
      this.#moments.push({ kind, rev, at, tone, change });
    }
    if (this.#moments.length > momentsKept * 2) this.#moments = thin(this.#moments);
  }

  /** At most `momentsKept`, oldest first, one per revision and key. */
  get moments(): readonly Moment[] {
    return thin(this.#moments);
  }
}

const order: readonly Tone[] = ['good', 'warn', 'bad', 'info'];

/** Drops every other one of the least telling tone until few enough are left. */
const thin = (moments: readonly Moment[]): Moment[] => {
  let kept = [...moments];
  for (const tone of order) {
    while (kept.length > momentsKept && kept.some((m) => m.tone === tone)) {
      let n = 0;
      const before = kept.length;
      kept = kept.filter((m) => {
        if (m.tone !== tone) return true;
        n += 1;
        return n % 2 === 0;
      });
      if (kept.length === before) break;
    }
  }
  return kept;
};

/** Moments before and after a revision, for stepping; `kind`: only those. */
export const nextMoment = (
  moments: readonly Moment[],
  rev: Revision,
  kind?: Moment['kind'],
): Moment | null => moments.find((m) => m.rev > rev && (kind ?? m.kind) === m.kind) ?? null;
export const previousMoment = (
  moments: readonly Moment[],
  rev: Revision,
  kind?: Moment['kind'],
): Moment | null => moments.findLast((m) => m.rev < rev && (kind ?? m.kind) === m.kind) ?? null;

/**
 * Folds a whole recording, a chunk per turn, and yields the changes of each. Between turns the caller may let
 * others run. Ends with the last chunk.
 */
export function* changesSince(
  recording: Recording,
  probes: ReadonlyMap<ProbeId, AnyProbe>,
  onWorld: (world: World) => void = () => undefined,
): Generator<readonly Change[]> {
  let world = worldAt(recording, probes, recording.base);
  // A world keeps only its latest changes: a chunk must not bring more than that.
  for (let from: number = recording.base + 1; from <= recording.last; from += foldSize) {
    const to = revision(from + foldSize - 1);
    world = foldWorld(probes, world, recording.entries(revision(from), to));
    onWorld(world);
    yield world.changes.filter((change) => change.rev >= from);
  }
}

/** One entry may make more than one change; a few do. */
const foldSize = chunk / 5;
