/** Bytes of one item that arrives in several chunks. Copies, because a chunk's memory is not ours to keep. */
export class BytePieces {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece.slice());
    this.#length += piece.length;
  }

  /** All of it, with `last` at the end; nothing is held afterwards. Not copied when `last` is all there is. */
  take(last: Uint8Array): Uint8Array {
    if (this.#length === 0) return last;
    const whole = new Uint8Array(this.#length + last.length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    whole.set(last, at);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
