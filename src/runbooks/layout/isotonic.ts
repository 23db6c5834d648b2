/** Where something would like to stand, and how much. */
export interface Wish {
  readonly at: number;
  readonly weight: number;
}

interface Block {
  sum: number;
  weight: number;
  count: number;
}

/**
 * Whole numbers in ascending order, `apart[i]` at least between the one before and the i-th, that are as near to the
 * wishes as can be (least squares; pool adjacent violators). Linear time.
 * @param range lowest value of the first and highest of the last; kept where there is room for it
 */
export const spreadOut = (
  wishes: readonly Wish[],
  apart: readonly number[],
  range: readonly [number, number] | null,
): readonly number[] => {
  const shift: number[] = [];
  let total = 0;
  for (const [i, gap] of apart.entries()) {
    total += i === 0 ? 0 : gap;
    shift.push(total);
  }
  const blocks: Block[] = [];
  for (const [i, wish] of wishes.entries()) {
    let block = { sum: (wish.at - (shift[i] ?? 0)) * wish.weight, weight: wish.weight, count: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.weight <= block.sum / block.weight) break;
      block = {
        sum: last.sum + block.sum,
        weight: last.weight + block.weight,
        count: last.count + block.count,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const bounded = high - total >= low;
  const values: number[] = [];
  for (const block of blocks) {
    const mean = Math.round(block.sum / block.weight);
    const value = bounded ? Math.min(Math.max(mean, low), high - total) : mean;
    for (let i = 0; i < block.count; i += 1) values.push(value + (shift[values.length] ?? 0));
  }
  return values;
};
