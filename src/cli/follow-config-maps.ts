import { minutes } from '../kernel/units.ts';
import {
  type ConfigMapBooks,
  type ConfigMapDeps,
  failuresOf,
  readConfigMaps,
} from './config-map-books.ts';

/** From one reading of the ConfigMaps to the next. */
export const readEvery = minutes(10);
/** After a reading that did not go well: the server may only have been away. */
export const readAgain = minutes(1);

/** Runbooks in ConfigMaps, as a session reads them. */
export interface FollowedConfigMaps {
  /** The first reading; each ConfigMap in bounded time. */
  first(signal: AbortSignal): Promise<readonly ConfigMapBooks[]>;
  /** Reads them again until the signal aborts, and tells what is there now whenever it is another. */
  follow(onChange: (books: readonly ConfigMapBooks[]) => void, signal: AbortSignal): Promise<void>;
}

export const followedConfigMaps = (
  names: readonly string[],
  deps: ConfigMapDeps,
): FollowedConfigMaps => {
  let books: readonly ConfigMapBooks[] = [];
  const read = async (signal: AbortSignal): Promise<readonly ConfigMapBooks[]> =>
    readConfigMaps(names, deps, signal, books);
  return {
    first: async (signal) => {
      books = await read(signal);
      return books;
    },
    follow: async (onChange, signal) => {
      for (;;) {
        await deps.clock.sleep(failuresOf(books).length > 0 ? readAgain : readEvery, signal);
        if (signal.aborted) return;
        const now = await read(signal);
        if (signal.aborted) return;
        const changed = now.some((b, n) => b !== books[n]);
        books = now;
        if (changed) onChange(now);
      }
    },
  };
};
