/**
 * The 64-bit FNV-1a hash of sorted names and values, each followed by the byte 0xff, as 16 hex digits: what Prometheus
 * and Alertmanager call an alert's fingerprint. Two halves of 32 bits: BigInt takes thirty times as long.
 */
export const fingerprint = (labels: Readonly<Record<string, string>>): string => {
  const names = Object.keys(labels);
  names.sort(names.every(isAscii) ? undefined : byBytes);
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const add = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  const addText = (text: string): void => {
    if (isAscii(text)) for (let i = 0; i < text.length; i += 1) add(text.charCodeAt(i));
    else for (const byte of encoder.encode(text)) add(byte);
    add(0xff);
  };
  for (const name of names) {
    addText(name);
    addText(labels[name] ?? '');
  }
  return hex(high) + hex(low);
};

const encoder = new TextEncoder();
// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character is one byte
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** Go compares bytes; JavaScript's own order of UTF-16 units differs beyond U+FFFF. */
const byBytes = (a: string, b: string): number => {
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  return at === -1 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
};

const hex = (half: number): string => half.toString(16).padStart(8, '0');
