/*
 * Who must be passed on every way to a node (after Cooper, Harvey and Kennedy: "A simple, fast dominance algorithm").
 * The graph has no circles, so one pass in topological order is enough.
 */

/** Nodes with the way to them, in an order in which each comes after all that lead to it. */
export const topological = (
  roots: readonly string[],
  next: (id: string) => readonly string[],
): readonly string[] => {
  const seen = new Set<string>();
  const done: string[] = [];
  const visit = (id: string): void => {
    seen.add(id);
    // From the last to the first: what is told first comes out first.
    for (const to of next(id).toReversed()) if (!seen.has(to)) visit(to);
    done.push(id);
  };
  for (const root of roots.toReversed()) if (!seen.has(root)) visit(root);
  return done.toReversed();
};

/** The nearest node that every way to a node passes; null where there is none. */
export const dominatorsOf = (
  order: readonly string[],
  before: (id: string) => readonly string[],
): ReadonlyMap<string, string | null> => {
  const place = new Map(order.map((id, i) => [id, i]));
  const near = new Map<string, string | null>();
  const meet = (a: string | null, b: string | null): string | null => {
    let [one, two] = [a, b];
    while (one !== two) {
      if (one === null || two === null) return null;
      if ((place.get(one) ?? 0) > (place.get(two) ?? 0)) one = near.get(one) ?? null;
      else two = near.get(two) ?? null;
    }
    return one;
  };
  for (const id of order) {
    const [first, ...others] = before(id);
    near.set(id, first === undefined ? null : others.reduce<string | null>(meet, first));
  }
  return near;
};
