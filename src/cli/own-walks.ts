import { randomUUID } from 'node:crypto';
import type { Runs } from '../adapters/runs.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { RunFact } from '../kernel/run-fact.ts';
import type { Store } from '../kernel/store.ts';
import { type EpochMs, epochMs, noRevision } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import type { Walker } from './walker.ts';

const observedOf = (data: RunFact) => ({
  rev: noRevision,
  at: epochMs(data.at),
  scope: '' as const,
  data,
  settled: false,
});

/** Where runs of a recording are kept from one showing to the next. */
export interface OwnLog {
  readonly runs: Runs;
  /** Told once, when something could not be written down: then it is gone with the screen. */
  readonly unkept: (why: Failure) => void;
}

/** What a file has, read once; nothing where it cannot be read. */
const factsIn = async ({ port }: Pick<Runs, 'port'>, signal: AbortSignal) => {
  const facts: RunFact[] = [];
  const read = new AbortController();
  await port.watch(
    (signals) => {
      for (const s of signals) {
        if (s.kind === 'observed') facts.push(s.data);
        else read.abort();
      }
    },
    AbortSignal.any([signal, read.signal]),
  );
  return facts;
};

/**
 * Runs of the viewer of a recording, beside the recorded world: they are no part of it. Nothing outside is asked. With a
 * log, a run that goes on is there again in the next showing; one that has ended is not.
 */
export class OwnWalks {
  readonly #store: Pick<Store, 'world' | 'subscribe'>;
  readonly #now: () => EpochMs;
  readonly #subscribers = new Set<() => void>();
  #facts: readonly RunFact[] = [];
  #last: { readonly of: World; readonly facts: readonly RunFact[]; readonly world: World } | null =
    null;
  #walker: Promise<Walker> | null = null;
  readonly #log: OwnLog | null;
  #told = false;

  /** @param now The time of the recording. */
  constructor(
    store: Pick<Store, 'world' | 'subscribe'>,
    now: () => EpochMs,
    log: OwnLog | null = null,
  ) {
    this.#store = store;
    this.#now = now;
    this.#log = log;
  }

  /** Takes up the runs that went on when the recording was last left. */
  async restore(signal: AbortSignal): Promise<void> {
    if (this.#log === null) return;
    const facts = await factsIn(this.#log.runs, signal);
    const { state } = runs.fold(runs.empty, facts.map(observedOf) as never);
    const goesOn = facts.filter(({ run }) => state.get(run)?.ended === null);
    if (goesOn.length === 0 || signal.aborted) return;
    this.#facts = [...goesOn, ...this.#facts];
    for (const subscriber of [...this.#subscribers]) subscriber();
  }

  /** The recorded world with the viewer's own runs in it. */
  readonly world = (): World => {
    const of = this.#store.world();
    const facts = this.#facts;
    if (facts.length === 0) return of;
    if (this.#last?.of === of && this.#last.facts === facts) return this.#last.world;
    const slice = sliceOf(of, runs);
    // What the viewer did is told by the screen at once: it is no news of the recorded evening.
    const observed = facts.map((data) => ({ ...observedOf(data), rev: of.rev }));
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

  /** What is shown is written down: no kill takes it away. A disk that is full keeps nobody from walking. */
  async #keep(result: Promise<Result<unknown>>): Promise<void> {
    const kept = await result;
    if (kept.ok || this.#told) return;
    this.#told = true;
    this.#log?.unkept(kept.failure);
  }

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
          if (this.#log !== null) await this.#keep(this.#log.runs.put(facts));
          this.#put(facts);
          return ok(undefined);
        },
        keepText: async (text) => {
          if (this.#log !== null) await this.#keep(this.#log.runs.keepText(text));
          return ok('');
        },
        textOf: sealed,
      },
      steps: {
        clock,
        world: this.world,
        namespace: '',
        version: '',
        allowHosts: [],
        door: null,
        kubernetes: { get: sealed },
        query: sealed,
      },
    });
  }
}
