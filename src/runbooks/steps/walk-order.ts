/** A way from one step to another. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

/** Each node once everything that leads to it has come; of several the one declared first. */
const topological = (
  ids: readonly string[],
  out: ReadonlyMap<string, readonly Way[]>,
  into: ReadonlyMap<string, readonly Way[]>,
): readonly string[] => {
  const left = new Map(ids.map((id) => [id, into.get(id)?.length ?? 0]));
  const open = new Set(ids.filter((id) => left.get(id) === 0));
  const position = new Map(ids.map((id, n) => [id, n]));
  const order: string[] = [];
  while (open.size > 0) {
    const next = [...open].reduce((a, b) =>
      (position.get(a) ?? 0) < (position.get(b) ?? 0) ? a : b,
    );
    open.delete(next);
    order.push(next);
    for (const { to } of out.get(next) ?? []) {
      const n = (left.get(to) ?? 0) - 1;
      left.set(to, n);
      if (n === 0) open.add(to);
    }
  }
  return order;
};

/**
 * The order in which steps are numbered: what one decision alone leads to comes behind it, branch by branch as declared,
 * then where the branches meet again. `ways` must not lead in circles: those back are left out.
 */
export const walkOrder = (ids: readonly string[], ways: readonly Way[]): readonly string[] => {
  const out = Map.groupBy(ways, (w) => w.from);
  const into = Map.groupBy(ways, (w) => w.to);
  const sorted = topological(ids, out, into);
  const rank = new Map(sorted.map((id, n) => [id, n]));
  /** The nearest that all ways to a node lead through; '' where there is none. */
  const over = new Map<string, string>();
  const meet = (one: string, other: string): string => {
    let [a, b] = [one, other];
    while (a !== b) {
      if ((rank.get(a) ?? -1) > (rank.get(b) ?? -1)) a = over.get(a) ?? '';
      else b = over.get(b) ?? '';
    }
    return a;
  };
  for (const id of sorted) {
    const before = [...new Set((into.get(id) ?? []).map((w) => w.from))];
    over.set(id, before.length === 0 ? '' : before.reduce(meet));
  }
  const under = Map.groupBy(sorted, (id) => over.get(id) ?? '');
  const order: string[] = [];
  const todo: string[] = [''];
  while (todo.length > 0) {
    const id = todo.pop() ?? '';
    if (id !== '') order.push(id);
    const mine = under.get(id) ?? [];
    const alone = (child: string): boolean =>
      new Set((into.get(child) ?? []).map((w) => w.from)).size <= 1;
    const declared = [...new Set((out.get(id) ?? []).map((w) => w.to))];
    const branches =
      id === '' ? mine.filter(alone) : declared.filter((d) => mine.includes(d) && alone(d));
    const joins = mine.filter((child) => !branches.includes(child));
    todo.push(...[...branches, ...joins].reverse());
  }
  return order;
};
