import type { Clock } from '../kernel/clock.ts';
import { type EpochMs, seconds, since } from '../kernel/units.ts';

/** What is told more often is for the screen: every fact of the audit waits for the disk. */
const every = seconds(1);
const most = 100;

/** Writes of what is told no more than one line a second, and the last one always. */
export const pacedProgress = (clock: Clock, write: (text: string) => Promise<unknown>) => {
  let last: EpochMs | null = null;
  let count = 0;
  let held: string | null = null;
  let over = false;
  let writing: Promise<unknown> = Promise.resolve();
  const put = (text: string): void => {
    held = null;
    count += 1;
    writing = writing.then(() => write(text));
  };
  return {
    tell: (text: string): void => {
      if (over) return;
      const now = clock.now();
      if (count >= most || (last !== null && since(last, now) < every)) {
        held = text;
        return;
      }
      last = now;
      put(text);
    },
    /** Resolves when all of it is written, or could not be. What is told afterwards is passed over. */
    end: async (): Promise<void> => {
      over = true;
      if (held !== null) put(held);
      await writing;
    },
  };
};
