import type { EpochMs, Milliseconds } from './units.ts';

/** The only source of time. Adapters hold the real one, tests a fake one, replay the recording's. */
export interface Clock {
  now(): EpochMs;
  /** Resolves after the wait, or as soon as the signal aborts; never rejects. */
  sleep(wait: Milliseconds, signal: AbortSignal): Promise<void>;
}

/** Uniform numbers in [0, 1), for jitter. */
export type Random = () => number;
