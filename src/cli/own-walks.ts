import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok } from '../kernel/failure.ts';
import type { RunFact } from '../kernel/run-fact.ts';
import type { Store } from '../kernel/store.ts';
import { type EpochMs, epochMs } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import type { Walker } from './walker.ts';

/**
 * Runs of the viewer of a recording: kept in memory beside the recorded world, and gone with the screen. Nothing is
 * written, and nothing outside is asked.
 */
export class OwnWalks {
  readonly #store: Pick<Store, 'world' | 'subscribe'>;
  readonly #now: () => EpochMs;
  readonly #subscribers = new Set<() => void>();
  #facts: readonly RunFact[] = [];
  #last: { readonly of: World; readonly facts: readonly RunFact[]; readonly world: World } | null =
    null;
  #walker: Promise<Walker> | null = null;

  /** @param now The time of the recording. */
  constructor(store: Pick<Store, 'world' | 'subscribe'>, now: () => EpochMs) {
    this.#store = store;
    this.#now = now;
  }

  /** The recorded world with the viewer's own runs in it. */
  readonly world = (): World => {
    const of = this.#store.world();
    const facts = this.#facts;
    if (facts.length === 0) return of;
    if (this.#last?.of === of && this.#last.facts === facts) return this.#last.world;
    const slice = sliceOf(of, runs);
    // What the viewer did is told by the screen at once: it is no news of the recorded evening.
    const observed = facts.map((data) => ({
      rev: of.rev,
      at: epochMs(data.at),
      scope: '' as const,
      data,
      settled: false,
    }));
    const { state } = runs.fold(slice.state, observed as never);
    const slices = new Map(of.slices).set(runs.id, { state, scopes: slice.scopes });
    const world = { ...of, slices };
    this.#last = { of, facts, world };
    return world;
  };

  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#subscribers.add(onChange);
    const end = this.#store.subscribe(onChange);
    return () => {
      this.#subscribers.delete(onChange);
      end();
    };
  };

  readonly walker = (): Promise<Walker> => {
    this.#walker ??= this.#make();
    return this.#walker;
  };

  #put(facts: readonly RunFact[]): void {
    this.#facts = [...this.#facts, ...facts];
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  async #make(): Promise<Walker> {
    const { walker } = await import('./walker.ts');
    const sealed = async () =>
      failed(failure('misconfigured', 'carry out', 'a recording: nothing outside is asked'));
    const clock: Clock = { now: this.#now, sleep: () => Promise.resolve() };
    return walker({
      by: 'you',
      newId: randomUUID,
      runs: {
        put: async (facts) => {
          this.#put(facts);
          return ok(undefined);
        },
        keepText: async () => ok(''),
        textOf: sealed,
      },
      steps: {
        clock,
        world: this.world,
        namespace: '',
        version: '',
        allowHosts: [],
        kubernetes: { get: sealed },
        query: sealed,
      },
    });
  }
}
