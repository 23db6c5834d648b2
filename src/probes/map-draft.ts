/** A map that is copied once, when something in it changes for the first time. */
export class MapDraft<V> {
  readonly #from: ReadonlyMap<string, V>;
  #copy: Map<string, V> | null = null;

  constructor(from: ReadonlyMap<string, V>) {
    this.#from = from;
  }

  /** What it is now; not to be kept beyond the next change. */
  get now(): ReadonlyMap<string, V> {
    return this.#copy ?? this.#from;
  }

  get(key: string): V | undefined {
    return this.now.get(key);
  }

  set(key: string, value: V): void {
    this.#writable().set(key, value);
  }

  /** Sets it at the end of the order. */
  setLast(key: string, value: V): void {
    const copy = this.#writable();
    copy.delete(key);
    copy.set(key, value);
  }

  delete(key: string): void {
    if (this.now.has(key)) this.#writable().delete(key);
  }

  /** Removes from the beginning as long as there is too much, or as long as what is there is over. */
  trim(most: number, isOver: (value: V) => boolean): void {
    for (const [key, value] of this.now) {
      if (this.now.size <= most && !isOver(value)) return;
      this.#writable().delete(key);
    }
  }

  #writable(): Map<string, V> {
    this.#copy ??= new Map(this.#from);
    return this.#copy;
  }
}
