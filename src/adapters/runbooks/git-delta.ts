/**
 * What a delta of a pack makes of its base; null when it does not fit, or would be larger than `most` bytes.
 * @see https://git-scm.com/docs/pack-format
 */
export const applyDelta = (base: Buffer, delta: Buffer, most: number): Buffer | null => {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let shift = 0; at < delta.length; shift += 7) {
      const byte = delta[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  };
  if (size() !== base.length) return null;
  const whole = size();
  if (whole > most) return null;
  const out = Buffer.alloc(whole);
  let to = 0;
  while (at < delta.length) {
    const op = delta[at++] ?? 0;
    if (op === 0) return null;
    if ((op & 0x80) === 0) {
      if (at + op > delta.length || to + op > whole) return null;
      delta.copy(out, to, at, at + op);
      at += op;
      to += op;
      continue;
    }
    let from = 0;
    let count = 0;
    for (let n = 0; n < 4; n += 1)
      if ((op & (1 << n)) !== 0) from += (delta[at++] ?? 0) * 2 ** (8 * n);
    for (let n = 0; n < 3; n += 1) {
      if ((op & (0x10 << n)) !== 0) count += (delta[at++] ?? 0) * 2 ** (8 * n);
    }
    if (count === 0) count = 0x10000;
    if (from + count > base.length || to + count > whole) return null;
    base.copy(out, to, from, from + count);
    to += count;
  }
  return to === whole ? out : null;
};
