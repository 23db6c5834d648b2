import type { Milliseconds } from '../kernel/units.ts';

/** Aborts on SIGINT, SIGTERM or SIGHUP, or when the time is over. A second signal ends the process at once. */
export const untilSignal = (limit?: Milliseconds): AbortSignal => {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => stop.abort());
  if (limit !== undefined) setTimeout(() => stop.abort(), limit).unref();
  return stop.signal;
};
