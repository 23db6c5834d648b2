/** ctrl-p, then ctrl-q: those of containers everywhere. */
const first = 0x10;
const second = 0x11;

export const detachHint = 'ctrl-p ctrl-q leaves it; exit ends it';

/**
 * Finds the two keys that leave a session in what is typed, whatever way it is cut. The first of them is held back
 * until the next key tells what it was meant for.
 */
export class DetachKeys {
  #held = false;

  /** What goes on to the other side, and whether the person has left; nothing behind those keys was for over there. */
  take(chunk: Uint8Array): { readonly passed: Uint8Array; readonly left: boolean } {
    const passed: number[] = [];
    for (const byte of chunk) {
      if (this.#held && byte === second) return { passed: Uint8Array.from(passed), left: true };
      if (this.#held) passed.push(first);
      this.#held = byte === first;
      if (!this.#held) passed.push(byte);
    }
    return { passed: Uint8Array.from(passed), left: false };
  }
}
