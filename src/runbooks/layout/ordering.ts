import type { Chart } from '../chart.ts';
import { exchange } from './exchange.ts';
import type { Chain, Item } from './item.ts';
import { allCrossings, type Knot, knotsOf, type Rows, type Strand, settle } from './knots.ts';
import { inRuns } from './runs.ts';

/*
 * Who stands left of whom, layer by layer, so that few lines cross (after Sugiyama, and Gansner and others: "A technique
 * for drawing directed graphs"): begun with the order of declaration, then by the middle of the neighbours in the layer
 * before and behind in turn, then neighbours change places where that helps.
 */

/** Rounds at all, and without any improvement. */
const mostRounds = 16;
const vainRounds = 4;

/** Depth first: what belongs together stands together. */
const asDeclared = (knots: readonly Knot[], layers: number): Rows => {
  const rows = Array.from({ length: layers }, (): Knot[] => []);
  const seen = new Set<Knot>();
  const visit = (start: Knot): void => {
    const stack = [start];
    for (let knot = stack.pop(); knot !== undefined; knot = stack.pop()) {
      if (seen.has(knot)) continue;
      seen.add(knot);
      rows[knot.layer]?.push(knot);
      for (let i = knot.down.length - 1; i >= 0; i -= 1) {
        const next = knot.down[i]?.knot;
        if (next !== undefined && !seen.has(next)) stack.push(next);
      }
    }
  };
  for (const knot of knots) if (knot.up.length === 0) visit(knot);
  return rows;
};

const middleOf = (strands: readonly Strand[]): number => {
  let sum = 0;
  let weights = 0;
  for (const { knot, weight } of strands) {
    sum += knot.place * weight;
    weights += weight;
  }
  return sum / weights;
};

/** The row by the middle of neighbours on one side; what has none there stays where it is. */
const sortRow = (row: readonly Knot[], side: 'up' | 'down', later: boolean): readonly Knot[] => {
  if (row.length < 2) return row;
  const moving = row.filter((knot) => knot[side].length > 0);
  const keyed = (later ? moving.toReversed() : moving).map((knot) => ({
    knot,
    key: middleOf(knot[side]),
  }));
  keyed.sort((a, b) => a.key - b.key);
  let next = 0;
  return row.map((knot) => {
    if (knot[side].length === 0) return knot;
    const sorted = keyed[next]?.knot ?? knot;
    next += 1;
    return sorted;
  });
};

const sweep = (rows: Rows, side: 'up' | 'down', later: boolean): Rows => {
  const sorted = [...rows];
  const turns = [...rows.keys()];
  for (const layer of side === 'up' ? turns : turns.toReversed()) {
    const row = sortRow(rows[layer] ?? [], side, later);
    for (const [place, knot] of row.entries()) knot.place = place;
    sorted[layer] = row;
  }
  return sorted;
};

/** Bends of each line, from layer to layer. */
const linesOf = (knots: readonly Knot[]): readonly (readonly Knot[])[] => [
  ...Map.groupBy(
    knots.filter(({ item }) => item !== null && item.kind === 'bend' && item.edge >= 0),
    ({ item }) => item?.edge,
  ).values(),
];

/** Groups side by side, in the same order in every layer. */
const grouped = (chart: Chart, rows: Rows): Rows => {
  if (chart.groups.length === 0) return rows;
  const runs = inRuns(
    chart,
    rows.map((row) =>
      row.map((knot, i) => ({
        of: knot,
        group: knot.item?.group ?? '',
        x: i - (row.length - 1) / 2,
      })),
    ),
  );
  settle(runs);
  return runs;
};

/** Branches that do not stand in the order in which they are told, less those that do. */
const disorderOf = (chains: readonly Chain[], place: ReadonlyMap<Item, number>): number => {
  let wrong = 0;
  const ways = Map.groupBy(
    chains.filter((chain) => !chain.reversed),
    (chain) => chain.items[0],
  );
  for (const branches of ways.values())
    for (const [i, chain] of branches.entries())
      for (const later of branches.slice(i + 1)) {
        const [a, b] = [chain.items[1], later.items[1]];
        if (a === undefined || b === undefined) continue;
        wrong += Math.sign((place.get(a) ?? 0) - (place.get(b) ?? 0));
      }
  return wrong;
};

/**
 * The items of each layer in order. Where it costs no crossing, branches stand in the order in which they are told.
 * @param holds places on frames, before or behind what they hold
 */
export const inOrder = (
  chart: Chart,
  items: readonly Item[],
  layers: number,
  chains: readonly Chain[],
  holds: readonly (readonly [Item, Item])[],
): readonly (readonly Item[])[] => {
  const knots = knotsOf(items, chains, holds);
  const first = asDeclared(knots, layers);
  settle(first);
  const lines = linesOf(knots);
  let rows = grouped(chart, first);
  let best = allCrossings(rows) === 0 ? rows : exchange(rows, lines);
  let least = allCrossings(best);
  settle(rows);
  let vain = 0;
  for (let round = 0; round < mostRounds && least > 0 && vain < vainRounds; round += 1) {
    rows = grouped(chart, sweep(rows, round % 2 === 0 ? 'up' : 'down', round % 4 >= 2));
    const tried = exchange(rows, lines);
    const crossings = allCrossings(tried);
    settle(rows);
    vain += 1;
    if (crossings >= least) continue;
    [best, least, vain] = [tried, crossings, 0];
  }
  const ordered = best.map((row) => row.flatMap(({ item }) => (item === null ? [] : [item])));
  const place = new Map(ordered.flatMap((row) => row.map((item, i) => [item, i])));
  return disorderOf(chains, place) > 0 ? ordered.map((row) => row.toReversed()) : ordered;
};
