import fc from 'fast-check';

/** Any way to cut bytes into chunks, empty ones included. */
export const chunking = (bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> =>
  fc.array(fc.nat(bytes.length), { maxLength: 40 }).map((cuts) => {
    const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    return at.slice(1).map((end, i) => bytes.slice(at[i], end));
  });

/** One byte at a time. */
export const singly = (bytes: Uint8Array): readonly Uint8Array[] =>
  [...bytes].map((byte) => Uint8Array.of(byte));
