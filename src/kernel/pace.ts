import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Store } from './store.ts';
import { type Milliseconds, milliseconds } from './units.ts';

export interface Paced {
  readonly journal: Journal;
  readonly store: Store;
  readonly clock: Clock;
  /** Shortest time between two folds. */
  readonly every?: Milliseconds;
}

/**
 * Carries entries from the journal into the store and folds them: the first ones at once, then whatever has come
 * at most every `every`, so that a burst costs one fold and one painting. Runs until the signal aborts; what has
 * arrived by then is folded too.
 * @throws when a fold throws, which is a bug in a probe, or when the store is behind what the journal still keeps.
 */
export const pace = async (
  { journal, store, clock, every = milliseconds(250) }: Paced,
  signal: AbortSignal,
): Promise<void> => {
  let arrived = Promise.withResolvers<void>();
  const wake = () => arrived.resolve();
  signal.addEventListener('abort', wake, { once: true });
  const gone = journal.watch(
    store.world().rev,
    (entries) => {
      store.push(entries);
      wake();
    },
    signal,
  );
  if (gone !== null) {
    throw new Error(`the journal starts at ${gone.oldest}, the store is at ${store.world().rev}`);
  }
  while (!signal.aborted) {
    await arrived.promise;
    arrived = Promise.withResolvers<void>();
    if (signal.aborted) break;
    store.flush();
    await clock.sleep(every, signal);
  }
  store.flush();
};
