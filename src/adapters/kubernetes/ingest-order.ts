import type { Clock } from '../../kernel/clock.ts';
import { milliseconds } from '../../kernel/units.ts';

/** What the findings are made of comes before what is looked up; events are many and tell the past. */
const early = ['nodes', 'namespaces', 'deployments', 'statefulsets', 'daemonsets'];
const late = ['events', 'leases', 'replicasets', 'endpointslices', 'customresourcedefinitions'];

/** A wave that has not settled by then no longer holds up the next ones. */
const patience = [0, 400, 900, 1600].map(milliseconds);

const waveOf = (resource: string, first: readonly string[]): number => {
  if (first.includes(resource)) return 0;
  if (early.includes(resource)) return 1;
  return late.includes(resource) ? 3 : 2;
};

/**
 * Lets watches begin in waves, so that what the screen shows first does not share the server and the wire with
 * everything else. A wave begins when the ones before it are complete, or have failed, or after a moment anyway.
 */
export class IngestOrder {
  readonly #clock: Clock;
  readonly #first: readonly string[];
  readonly #pending = new Map<number, Set<object>>();
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, first: readonly string[]) {
    this.#clock = clock;
    this.#first = first;
  }

  /**
   * Takes a place. `turn` resolves when the watch may begin; `settled` says that it has what it came for,
   * or never will, and may be called more than once.
   */
  enter(resource: string): { turn(signal: AbortSignal): Promise<void>; settled(): void } {
    const wave = waveOf(resource, this.#first);
    const mine = {};
    const set = this.#pending.get(wave) ?? new Set();
    this.#pending.set(wave, set.add(mine));
    return {
      turn: (signal) => this.#turn(wave, signal),
      settled: () => {
        if (!set.delete(mine)) return;
        for (const look of [...this.#waiting]) look();
      },
    };
  }

  #free(wave: number): boolean {
    for (const [other, set] of this.#pending) if (other < wave && set.size > 0) return false;
    return true;
  }

  async #turn(wave: number, signal: AbortSignal): Promise<void> {
    // Those who enter in the same breath are all counted before anyone goes.
    await Promise.resolve();
    if (this.#free(wave) || signal.aborted) return;
    const over = new AbortController();
    const end = () => over.abort();
    const look = () => {
      if (this.#free(wave)) end();
    };
    this.#waiting.add(look);
    signal.addEventListener('abort', end, { once: true });
    await this.#clock.sleep(patience[wave] ?? milliseconds(0), over.signal);
    signal.removeEventListener('abort', end);
    this.#waiting.delete(look);
  }
}
