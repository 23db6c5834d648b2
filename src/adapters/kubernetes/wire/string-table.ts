/** Longer texts are messages and ids that hardly repeat: looking them up would cost more than it saves. */
const longest = 64;
/** A power of two. 8192 texts of at most 64 characters are less than 1 MB. */
const slots = 8192;

/**
 * Decodes UTF-8, and gives the same string again for the same short bytes: node names, images, reasons and labels
 * repeat in thousands of objects and are then held once. Bounded: a newcomer takes the place of whoever had its slot.
 */
export class StringTable {
  readonly #texts: string[] = new Array<string>(slots).fill('');

  decode(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > longest) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i] as number;
      if (byte > 0x7f) return bytes.toString('utf8', start, end);
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const slot = (hash ^ (hash >>> 13)) & (slots - 1);
    const known = this.#texts[slot] as string;
    if (known.length === length && same(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#texts[slot] = text;
    return text;
  }
}

const same = (text: string, bytes: Buffer, start: number): boolean => {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
};
