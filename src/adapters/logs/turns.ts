import { setImmediate } from 'node:timers/promises';

/** About a millisecond of work at the rate at which lines are read. */
const stint = 128 << 10;

/**
 * Shares the thread with whoever waits for a key: after so many bytes it is given back until everything that is due
 * has been done. Null while it is not yet time.
 */
export const turns = (): ((read: number) => Promise<void> | null) => {
  let done = 0;
  return (read) => {
    done += read;
    if (done < stint) return null;
    done = 0;
    return setImmediate();
  };
};
