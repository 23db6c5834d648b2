import { spreadOut, type Wish } from './isotonic.ts';
import type { Pull, Slot, Slots } from './slots.ts';
import { straighten } from './straighten.ts';

const sweeps = 8;
/** So little that anything with a line moves what has none. */
const idle = 0.05;

/** The middle one; between two middle ones, halfway. */
const medianOf = (pulls: readonly Pull[]): number => {
  const at = pulls.map((pull) => pull.slot.at + pull.shift).sort((a, b) => a - b);
  const upper = at[Math.floor(at.length / 2)] ?? 0;
  const lower = at[Math.floor((at.length - 1) / 2)] ?? 0;
  return (upper + lower) / 2;
};

const wishOf = (slot: Slot, pulls: readonly Pull[]): Wish =>
  pulls.length === 0
    ? { at: slot.at, weight: idle }
    : { at: medianOf(pulls), weight: pulls.reduce((most, one) => Math.max(most, one.weight), 0) };

const settle = (
  slots: readonly Slot[],
  side: 'up' | 'down',
  range: readonly [number, number] | null,
): void => {
  const [first] = slots;
  const last = slots.at(-1);
  if (first === undefined || last === undefined) return;
  const within =
    range === null ? null : ([range[0] + first.before, range[1] - last.after] as const);
  const at = spreadOut(
    slots.map((slot) => wishOf(slot, slot[side])),
    slots.map((slot) => slot.apart),
    within,
  );
  for (const [i, slot] of slots.entries()) slot.at = at[i] ?? 0;
};

/** Cells from the leftmost to behind the rightmost. */
export const extentOf = (layers: readonly (readonly Slot[])[]): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const slots of layers)
    for (const slot of slots) {
      low = Math.min(low, slot.at - slot.before);
      high = Math.max(high, slot.at + slot.after + 1);
    }
  return low > high ? [0, 0] : [low, high];
};

/**
 * Moves to the right until both borders of every frame are the same in all layers, and it is wide enough for its title.
 * Nothing is moved to the left.
 */
const alignFrames = ({ layers, frames }: Slots): void => {
  const parts = Map.groupBy(
    layers.flat().filter((slot) => slot.border !== ''),
    (slot) => slot.border,
  );
  // Each round moves something to the right or is the last; a layer passes a push on at once.
  const rounds = parts.size * 4 + 8;
  for (let round = 0; round < rounds; round += 1) {
    let moved = false;
    const raise = (slot: Slot, at: number): void => {
      if (slot.at >= at) return;
      slot.at = at;
      moved = true;
    };
    for (const [border, same] of parts) {
      const open = border.startsWith('>') ? (parts.get(`<${border.slice(1)}`)?.[0] ?? null) : null;
      const least = (open?.at ?? Number.NEGATIVE_INFINITY) + (frames.get(border.slice(1)) ?? 0);
      const at = same.reduce((most, slot) => Math.max(most, slot.at), least);
      for (const slot of same) raise(slot, at);
    }
    for (const slots of layers)
      for (const [i, slot] of slots.entries()) {
        const before = slots[i - 1];
        if (before !== undefined) raise(slot, before.at + slot.apart);
      }
    if (!moved) return;
  }
};

/** Draws both borders of each frame in as far as what is in it allows, inner frames first. */
const tightenFrames = ({ layers, frames }: Slots): void => {
  const borders = new Map<string, { slot: Slot; before: Slot | null; after: Slot | null }[]>();
  for (const slots of layers)
    for (const [i, slot] of slots.entries())
      if (slot.border !== '') {
        const all = borders.get(slot.border) ?? [];
        all.push({ slot, before: slots[i - 1] ?? null, after: slots[i + 1] ?? null });
        borders.set(slot.border, all);
      }
  for (let round = 0; round < 4; round += 1)
    for (const [border, parts] of borders) {
      const id = border.slice(1);
      const least = frames.get(id) ?? 0;
      if (border.startsWith('<')) {
        const right = borders.get(`>${id}`)?.[0]?.slot.at ?? Number.POSITIVE_INFINITY;
        const at = parts.reduce(
          (most, { slot, after }) =>
            Math.min(most, after === null ? slot.at : after.at - after.apart),
          right - least,
        );
        for (const { slot } of parts) slot.at = Math.max(slot.at, at);
      } else {
        const left = borders.get(`<${id}`)?.[0]?.slot.at ?? Number.NEGATIVE_INFINITY;
        const at = parts.reduce(
          (most, { slot, before }) =>
            Math.max(most, before === null ? slot.at : before.at + slot.apart),
          left + least,
        );
        for (const { slot } of parts) slot.at = Math.min(slot.at, at);
      }
    }
};

const pack = (layers: readonly (readonly Slot[])[], middle: number): void => {
  for (const slots of layers) {
    let at = 0;
    for (const [i, slot] of slots.entries()) {
      at = i === 0 ? slot.before : at + slot.apart;
      slot.at = at;
    }
    const shift = Math.round(middle - (at + (slots.at(-1)?.after ?? 0) + 1) / 2);
    for (const slot of slots) slot.at += shift;
  }
};

/** Where things may be moved to without making the chart wider than the limit; null when it is already, or may be. */
const roomOf = (
  layers: readonly (readonly Slot[])[],
  limit: number | null,
): readonly [number, number] | null => {
  const [low, high] = extentOf(layers);
  if (limit === null || high - low > limit) return null;
  const begin = low - Math.floor((limit - (high - low)) / 2);
  return [begin, begin + limit];
};

const arrange = (
  slots: Slots,
  limit: number | null,
  range: readonly [number, number] | null,
): void => {
  const { layers } = slots;
  pack(layers, range === null ? 0 : (range[0] + range[1]) / 2);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const layer of layers) settle(layer, 'up', range);
    for (const layer of layers.toReversed()) settle(layer, 'down', range);
  }
  const framed = layers.some((layer) => layer.some((slot) => slot.border !== ''));
  if (framed) alignFrames(slots);
  const room = range ?? roomOf(layers, limit);
  straighten(layers, room);
  if (framed) {
    tightenFrames(slots);
    straighten(layers, room);
    tightenFrames(slots);
  }
};

/**
 * Places everything across: whole cells, in order, apart as far as is told, lines as straight as can be.
 * @param limit cells there are
 * @param pressed whether what is wider is pressed together, if that is possible
 * @returns cells used; all places are from 0 on
 */
export const placeAcross = (slots: Slots, limit: number | null, pressed: boolean): number => {
  arrange(slots, limit, null);
  let [low, high] = extentOf(slots.layers);
  if (pressed && limit !== null && high - low > limit) {
    arrange(slots, limit, [0, limit]);
    [low, high] = extentOf(slots.layers);
  }
  for (const slot of slots.layers.flat()) {
    slot.at -= low;
    if (slot.item !== null) slot.item.at = slot.at;
  }
  return high - low;
};
