import type { Clock } from '../../kernel/clock.ts';
import type { Scope, Signal } from '../../kernel/fact.ts';
import type { ObjectData } from '../../kernel/kind.ts';
import { type EpochMs, seconds, since } from '../../kernel/units.ts';
import type { Saying } from './reflector-plan.ts';

/** `heard` at most this often: freshness needs no more, and a recording should not fill with it. */
export const heardEvery = seconds(30);

export type ReflectorData<S, N> = ObjectData<S> | N;
export type ReflectorEmit<S, N> = (signals: readonly Signal<ReflectorData<S, N>>[]) => void;

/** Collects what is to be told about a scope, and tells it in one piece. */
export class ReflectorVoice<S, N> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #scope: Scope;
  readonly #emit: ReflectorEmit<S, N>;
  #out: Signal<ReflectorData<S, N>>[] = [];
  #lastSaid: EpochMs;
  #lastNote = '';

  constructor(clock: Pick<Clock, 'now'>, scope: Scope, emit: ReflectorEmit<S, N>) {
    this.#clock = clock;
    this.#scope = scope;
    this.#emit = emit;
    this.#lastSaid = clock.now();
  }

  data(data: ReflectorData<S, N>): void {
    this.#out.push({ kind: 'observed', scope: this.#scope, data });
  }

  /** Told only when it differs from the last one. */
  note(note: N): void {
    const text = JSON.stringify(note);
    if (text !== this.#lastNote) this.data(note);
    this.#lastNote = text;
  }

  say(sayings: readonly Saying[]): void {
    for (const saying of sayings) this.#out.push({ ...saying, scope: this.#scope });
  }

  /** The source is alive: worth a word when nothing else has been said for a while. */
  heard(): void {
    if (this.#out.length > 0 || since(this.#lastSaid, this.#clock.now()) < heardEvery) return;
    this.#out.push({ kind: 'heard', scope: this.#scope });
  }

  flush(): void {
    if (this.#out.length === 0) return;
    const out = this.#out;
    this.#out = [];
    this.#lastSaid = this.#clock.now();
    this.#emit(out);
  }
}
