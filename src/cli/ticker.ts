import { type EpochMs, type Milliseconds, seconds } from '../kernel/units.ts';
import type { Ticker } from '../views/dashboard.ts';

/** Ages move in steps of this: with nothing happening, the screen is painted no more often. */
const step = seconds(10);

/** Tells the screen that time has passed, at most every ten seconds; between two ticks the time stands still. */
export const tickerOf = (
  now: () => EpochMs,
  signal: AbortSignal,
  every: Milliseconds = step,
): Ticker => {
  const listeners = new Set<() => void>();
  const timer = setInterval(() => {
    for (const listener of [...listeners]) listener();
  }, every);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    now,
    subscribe: (onTick) => {
      listeners.add(onTick);
      return () => listeners.delete(onTick);
    },
  };
};
