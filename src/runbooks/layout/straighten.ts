import type { Pull, Slot } from './slots.ts';

/** A bend in a line costs as much as this many cells of detour; where lines part or meet, there is one anyhow. */
const bendCost = 6;
const sharedBendCost = 1;
/** A line that misses another by a cell or two looks like a mistake. */
const near = 2;
const nearCost = 4;
const rounds = 3;

const costAt = (pulls: readonly Pull[], at: number): number =>
  pulls.reduce((sum, pull) => {
    const off = Math.abs(pull.slot.at + pull.shift - at);
    if (off === 0) return sum;
    const bend = pull.shared ? (off <= near ? nearCost : sharedBendCost) : bendCost;
    return sum + pull.weight * (off + bend);
  }, 0);

/** What hangs together in straight lines, and can only be moved as one. */
const blockOf = (start: Slot): ReadonlySet<Slot> => {
  const block = new Set([start]);
  const queue = [start];
  for (let slot = queue.pop(); slot !== undefined; slot = queue.pop())
    for (const pull of [...slot.up, ...slot.down])
      if (!block.has(pull.slot) && pull.slot.at + pull.shift === slot.at) {
        block.add(pull.slot);
        queue.push(pull.slot);
      }
  return block;
};

const gainOf = (block: ReadonlySet<Slot>, by: number): number => {
  let gain = 0;
  for (const slot of block) {
    const outside = [...slot.up, ...slot.down].filter((pull) => !block.has(pull.slot));
    gain += costAt(outside, slot.at) - costAt(outside, slot.at + by);
  }
  return gain;
};

interface Neighbours {
  readonly before: Slot | null;
  readonly after: Slot | null;
}

/** How far the block can be moved to the left and to the right. */
const slackOf = (
  block: ReadonlySet<Slot>,
  beside: ReadonlyMap<Slot, Neighbours>,
  range: readonly [number, number] | null,
): readonly [number, number] => {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const slot of block) {
    // A frame has one border for all layers: it stays.
    if (slot.border !== '') return [0, 0];
    const { before, after } = beside.get(slot) ?? { before: null, after: null };
    if (before !== null && !block.has(before))
      left = Math.min(left, slot.at - before.at - slot.apart);
    if (after !== null && !block.has(after))
      right = Math.min(right, after.at - slot.at - after.apart);
    if (range !== null) {
      left = Math.min(left, slot.at - slot.before - range[0]);
      right = Math.min(right, range[1] - slot.after - 1 - slot.at);
    }
  }
  // What stands outside the range already is not pushed further, and never into its neighbour.
  return [Math.max(0, left), Math.max(0, right)];
};

/** Moves what hangs together to where fewer lines bend, as far as there is room. Deterministic. */
export const straighten = (
  layers: readonly (readonly Slot[])[],
  range: readonly [number, number] | null,
): void => {
  const beside = new Map<Slot, Neighbours>();
  for (const slots of layers)
    for (const [i, slot] of slots.entries())
      beside.set(slot, { before: slots[i - 1] ?? null, after: slots[i + 1] ?? null });
  const move = (block: ReadonlySet<Slot>): boolean => {
    const [left, right] = slackOf(block, beside, range);
    if (left <= 0 && right <= 0) return false;
    const steps = new Set<number>();
    for (const slot of block)
      for (const pull of [...slot.up, ...slot.down])
        if (!block.has(pull.slot)) steps.add(pull.slot.at + pull.shift - slot.at);
    let best = 0;
    let most = 0;
    for (const step of steps) {
      const by = Math.max(-left, Math.min(right, step));
      if (by === 0) continue;
      const gain = gainOf(block, by);
      if (gain > most) [best, most] = [by, gain];
    }
    if (best === 0) return false;
    for (const slot of block) slot.at += best;
    return true;
  };
  for (let round = 0; round < rounds; round += 1) {
    let moved = false;
    for (const slots of round % 2 === 0 ? layers : layers.toReversed())
      for (const slot of slots) {
        if (slot.border !== '') continue;
        const block = blockOf(slot);
        moved = move(block) || moved;
        if (block.size > 1) moved = move(new Set([slot])) || moved;
      }
    if (!moved) return;
  }
};
