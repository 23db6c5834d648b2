import type { Chart } from '../chart.ts';

/** Something to be put in order: its group, and about where it would like to stand. */
export interface Draft<T> {
  readonly of: T;
  readonly group: string;
  readonly x: number;
}

/** The group and those around it, the innermost first. */
export const outerGroups = (chart: Chart, id: string): readonly string[] => {
  const path: string[] = [];
  for (let at = id; at !== '' && !path.includes(at); ) {
    path.push(at);
    const here = at;
    at = chart.groups.find((group) => group.id === here)?.parent ?? '';
  }
  return path;
};

/**
 * Orders each layer so that a group's items stand side by side, and two groups in the same order in every layer:
 * only then can frames be drawn as rectangles.
 */
export const inRuns = <T>(
  chart: Chart,
  layers: readonly (readonly Draft<T>[])[],
): readonly (readonly T[])[] => {
  const paths = new Map(
    ['', ...chart.groups.map((group) => group.id)].map((id) => [
      id,
      outerGroups(chart, id).toReversed(),
    ]),
  );
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { group, x } of layers.flat())
    for (const id of paths.get(group) ?? []) {
      const known = sums.get(id) ?? { sum: 0, count: 0 };
      sums.set(id, { sum: known.sum + x, count: known.count + 1 });
    }
  const order = new Map(chart.groups.map((group, i) => [group.id, i]));
  const middle = (id: string): number => {
    const known = sums.get(id);
    return known === undefined ? 0 : known.sum / known.count;
  };
  const sorted = (drafts: readonly Draft<T>[], depth: number): T[] => {
    const units = new Map<string | Draft<T>, Draft<T>[]>();
    for (const draft of drafts) {
      const unit = paths.get(draft.group)?.[depth] ?? draft;
      units.set(unit, [...(units.get(unit) ?? []), draft]);
    }
    const keyed = [...units].map(([unit, members]) => ({
      unit,
      members,
      key: typeof unit === 'string' ? middle(unit) : unit.x,
      rank: typeof unit === 'string' ? (order.get(unit) ?? 0) : -1,
    }));
    // The sort is stable; only groups with the same middle need a rule that holds in every layer.
    keyed.sort((a, b) => a.key - b.key || a.rank - b.rank);
    return keyed.flatMap(({ unit, members }) =>
      typeof unit === 'string' ? sorted(members, depth + 1) : members.map((draft) => draft.of),
    );
  };
  return layers.map((drafts) =>
    sorted(
      drafts.toSorted((a, b) => a.x - b.x),
      0,
    ),
  );
};
