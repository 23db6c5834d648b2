import type { Journal } from './journal.ts';
import type { Store } from './store.ts';
import { type Bytes, mib, type Revision, revision } from './units.ts';
import type { World } from './world.ts';

/** Worlds that are kept, besides the newest. They share what has not changed between them. */
const worldsKept = 8;
const factsBetween = 10_000;

/**
 * Worlds at revisions some way apart, so that an earlier one is found by folding little. When there are too many,
 * every other one goes and the distance doubles: the whole past stays within reach at a bounded price.
 */
export class Checkpoints {
  #worlds: World[] = [];
  #between: number;

  constructor(between = factsBetween) {
    this.#between = between;
  }

  /** Oldest first. */
  get worlds(): readonly World[] {
    return this.#worlds;
  }

  /** Keeps the world if it is far enough from those that are kept already. */
  offer(world: World): boolean {
    const i = this.#worlds.findLastIndex((w) => w.rev <= world.rev);
    const below = this.#worlds[i];
    const above = this.#worlds[i + 1];
    if (world.rev - (below?.rev ?? 0) < this.#between) return false;
    if (above !== undefined && above.rev - world.rev < this.#between) return false;
    this.#worlds.splice(i + 1, 0, world);
    if (this.#worlds.length > worldsKept) {
      this.#worlds = this.#worlds.filter((_, n) => n % 2 === 1);
      this.#between *= 2;
    }
    return true;
  }

  /** The newest world that is not after `rev`. */
  before(rev: Revision): World | null {
    return this.#worlds.findLast((w) => w.rev <= rev) ?? null;
  }

  /** Forgets worlds before `rev`. */
  forget(rev: Revision): void {
    this.#worlds = this.#worlds.filter((w) => w.rev >= rev);
  }
}

/**
 * Keeps worlds of a running session beside its journal, until the signal aborts. Above `limit` the journal forgets
 * entries up to a kept world, never between two: so whoever is told `compacted` finds a world to start from right
 * where the journal begins. The journal's own limit, higher, remains for when there is no such world yet.
 */
export const keepCheckpoints = (
  journal: Journal,
  store: Store,
  signal: AbortSignal,
  limit: Bytes = mib(8),
): Checkpoints => {
  const checkpoints = new Checkpoints();
  const stop = store.subscribe(() => {
    checkpoints.offer(store.world());
    for (const world of checkpoints.worlds) {
      if (journal.size <= limit) break;
      journal.compact(world.rev);
    }
    checkpoints.forget(revision(journal.oldest - 1));
  });
  signal.addEventListener('abort', stop, { once: true });
  return checkpoints;
};
