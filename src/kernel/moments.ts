import type { ProbeId } from './fact.ts';
import type { AnyProbe, Change, Tone } from './probe.ts';
import { chunk, type Recording, worldAt } from './recording.ts';
import { type EpochMs, type Milliseconds, type Revision, revision, seconds } from './units.ts';
import { foldWorld, type World } from './world.ts';

/** Something in a recording that one may want to go to. */
export interface Moment {
  readonly rev: Revision;
  readonly at: EpochMs;
  readonly tone: Tone;
  readonly key: string;
  readonly text: string;
}

/** More ticks than this no scrubber can show, and no person steps through. */
export const momentsKept = 1000;

/** The same thing happening to the same object within this long is one moment: the first. */
const together: Milliseconds = seconds(30);

/** Whether a change is worth stopping at: good, bad or a warning, or a mark that somebody has set. */
export const isMoment = ({ tone, probe }: Change): boolean => tone !== 'info' || probe === '';

/**
 * Collects moments out of changes as they come, oldest first. Repetitions are one, and when there are too many the
 * less telling ones go: first what got better, then warnings, then what broke; marks stay.
 */
export class MomentCollector {
  #moments: Moment[] = [];
  readonly #latest = new Map<string, EpochMs>();

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      if (!isMoment(change)) continue;
      const { rev, at, tone, key, text, probe } = change;
      const same = `${probe} ${key} ${tone}`;
      const latest = this.#latest.get(same);
      this.#latest.set(same, at);
      if (probe !== '' && latest !== undefined && at - latest <= together) continue;
      this.#moments.push({ rev, at, tone, key, text });
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

/** Moments before and after a revision, for stepping. */
export const nextMoment = (moments: readonly Moment[], rev: Revision): Moment | null =>
  moments.find((m) => m.rev > rev) ?? null;
export const previousMoment = (moments: readonly Moment[], rev: Revision): Moment | null =>
  moments.findLast((m) => m.rev < rev) ?? null;

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
