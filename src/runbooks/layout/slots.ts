import type { Chart } from '../chart.ts';
import type { Item, Layering } from './item.ts';
import { columnsOf } from './label-wrap.ts';
import { outerGroups } from './runs.ts';

/** A pull to stand where a line from another layer runs straight. */
export interface Pull {
  readonly slot: Slot;
  /** To be added to the other's middle. */
  readonly shift: number;
  readonly weight: number;
  /** Other lines meet this one at a pin. */
  readonly shared: boolean;
}

/** A place in a layer: an item, or where the frame of a group passes. */
export interface Slot {
  readonly item: Item | null;
  /** `<` or `>` and the id of the group. */
  readonly border: string;
  readonly layer: number;
  /** Cells from the middle of the one before it in the layer, at least. */
  apart: number;
  readonly before: number;
  readonly after: number;
  readonly up: Pull[];
  readonly down: Pull[];
  at: number;
}

export interface Slots {
  readonly layers: readonly (readonly Slot[])[];
  readonly of: ReadonlyMap<Item, Slot>;
  /** Cells from the left to the right border of a frame, at least. */
  readonly frames: ReadonlyMap<string, number>;
}

/** Empty cells between neighbours. */
const gapOf = (a: Slot, b: Slot, sideways: boolean, tight: boolean): number => {
  if (a.border !== '' || b.border !== '') return sideways ? 0 : 1;
  if (sideways) return 1;
  if (a.item?.face !== null && b.item?.face !== null) return tight ? 2 : 3;
  return tight ? 1 : 2;
};

const straight = { bends: 8, alone: 8, shared: 3, passing: 2, back: 1, border: 24, hold: 0.5 };

const slotOf = (item: Item | null, border: string, layer: number): Slot => ({
  item,
  border,
  layer,
  apart: 0,
  before: item?.before ?? 0,
  after: item?.after ?? 0,
  up: [],
  down: [],
  at: 0,
});

const rowOf = (chart: Chart, items: readonly Item[], layer: number): Slot[] => {
  const slots: Slot[] = [];
  let open: readonly string[] = [];
  const turnTo = (path: readonly string[]): void => {
    const shared = open.findIndex((id, i) => path[i] !== id);
    const kept = shared < 0 ? open.length : shared;
    for (const id of open.slice(kept).toReversed()) slots.push(slotOf(null, `>${id}`, layer));
    for (const id of path.slice(kept)) slots.push(slotOf(null, `<${id}`, layer));
    open = path;
  };
  for (const item of items) {
    turnTo(outerGroups(chart, item.group).toReversed());
    slots.push(slotOf(item, '', layer));
  }
  turnTo([]);
  return slots;
};

const pull = (a: Slot, b: Slot, shift: number, weight: number, shared: boolean): void => {
  a.down.push({ slot: b, shift, weight, shared });
  b.up.push({ slot: a, shift: -shift, weight, shared });
};

/** What stands beside what in each layer, and what would like to stand below what. */
export const slotsOf = (
  chart: Chart,
  layering: Layering,
  sideways: boolean,
  tight: boolean,
): Slots => {
  const layers = layering.layers.map((items, layer) => rowOf(chart, items, layer));
  const of = new Map<Item, Slot>();
  const borders = new Map<string, Slot>();
  for (const slots of layers)
    for (const [i, slot] of slots.entries()) {
      const before = slots[i - 1];
      if (before !== undefined)
        slot.apart = before.after + gapOf(before, slot, sideways, tight) + 1 + slot.before;
      if (slot.item !== null) of.set(slot.item, slot);
      else {
        const above = borders.get(slot.border);
        if (above !== undefined) pull(above, slot, 0, straight.border, false);
        borders.set(slot.border, slot);
      }
    }
  for (const chain of layering.chains)
    for (const [i, item] of chain.items.entries()) {
      const next = chain.items[i + 1];
      const a = of.get(item);
      const b = next === undefined ? undefined : of.get(next);
      if (a === undefined || b === undefined) continue;
      const out = i === 0 ? chain.from : null;
      const into = i === chain.items.length - 2 ? chain.to : null;
      const pins = [out, into].filter((pin) => pin !== null);
      const shared = pins.some((pin) => pin.edges.length > 1);
      const there =
        pins.length === 0
          ? straight.bends
          : shared
            ? chain.passing
              ? straight.passing
              : straight.shared
            : straight.alone;
      // A retry goes round what others run straight through.
      const weight = chain.reversed
        ? Math.min(there, straight.back * (pins.length === 0 ? 2 : 1))
        : there;
      // b stands straight below a when b + its pin = a + its pin.
      pull(a, b, (into?.offset ?? 0) - (out?.offset ?? 0), weight, shared);
    }
  for (const [item, other] of layering.holds) {
    const [a, b] = [of.get(item), of.get(other)];
    if (a !== undefined && b !== undefined) pull(a, b, 0, straight.hold, true);
  }
  const frames = new Map(
    chart.groups.map((group) => [group.id, sideways ? 2 : columnsOf(group.title) + 5]),
  );
  return { layers, of, frames };
};
