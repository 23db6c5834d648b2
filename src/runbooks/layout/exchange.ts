import { allCrossings, crossingsOf, type Knot, type Rows, settle, tangleOf } from './knots.ts';

/** Rounds in which neighbours change places, and in which they do so where it costs nothing. */
const mostRounds = 12;
const looseRounds = 2;

const turn = (row: Knot[], i: number): void => {
  const [a, b] = [row[i], row[i + 1]];
  if (a === undefined || b === undefined) return;
  [row[i], row[i + 1]] = [b, a];
  [a.place, b.place] = [b.place, a.place];
};

/** Crossings that there would be less, if the two at this place and the next one changed places; null if they may not. */
const gainAt = (row: readonly Knot[], i: number): number | null => {
  const [a, b] = [row[i], row[i + 1]];
  if (a === undefined || b === undefined || a.item?.group !== b.item?.group) return null;
  const now = crossingsOf(a.up, b.up) + crossingsOf(a.down, b.down);
  return now - crossingsOf(b.up, a.up) - crossingsOf(b.down, a.down);
};

const turnNeighbours = (rows: readonly Knot[][]): boolean => {
  let better = false;
  for (const row of rows)
    for (let i = 0; i + 1 < row.length; i += 1) {
      if ((gainAt(row, i) ?? 0) <= 0) continue;
      turn(row, i);
      better = true;
    }
  return better;
};

/** Each line of bends passes its neighbours on one side in all layers at once, where that helps. */
const turnLines = (rows: readonly Knot[][], lines: readonly (readonly Knot[])[]): boolean => {
  let better = false;
  for (const line of lines) {
    const ends = [line[0]?.up[0]?.knot, line.at(-1)?.down[0]?.knot];
    const tangle = () => ends.reduce((sum, knot) => sum + tangleOf(knot), 0);
    for (const side of [-1, 0]) {
      let gain = tangle();
      const turned: (readonly [Knot[], number])[] = [];
      for (const knot of line) {
        const row = rows[knot.layer] ?? [];
        const at = knot.place + side;
        const here = at < 0 ? null : gainAt(row, at);
        if (here === null) continue;
        gain += here;
        turn(row, at);
        turned.push([row, at]);
      }
      gain -= tangle();
      if (gain > 0) better = true;
      else for (const [row, at] of turned.toReversed()) turn(row, at);
    }
  }
  return better;
};

const untangle = (rows: readonly Knot[][], lines: readonly (readonly Knot[])[]): void => {
  for (let round = 0; round < mostRounds; round += 1) {
    const turned = turnNeighbours(rows);
    if (!turnLines(rows, lines) && !turned) return;
  }
};

/** Where it makes no difference, neighbours change places: what was in the way of something better may be gone. */
const loosen = (rows: readonly Knot[][]): void => {
  for (const row of rows)
    for (let i = 0; i + 1 < row.length; i += 1) {
      if (gainAt(row, i) !== 0) continue;
      const [a, b] = [row[i], row[i + 1]];
      if (a === undefined || b === undefined) continue;
      if (crossingsOf(a.up, b.up) + crossingsOf(a.down, b.down) === 0) continue;
      turn(row, i);
      i += 1;
    }
};

/**
 * Neighbours change places as long as fewer lines cross by it, never out of their group.
 * @param lines bends of each line that has several, from layer to layer
 */
export const exchange = (rows: Rows, lines: readonly (readonly Knot[])[]): Rows => {
  const changed = rows.map((row) => [...row]);
  settle(changed);
  untangle(changed, lines);
  let best: Rows = changed.map((row) => [...row]);
  let least = allCrossings(best);
  for (let round = 0; round < looseRounds && least > 0; round += 1) {
    loosen(changed);
    untangle(changed, lines);
    const crossings = allCrossings(changed);
    if (crossings >= least) continue;
    best = changed.map((row) => [...row]);
    least = crossings;
  }
  settle(best);
  return best;
};
