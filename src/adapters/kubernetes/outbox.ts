import type { Signal } from '../../kernel/fact.ts';
import { keyOf, type Slim } from '../../kernel/kind.ts';

/** Signals handed over at once: a few milliseconds of copying for each side. */
export const batchLimit = 2000;
/** Signals of one watch in its turn, so that a large kind does not hold up the small ones. */
const turnLimit = 500;

export interface OutboxBatch {
  readonly watch: number;
  readonly signals: readonly Signal[];
}

type Data = { readonly put: Slim } | { readonly del: string } | Told;
/** What is observed of sources besides the API server: `id` names what a newer one replaces, within its scope. */
type Told = { readonly id?: unknown; readonly kind?: unknown };

/**
 * Which signal a newer one replaces: the state of one object, what bears the same `id`, the columns, or the same word
 * about the same scope. The length keeps a scope and an id apart, whatever is in them.
 */
const slotOf = (signal: Signal): string => {
  const { kind, scope } = signal;
  if (kind !== 'observed') return `${kind} ${scope}`;
  const data = signal.data as Data;
  if ('put' in data) return `/${keyOf(data.put)}`;
  if ('del' in data) return `/${data.del}`;
  return typeof data.id === 'string' ? `told ${scope.length} ${scope} ${data.id}` : `note ${scope}`;
};

/**
 * Whether the newer one stands where it came, and not where the older one was. An end that replaces a beginning does
 * (`left` after `source`, `gone` after `alert`): what was told in between belongs before it.
 */
const standsLast = (older: Signal | undefined, newer: Signal): boolean => {
  if (newer.kind !== 'observed') return true;
  if (older?.kind !== 'observed') return false;
  const [was, is] = [older.data as Told, newer.data as Told];
  return typeof is.id === 'string' && was.kind !== is.kind;
};

/**
 * What is waiting to be handed over, for each watch. Bounded by what there is: one signal per object or `id`, and one
 * of each kind of other signal per scope. The newest state of an object goes where its first change stood, so that no
 * `synced` overtakes a change that came before it; of the other signals the newest stands where it came.
 */
export class Outbox {
  readonly #waiting = new Map<number, Map<string, Signal>>();
  #size = 0;

  /** Signals waiting. */
  get size(): number {
    return this.#size;
  }

  push(watch: number, signals: readonly Signal[]): void {
    let slots = this.#waiting.get(watch);
    if (slots === undefined) {
      slots = new Map();
      this.#waiting.set(watch, slots);
    }
    this.#size -= slots.size;
    for (const signal of signals) {
      const slot = slotOf(signal);
      // A Map keeps the place of a key that is set again, and puts one that was deleted at its end.
      if (standsLast(slots.get(slot), signal)) slots.delete(slot);
      slots.set(slot, signal);
    }
    this.#size += slots.size;
  }

  /** The watch has ended: nobody waits for its signals. */
  drop(watch: number): void {
    this.#size -= this.#waiting.get(watch)?.size ?? 0;
    this.#waiting.delete(watch);
  }

  /** At most `limit` signals, the watches taking turns, each in its own order. */
  take(limit: number = batchLimit): readonly OutboxBatch[] {
    const taken = new Map<number, Signal[]>();
    let left = limit;
    while (left > 0 && this.#size > 0) {
      for (const [watch, slots] of [...this.#waiting]) {
        const turn = Math.min(turnLimit, left, slots.size);
        if (turn === 0) break;
        const signals = taken.get(watch) ?? [];
        taken.set(watch, signals);
        for (const [slot, signal] of slots.entries().take(turn)) {
          signals.push(signal);
          slots.delete(slot);
        }
        left -= turn;
        this.#size -= turn;
        // To the end of the round: who was served last is served last again.
        this.#waiting.delete(watch);
        if (slots.size > 0) this.#waiting.set(watch, slots);
      }
    }
    return [...taken].map(([watch, signals]) => ({ watch, signals }));
  }
}
