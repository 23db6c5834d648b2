const sizes: Readonly<Record<string, number>> = {
  '': 1,
  '%': 1,
  b: 1,
  kb: 1000,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  ki: 1024,
  mib: 1024 ** 2,
  mi: 1024 ** 2,
  gib: 1024 ** 3,
  gi: 1024 ** 3,
  tib: 1024 ** 4,
  ti: 1024 ** 4,
  µs: 1e-6,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
};

const number =
  /(-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)(?:[ \t]?(%|[kKmMgGtT]i?[bB]|[KMGT]i|B|[mµu]?s)(?![A-Za-z]))?/;

/** The first number in a text with its unit: sizes in bytes, times in seconds, shares as they stand. Null: none. */
export const numberIn = (text: string): number | null => {
  const found = number.exec(text);
  if (found === null) return null;
  const value = Number(found[1]) * (sizes[(found[2] ?? '').toLowerCase()] ?? 1);
  return Number.isFinite(value) ? value : null;
};
