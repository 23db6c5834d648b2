import type { Clock } from '../../kernel/clock.ts';
import type { Result } from '../../kernel/failure.ts';
import { type EpochMs, type Milliseconds, seconds, since } from '../../kernel/units.ts';
import { stampsOf } from './source-file.ts';

export interface MadeOfFilesOptions<T> {
  readonly paths: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly make: () => Promise<Result<T>>;
  /** Called once for each value that a newer one has replaced. */
  readonly replaced?: (old: T) => void;
}

/** Whoever renews a certificate writes its key a moment later; that must not look like an outage. */
const grace: Milliseconds = seconds(30);

interface Made<T> {
  readonly value: T;
  /** The files that it was last tried to be made of. */
  readonly stamps: string;
  /** When the files first could not be used any more. */
  readonly brokenSince: EpochMs | null;
}

/**
 * A value made of files: made when it is first asked for, and anew when a file has changed. When that fails, the
 * value of before is good for half a minute more.
 */
export class MadeOfFiles<T> {
  readonly #options: MadeOfFilesOptions<T>;
  #made: Made<T> | undefined;
  #flight: Promise<Result<T>> | undefined;

  constructor(options: MadeOfFilesOptions<T>) {
    this.#options = options;
  }

  /** Parallel callers share the work. */
  current(): Promise<Result<T>> {
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #renew(): Promise<Result<T>> {
    const { paths, clock, make, replaced } = this.#options;
    const stamps = await stampsOf(paths);
    const made = this.#made;
    if (made !== undefined && made.brokenSince === null && made.stamps === stamps) {
      return { ok: true, value: made.value };
    }
    const fresh = await make();
    if (fresh.ok) {
      this.#made = { value: fresh.value, stamps, brokenSince: null };
      if (made !== undefined) replaced?.(made.value);
      return fresh;
    }
    if (made === undefined) return fresh;
    const brokenSince = made.brokenSince ?? clock.now();
    this.#made = { ...made, brokenSince };
    return since(brokenSince, clock.now()) < grace ? { ok: true, value: made.value } : fresh;
  }
}
