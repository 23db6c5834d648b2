import type { Chain, Item, Pin } from './item.ts';

/** An item, or a place on a line that is not drawn. */
export interface Knot {
  readonly item: Item | null;
  readonly layer: number;
  readonly up: Strand[];
  readonly down: Strand[];
  /** In its layer. */
  place: number;
}

export interface Strand {
  readonly knot: Knot;
  readonly weight: number;
  /** Where it begins or ends at a node; null between bends. */
  readonly pin: Pin | null;
}

export type Rows = readonly (readonly Knot[])[];

const knotOf = (item: Item | null, layer: number): Knot => ({
  item,
  layer,
  up: [],
  down: [],
  place: 0,
});

const tie = (
  upper: Knot,
  lower: Knot,
  weight: number,
  from: Pin | null = null,
  to: Pin | null = null,
): void => {
  upper.down.push({ knot: lower, weight, pin: from });
  lower.up.push({ knot: upper, weight, pin: to });
};

/** @param holds places on frames, before or behind what they hold */
export const knotsOf = (
  items: readonly Item[],
  chains: readonly Chain[],
  holds: readonly (readonly [Item, Item])[],
): readonly Knot[] => {
  const knots = new Map(items.map((item) => [item, knotOf(item, item.layer)]));
  // What leads back is told last: it stands beside what leads on.
  for (const back of [false, true])
    for (const { items: way, reversed, from, to } of chains)
      if (reversed === back)
        for (const [i, item] of way.entries()) {
          const upper = knots.get(item);
          const lower = knots.get(way[i + 1] ?? item);
          if (upper !== undefined && lower !== undefined && upper !== lower)
            tie(
              upper,
              lower,
              reversed ? 1 : 2,
              i === 0 ? from : null,
              i === way.length - 2 ? to : null,
            );
        }
  const hidden: Knot[] = [];
  for (const [from, to] of holds) {
    let at = knots.get(from);
    const end = knots.get(to);
    if (at === undefined || end === undefined) continue;
    for (let layer = at.layer + 1; layer < end.layer; layer += 1) {
      const next = knotOf(null, layer);
      hidden.push(next);
      tie(at, next, 1);
      at = next;
    }
    tie(at, end, 1);
  }
  return [...knots.values(), ...hidden];
};

/** Lets every knot know its place. */
export const settle = (rows: Rows): void => {
  for (const row of rows) for (const [place, knot] of row.entries()) knot.place = place;
};

/** How often strands of the first cross strands of the second, the first left of the second. */
export const crossingsOf = (first: readonly Strand[], second: readonly Strand[]): number => {
  let sum = 0;
  for (const a of first)
    for (const b of second) if (a.knot.place > b.knot.place) sum += a.weight * b.weight;
  return sum;
};

/** Strands of one pin that part, with strands of another pin between them: these have to cross them. */
const enclosedOf = (strands: readonly Strand[]): number => {
  if (strands.length < 3) return 0;
  let sum = 0;
  for (const inner of strands) {
    if (inner.pin === null) continue;
    let [left, right] = [0, 0];
    for (const { pin, knot, weight } of strands) {
      if (pin === null || pin === inner.pin || pin.edges.length < 2) continue;
      if (knot.place < inner.knot.place) left = Math.max(left, weight);
      else right = Math.max(right, weight);
    }
    sum += inner.weight * Math.min(left, right);
  }
  return sum;
};

/** How often lines have to cross directly at what they begin or end at. */
export const tangleOf = (knot: Knot | undefined): number =>
  knot === undefined ? 0 : enclosedOf(knot.up) + enclosedOf(knot.down);

/** Each crossing counts the more, the more the two strands weigh. */
export const allCrossings = (rows: Rows): number => {
  let sum = 0;
  for (const row of rows)
    for (let i = 0; i < row.length; i += 1) {
      sum += tangleOf(row[i]);
      for (let j = i + 1; j < row.length; j += 1)
        sum += crossingsOf(row[i]?.down ?? [], row[j]?.down ?? []);
    }
  return sum;
};
