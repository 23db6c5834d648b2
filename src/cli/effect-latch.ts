import type { ActionDefinition } from '../actions/action.ts';
import type { EffectMode } from '../adapters/effects/effect-mode.ts';
import type { ActPlan } from '../kernel/act.ts';
import type { EpochMs } from '../kernel/units.ts';

/**
 * Keeps the connections of effects closed to all but reading, except while a plan that was judged is being carried out.
 * Whatever goes wrong elsewhere in the program, nothing that changes something can leave at another time.
 */
export class EffectLatch {
  #open = 0;
  readonly #writes: EpochMs[] = [];
  readonly #now: () => EpochMs;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  readonly mode = (): EffectMode => (this.#open > 0 ? 'guarded' : 'read-only');

  /** When plans began that were more than reading, oldest first; the last hundred. */
  readonly writes = (): readonly EpochMs[] => this.#writes;

  /** The action, with the latch open while it is performed. */
  readonly around = (action: ActionDefinition): ActionDefinition => ({
    ...action,
    perform: (plan, tools, signal) => this.#during(plan, () => action.perform(plan, tools, signal)),
  });

  async #during<T>(plan: ActPlan, run: () => Promise<T>): Promise<T> {
    if (plan.effect === 'read') return await run();
    this.#open += 1;
    this.#writes.push(this.#now());
    if (this.#writes.length > 100) this.#writes.shift();
    try {
      return await run();
    } finally {
      this.#open -= 1;
    }
  }
}
