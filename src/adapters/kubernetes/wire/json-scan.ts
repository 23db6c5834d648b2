const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
/** `[` and `{`, `]` and `}` differ in one bit only. */
const opening = 0x5b;
const closing = 0x5d;
const caseBit = 0x20;

/** Finds where a JSON value ends, over as many chunks as it takes. Brackets are counted, not matched. */
export class JsonScan {
  #depth = 0;
  #inText = false;
  #escaped = false;

  /** A new value starts with the next byte. */
  begin(): void {
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
  }

  /** Index behind the value that goes on at `start`, or -1 when it goes on after this chunk. */
  find(chunk: Uint8Array, start: number): number {
    let depth = this.#depth;
    let inText = this.#inText;
    let escaped = this.#escaped;
    for (let pos = start; pos < chunk.length; pos += 1) {
      const byte = chunk[pos] as number;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inText = false;
          if (depth === 0) return pos + 1;
        }
      } else if (byte === quote) inText = true;
      else if ((byte & ~caseBit) === opening) depth += 1;
      else if ((byte & ~caseBit) === closing) {
        // A number or a word has no end of its own: what encloses it closes here.
        if (depth === 0) return pos;
        depth -= 1;
        if (depth === 0) return pos + 1;
      } else if (depth === 0 && (byte === comma || byte <= 0x20)) return pos;
    }
    this.#depth = depth;
    this.#inText = inText;
    this.#escaped = escaped;
    return -1;
  }
}
