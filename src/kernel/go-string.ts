const simple: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const numbered = /\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/**
 * The inside of a double-quoted Go string (without its quotes) as text; null when an escape is not known, a line ends
 * in it, or its bytes are no UTF-8.
 */
export const unescapeGo = (inside: string): string | null => {
  if (/["\n]/.test(inside.replace(/\\./gs, ''))) return null;
  if (!inside.includes('\\')) return inside;
  const out: number[] = [];
  let at = 0;
  while (at < inside.length) {
    const slash = inside.indexOf('\\', at);
    const to = slash < 0 ? inside.length : slash;
    for (const byte of encoder.encode(inside.slice(at, to))) out.push(byte);
    if (slash < 0) break;
    const known = simple[inside[slash + 1] ?? ''];
    if (known !== undefined) {
      out.push(known);
      at = slash + 2;
      continue;
    }
    numbered.lastIndex = slash;
    const found = numbered.exec(inside);
    if (found === null) return null;
    const [all, hex, octal, short, long] = found;
    if (hex !== undefined) out.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) out.push(Number.parseInt(octal, 8));
    else {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
      for (const byte of encoder.encode(String.fromCodePoint(code))) out.push(byte);
    }
    at = slash + all.length;
  }
  try {
    return decoder.decode(new Uint8Array(out));
  } catch {
    return null;
  }
};

/** Text as the inside of a quoted string that Go, Prometheus and Alertmanager read back as it was. */
export const escapeGo = (text: string): string =>
  text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
