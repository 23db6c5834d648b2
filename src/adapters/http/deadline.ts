import type { Clock } from '../../kernel/clock.ts';
import type { Milliseconds } from '../../kernel/units.ts';

/** Ends something when its time is over or its caller gives up, whichever is first. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when it was the time. */
  readonly late: boolean;
  /** Begins the wait anew. */
  restart(): void;
  /** Nothing is waited for any more; the signal stays as it is. */
  end(): void;
}

export const deadline = (clock: Clock, wait: Milliseconds, caller: AbortSignal): Deadline => {
  const limit = new AbortController();
  let over = new AbortController();
  let late = false;
  const stop = (): void => {
    over.abort();
    limit.abort(caller.reason);
  };
  const start = (): void => {
    const { signal } = over;
    void clock.sleep(wait, signal).then(() => {
      if (signal.aborted) return;
      late = true;
      caller.removeEventListener('abort', stop);
      limit.abort(new Error('time is over'));
    });
  };
  if (caller.aborted) stop();
  else {
    caller.addEventListener('abort', stop, { once: true });
    start();
  }
  return {
    signal: limit.signal,
    get late() {
      return late;
    },
    restart: () => {
      if (limit.signal.aborted) return;
      over.abort();
      over = new AbortController();
      start();
    },
    end: () => {
      over.abort();
      caller.removeEventListener('abort', stop);
    },
  };
};

/** The promise, or a rejection as soon as the signal aborts. What comes of the promise then is for `late`. */
export const orAbort = async <T>(
  promise: Promise<T>,
  signal: AbortSignal,
  late: (value: T) => void,
): Promise<T> => {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      promise.then(late, () => {});
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
