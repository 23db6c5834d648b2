import type { Gathered } from '../actions/guard.ts';
import type { Clock } from '../kernel/clock.ts';
import { type EpochMs, type Milliseconds, since } from '../kernel/units.ts';

/** The last answers to questions, each with its time; the oldest are dropped above `most`. */
export class Remembered<T> {
  readonly #known = new Map<string, { readonly value: T; readonly at: EpochMs }>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #most: number;

  constructor(clock: Pick<Clock, 'now'>, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Null when there is none so young. */
  get(key: string, youngerThan: Milliseconds): T | null {
    const was = this.#known.get(key);
    return was !== undefined && since(was.at, this.#clock.now()) < youngerThan ? was.value : null;
  }

  /** Keeps what is known, and forgets what is not any more; gives back what it was given. */
  keep(key: string, answer: Gathered<T>): Gathered<T> {
    this.#known.delete(key);
    if (answer.kind === 'unknown') return answer;
    this.#known.set(key, { value: answer.value, at: this.#clock.now() });
    const oldest = this.#known.keys().next();
    if (this.#known.size > this.#most && !oldest.done) this.#known.delete(oldest.value);
    return answer;
  }
}
