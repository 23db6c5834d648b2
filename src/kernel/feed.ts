import type { EpochMs } from './units.ts';

/** Where the world comes from: the sources themselves, or a recording. The screen knows no other difference. */
export interface Feed {
  /** The time that views show ages against: the clock's when live, the cursor's in a replay. */
  now(): EpochMs;
  /**
   * Feeds until the signal aborts, then resolves. Failures of sources arrive as facts; it rejects only for bugs.
   */
  start(signal: AbortSignal): Promise<void>;
}
