const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether two values say the same. Both are JSON-safe data: no cycles, no maps, no functions. */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (!isRecord(a) || !isRecord(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameData(a[name], b[name]))
  );
};

/** Whether two lists hold the same things at the same places. */
export const sameList = <T>(a: readonly T[], b: readonly T[]): boolean => {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
};

/**
 * `now`, with the objects of `before` in place of those that say the same under the same key, and `before` itself where
 * all do: whoever remembers something by their identity has it still.
 */
export const keepSame = <T extends object>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (one: T) => string,
): readonly T[] => {
  if (before.length === 0 || now.length === 0) {
    return before.length === now.length ? before : now;
  }
  const byKey = new Map(before.map((one) => [keyOf(one), one]));
  const kept = now.map((one) => {
    const had = byKey.get(keyOf(one));
    return had !== undefined && sameData(had, one) ? had : one;
  });
  return sameList(before, kept) ? before : kept;
};
