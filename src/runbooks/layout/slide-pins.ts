import { marginOf } from './face.ts';
import type { Item, Layering, Pin } from './item.ts';

/** Cells that the pin in the middle may leave it: more would look like a mistake. */
const mainSlide = 2;
/** Cells from pin to pin at least. */
const step = 2;

/** Cells beside the middle that a pin may be at. */
const roomOf = (item: Item): number =>
  item.face === null
    ? 0
    : Math.min(item.before, item.after) - marginOf(item.face.shape, item.face.rows.length);

const isFree = (item: Item, pin: Pin, offset: number): boolean =>
  Math.abs(offset) <= roomOf(item) &&
  item.pins.every(
    (other) =>
      other === pin ||
      other.side !== pin.side ||
      // It stays on its side of the others, too: lines that changed places would cross.
      (Math.abs(other.offset - offset) >= step &&
        Math.sign(other.offset - offset) === Math.sign(other.offset - pin.offset)),
  );

const slide = (item: Item, pin: Pin, goal: number): boolean => {
  const offset = goal - item.at;
  if (offset === pin.offset) return true;
  if (pin.edges.length > 1 || (pin.offset === 0 && Math.abs(offset) > mainSlide)) return false;
  if (!isFree(item, pin, offset)) return false;
  pin.offset = offset;
  return true;
};

/** A line that has its end for itself meets the border where it need not bend, if there is room: charts that run down. */
export const slidePins = ({ chains }: Layering): void => {
  for (const { items, from, to } of chains) {
    const [first, second] = items;
    const last = items.at(-1);
    const before = items.at(-2);
    if (first === undefined || second === undefined || last === undefined || before === undefined)
      continue;
    if (items.length > 2) {
      slide(first, from, second.at);
      slide(last, to, before.at);
    } else if (!slide(first, from, last.at + to.offset)) slide(last, to, first.at + from.offset);
  }
};
