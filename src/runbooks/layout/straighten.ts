import type { Pull, Slot } from './slots.ts';

/** A bend in a line costs as much as this many cells of detour; where lines part or meet, there is one anyhow. */
const bendCost = 6;
const sharedBendCost = 1;
/** A line that misses another by a cell or two looks like a mistake. */
const near = 2;
const nearCost = 4;
const rounds = 3;
/** Cells that much is moved, or others are pushed, for one line at most: the chart would only get wider by more. */
const farthest = 10;
/** The same for a line that nothing else meets: a bend in it is a detour. */
const farthestAlone = 24;
/** Slots that are moved at once at most: more is never one thing that stands askew. */
const mostSlots = 400;

type Block = ReadonlySet<Slot>;
type Range = readonly [number, number] | null;

/** A line from the block to what is not in it. */
interface Tie {
  readonly slot: Slot;
  readonly pull: Pull;
}

const tiesOf = (block: Block): readonly Tie[] => {
  const ties: Tie[] = [];
  for (const slot of block) {
    for (const pull of slot.up) if (!block.has(pull.slot)) ties.push({ slot, pull });
    for (const pull of slot.down) if (!block.has(pull.slot)) ties.push({ slot, pull });
  }
  return ties;
};

const costOf = ({ weight, shared }: Pull, off: number): number => {
  if (off === 0) return 0;
  return weight * (off + (shared ? (off <= near ? nearCost : sharedBendCost) : bendCost));
};

/** What is saved when all that the ties belong to moves. */
const gainOf = (ties: readonly Tie[], by: number): number => {
  let gain = 0;
  for (const { slot, pull } of ties) {
    const off = pull.slot.at + pull.shift - slot.at;
    gain += costOf(pull, Math.abs(off)) - costOf(pull, Math.abs(off - by));
  }
  return gain;
};

/** What hangs together in straight lines, and can only be moved as one. */
const blockOf = (start: Slot): Set<Slot> => {
  const block = new Set([start]);
  const grow = (slot: Slot, pulls: readonly Pull[]): void => {
    for (const pull of pulls) if (pull.slot.at + pull.shift === slot.at) block.add(pull.slot);
  };
  for (const slot of block) {
    grow(slot, slot.up);
    grow(slot, slot.down);
  }
  return block;
};

/** The slot and all that its lines lead to in one direction; null when that is too much. */
const trainOf = (start: Slot, side: 'up' | 'down'): Block | null => {
  const train = new Set([start]);
  for (const slot of train) {
    for (const pull of slot[side]) train.add(pull.slot);
    if (train.size > mostSlots) return null;
  }
  return train;
};

interface Neighbours {
  readonly before: Slot | null;
  readonly after: Slot | null;
}

type Beside = ReadonlyMap<Slot, Neighbours>;

const nobody: Neighbours = { before: null, after: null };

/** How far the block can be moved to the left and to the right. */
const slackOf = (block: Block, beside: Beside, range: Range): readonly [number, number] => {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const slot of block) {
    // A frame has one border for all layers: it stays.
    if (slot.border !== '') return [0, 0];
    const { before, after } = beside.get(slot) ?? nobody;
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

/** The block and all that it pushes before it, with what hangs on that; null when something cannot be pushed. */
const pushing = (block: Block, by: number, beside: Beside, range: Range): Block | null => {
  const all = new Set(block);
  for (const slot of all) {
    if (slot.border !== '' || all.size > mostSlots) return null;
    if (range !== null && slot.at + by - slot.before < range[0]) return null;
    if (range !== null && slot.at + by + slot.after + 1 > range[1]) return null;
    const { before, after } = beside.get(slot) ?? nobody;
    const next = by < 0 ? before : after;
    if (next === null || all.has(next)) continue;
    const apart = by < 0 ? slot.apart : next.apart;
    if (Math.abs(next.at - slot.at) - Math.abs(by) >= apart) continue;
    for (const one of blockOf(next)) all.add(one);
  }
  return all;
};

/** Ways that would make one more line straight; true for one that nothing else meets. */
const stepsOf = (ties: readonly Tie[], limit: number): ReadonlyMap<number, boolean> => {
  const steps = new Map<number, boolean>();
  for (const { slot, pull } of ties) {
    const step = pull.slot.at + pull.shift - slot.at;
    if (step !== 0 && Math.abs(step) <= limit)
      steps.set(step, !pull.shared || steps.get(step) === true);
  }
  return steps;
};

/** Moves what hangs together to where fewer lines bend, as far as there is room. Deterministic. */
export const straighten = (layers: readonly (readonly Slot[])[], range: Range): void => {
  const beside = new Map<Slot, Neighbours>();
  for (const slots of layers)
    for (const [i, slot] of slots.entries())
      beside.set(slot, { before: slots[i - 1] ?? null, after: slots[i + 1] ?? null });

  /** @param limit cells to move at most */
  const move = (block: Block, push: boolean, limit: number): boolean => {
    const ties = tiesOf(block);
    const steps = stepsOf(ties, limit);
    if (steps.size === 0) return false;
    const [left, right] = slackOf(block, beside, range);
    let best = 0;
    let most = 0;
    let moving = block;
    const weigh = (these: Block, own: readonly Tie[], by: number): void => {
      const gain = by === 0 ? 0 : gainOf(own, by);
      if (gain > most) [best, most, moving] = [by, gain, these];
    };
    for (const [step, alone] of steps) {
      const by = Math.max(-left, Math.min(right, step));
      weigh(block, ties, by);
      if (!push || by === step || Math.abs(step) > (alone ? farthestAlone : farthest)) continue;
      const pushed = pushing(block, step, beside, range);
      if (pushed !== null) weigh(pushed, tiesOf(pushed), step);
    }
    if (best === 0) return false;
    for (const slot of moving) slot.at += best;
    return true;
  };

  const isAskew = (slot: Slot, side: 'up' | 'down'): boolean =>
    slot[side].some((pull) => {
      const off = Math.abs(pull.slot.at + pull.shift - slot.at);
      return off > 0 && off <= farthest;
    });

  for (let round = 0; round < rounds; round += 1) {
    let moved = false;
    const tried = new Set<Slot>();
    for (const slots of round % 2 === 0 ? layers : layers.toReversed())
      for (const slot of slots) {
        if (slot.border !== '') continue;
        if (!tried.has(slot)) {
          const block = blockOf(slot);
          moved = move(block, true, Number.POSITIVE_INFINITY) || moved;
          for (const one of block) tried.add(one);
        }
        moved = move(new Set([slot]), false, Number.POSITIVE_INFINITY) || moved;
        if (slot.item?.kind === 'bend') continue;
        for (const [from, to] of [
          ['up', 'down'],
          ['down', 'up'],
        ] as const) {
          const train = isAskew(slot, from) ? trainOf(slot, to) : null;
          if (train !== null) moved = move(train, false, farthest) || moved;
        }
      }
    if (!moved) return;
  }
};
