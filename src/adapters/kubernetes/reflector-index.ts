import type { Scope } from '../../kernel/fact.ts';

/**
 * 53-bit hash of a value's JSON: two different contents share one with a chance of 1 in 9e15.
 * (The mixing constants are those of MurmurHash3 and a large odd prime.)
 */
export const fingerprint = (value: unknown): number => {
  const text = JSON.stringify(value);
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (high & 0x1fffff) * 4294967296 + (low >>> 0);
};

const within = (scope: Scope, key: string): boolean => scope === '' || key.startsWith(`${scope}/`);

/**
 * What was last told about every object of a kind, as fingerprints only. It answers "is this news?", and after a
 * list "what is gone?". Shared by the scopes of a kind, so that changing from one scope to many loses nothing.
 */
export class ReflectorIndex {
  readonly #told = new Map<string, number>();
  readonly #listings = new Map<Scope, Set<string>>();

  get size(): number {
    return this.#told.size;
  }

  /** True when the object differs from what was last told. */
  put(scope: Scope, key: string, object: unknown): boolean {
    this.#listings.get(scope)?.add(key);
    const print = fingerprint(object);
    if (this.#told.get(key) === print) return false;
    this.#told.set(key, print);
    return true;
  }

  /** True when the object had been told. */
  del(scope: Scope, key: string): boolean {
    this.#listings.get(scope)?.delete(key);
    return this.#told.delete(key);
  }

  /** A complete list of the scope begins; one that was under way is forgotten. */
  beginList(scope: Scope): void {
    this.#listings.set(scope, new Set());
  }

  abandonList(scope: Scope): void {
    this.#listings.delete(scope);
  }

  /** The list is complete: the keys that were told earlier and are not in it, now forgotten. */
  endList(scope: Scope): readonly string[] {
    const seen = this.#listings.get(scope);
    this.#listings.delete(scope);
    return seen === undefined ? [] : this.#forget((key) => within(scope, key) && !seen.has(key));
  }

  /** Everything told within the scope, now forgotten. */
  drop(scope: Scope): readonly string[] {
    return this.#forget((key) => within(scope, key));
  }

  #forget(gone: (key: string) => boolean): readonly string[] {
    const keys: string[] = [];
    for (const key of this.#told.keys()) if (gone(key)) keys.push(key);
    for (const key of keys) this.#told.delete(key);
    return keys;
  }
}
