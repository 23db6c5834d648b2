import type { Clock, Random } from '../kernel/clock.ts';
import { epochMs } from '../kernel/units.ts';

/** Longest wait that a timer of Node can hold; longer ones are slept in parts. */
const longest = 2 ** 31 - 1;

/** The machine's time. Its timers do not keep the process alive on their own account once the signal aborts. */
export const systemClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: (wait, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      let left = wait as number;
      let timer: NodeJS.Timeout;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const arm = (): void => {
        const part = Math.min(Math.max(0, left), longest);
        left -= part;
        timer = setTimeout(() => (left > 0 ? arm() : done()), part);
      };
      signal.addEventListener('abort', done, { once: true });
      arm();
    }),
};

export const systemRandom: Random = () => Math.random();
