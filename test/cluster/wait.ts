import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../support/patience.ts';

export interface WaitOptions {
  /** Completes the sentence "gave up waiting until …". */
  readonly until: string;
  /** On a machine of one's own. */
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Ends the wait early, with the returned text as the reason. */
  readonly hopeless?: () => string | undefined;
}

/**
 * Polls until `check` returns something other than undefined or false. A check that throws counts as
 * "not yet"; its last error becomes the cause when time is up.
 */
export const waitFor = async <T>(
  { until, timeoutMs, everyMs = 100, hopeless }: WaitOptions,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  signal?: AbortSignal,
): Promise<T> => {
  const atMost = timeoutMs * patience;
  const deadline = performance.now() + atMost;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    const reason = hopeless?.();
    if (reason !== undefined) throw new Error(`will not see that ${until}: ${reason}`, { cause });
    if (performance.now() > deadline) {
      throw new Error(`gave up after ${atMost} ms waiting until ${until}`, { cause });
    }
    await sleep(everyMs, undefined, signal ? { signal } : {});
  }
};
