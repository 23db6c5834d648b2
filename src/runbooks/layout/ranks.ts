import type { LayerPlan } from './layer-plan.ts';

/** A line of the plan as it pulls: what leads back pulls less. */
interface Line {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Lines by what they begin and end at. */
interface Net {
  readonly out: readonly (readonly Line[])[];
  readonly into: readonly (readonly Line[])[];
}

const rounds = 12;

const netOf = (plan: LayerPlan): Net => {
  const index = new Map(plan.stands.map((stand, i) => [stand.name, i]));
  const line = (from: string, to: string, weight: number): Line => ({
    from: index.get(from) ?? 0,
    to: index.get(to) ?? 0,
    weight,
  });
  const lines = [
    ...plan.links.map((link) => line(link.from, link.to, link.reversed ? 1 : 2)),
    ...plan.holds.map(([from, to]) => line(from, to, 1)),
  ];
  const out: Line[][] = plan.stands.map(() => []);
  const into: Line[][] = plan.stands.map(() => []);
  for (const one of lines) {
    out[one.from]?.push(one);
    into[one.to]?.push(one);
  }
  return { out, into };
};

/** As near to the beginning as can be. @returns stands in an order in which each comes after all that lead to it */
const raise = ({ out, into }: Net, rank: number[]): readonly number[] => {
  const open = into.map((lines) => lines.length);
  const order = open.flatMap((count, i) => (count === 0 ? [i] : []));
  for (const at of order)
    for (const { to } of out[at] ?? []) {
      rank[to] = Math.max(rank[to] ?? 0, (rank[at] ?? 0) + 1);
      open[to] = (open[to] ?? 0) - 1;
      if (open[to] === 0) order.push(to);
    }
  return order;
};

/** The stand and all that it would push when it moved on by one. */
const pushed = ({ out }: Net, rank: readonly number[], start: number): ReadonlySet<number> => {
  const block = new Set([start]);
  for (const at of block)
    for (const { to } of out[at] ?? []) if ((rank[to] ?? 0) - (rank[at] ?? 0) === 1) block.add(to);
  return block;
};

/** Moves a stand on, with all that it pushes, as far as lines get shorter by it on the whole. */
const lower = (net: Net, rank: number[], start: number): boolean => {
  const block = pushed(net, rank, start);
  let gain = 0;
  let slack = Number.POSITIVE_INFINITY;
  for (const at of block) {
    for (const { from, weight } of net.into[at] ?? []) if (!block.has(from)) gain -= weight;
    for (const { to, weight } of net.out[at] ?? []) {
      if (block.has(to)) continue;
      gain += weight;
      slack = Math.min(slack, (rank[to] ?? 0) - (rank[at] ?? 0) - 1);
    }
  }
  if (gain <= 0 || slack === Number.POSITIVE_INFINITY) return false;
  for (const at of block) rank[at] = (rank[at] ?? 0) + slack;
  return true;
};

/**
 * Rank of each stand, from 0 on: every line leads to a higher one, lines are about as short as can be, and of places
 * that are equally good the first is taken. Deterministic. The plan has no circles.
 */
export const ranksOf = (plan: LayerPlan): ReadonlyMap<string, number> => {
  const net = netOf(plan);
  const rank = plan.stands.map(() => 0);
  const order = raise(net, rank);
  const weigh = (lines: readonly Line[] = []) => lines.reduce((sum, { weight }) => sum + weight, 0);
  // Only what more lines leave than reach can be the reason to move on.
  const eager = order.filter((at) => weigh(net.out[at]) > weigh(net.into[at])).toReversed();
  for (let round = 0; round < rounds; round += 1) {
    let moved = false;
    for (const at of eager) moved = lower(net, rank, at) || moved;
    if (!moved) break;
  }
  return new Map(plan.stands.map((stand, i) => [stand.name, rank[i] ?? 0]));
};
