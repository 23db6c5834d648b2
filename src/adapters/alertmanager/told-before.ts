import { hash } from 'node:crypto';

/** What of a kind has been told, as digests: enough to see what is new, in a few dozen bytes each. */
export class ToldBefore<Value> {
  readonly #digests = new Map<string, string>();
  readonly #of: (value: Value) => unknown;

  /** `of` leaves out what is no change. */
  constructor(of: (value: Value) => unknown = (value) => value) {
    this.#of = of;
  }

  get keys(): readonly string[] {
    return [...this.#digests.keys()];
  }

  has(key: string): boolean {
    return this.#digests.has(key);
  }

  /** How many of those that were told are not there now. */
  missing(now: ReadonlyMap<string, unknown>): number {
    let missing = 0;
    for (const key of this.#digests.keys()) if (!now.has(key)) missing += 1;
    return missing;
  }

  /** Takes what is there now for told. */
  diff(now: ReadonlyMap<string, Value>): {
    readonly changed: readonly (readonly [string, Value])[];
    readonly gone: readonly string[];
  } {
    const gone = this.keys.filter((key) => !now.has(key));
    for (const key of gone) this.#digests.delete(key);
    const changed: (readonly [string, Value])[] = [];
    for (const [key, value] of now) {
      const digest = hash('sha1', JSON.stringify(this.#of(value)), 'base64');
      if (this.#digests.get(key) === digest) continue;
      this.#digests.set(key, digest);
      changed.push([key, value]);
    }
    return { changed, gone };
  }
}

/** At most `most` of them, those that were told before first: what is shown must not come and go with the order. */
export const keptOf = <Value>(
  all: ReadonlyMap<string, Value>,
  most: number,
  told: Pick<ToldBefore<Value>, 'has'>,
): ReadonlyMap<string, Value> => {
  if (all.size <= most) return all;
  const kept = new Map<string, Value>();
  for (const [key, value] of all) {
    if (kept.size < most && told.has(key)) kept.set(key, value);
  }
  for (const [key, value] of all) {
    if (kept.size >= most) break;
    kept.set(key, value);
  }
  return kept;
};
