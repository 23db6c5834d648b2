import type { Entry, ProbeId } from './fact.ts';
import type { AnyProbe } from './probe.ts';
import { emptyWorld, foldWorld, type World } from './world.ts';

/**
 * Holds the current world for those who paint it. Entries are collected and folded together by `flush`, so that
 * a burst costs one fold and one notification; who calls `flush`, and how often, is decided outside (see `pace`).
 */
export class Store {
  readonly probes: ReadonlyMap<ProbeId, AnyProbe>;
  readonly #subscribers = new Set<() => void>();
  #world: World = emptyWorld;
  #pending: Entry[] = [];

  constructor(probes: readonly AnyProbe[]) {
    this.probes = new Map(probes.map((probe) => [probe.id, probe]));
  }

  /** The world as of the last flush. Bound, so that it can be handed to useSyncExternalStore. */
  readonly world = (): World => this.#world;

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  };

  get dirty(): boolean {
    return this.#pending.length > 0;
  }

  push(entries: readonly Entry[]): void {
    for (const entry of entries) this.#pending.push(entry);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const entries = this.#pending;
    this.#pending = [];
    this.#replace(foldWorld(this.probes, this.#world, entries));
  }

  /** Puts another world in place, e.g. after a seek; what was pending is dropped. */
  reset(world: World): void {
    this.#pending = [];
    this.#replace(world);
  }

  #replace(world: World): void {
    this.#world = world;
    for (const subscriber of [...this.#subscribers]) subscriber();
  }
}
