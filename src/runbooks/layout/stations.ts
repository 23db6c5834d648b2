import type { Chart } from '../chart.ts';
import type { Channel } from './channel.ts';
import type { Item, Layering } from './item.ts';
import { spansOf } from './layering.ts';
import { outerGroups } from './runs.ts';

/** Where a frame begins and ends, along. */
export interface FrameSpan {
  readonly first: number;
  readonly last: number;
  /** Border cells along. */
  begin: number;
  end: number;
}

/** Where things stand along the chart. */
export interface Stations {
  /** First cell of each layer, and how many it has. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  /** First track behind each layer, and cells from track to track. */
  readonly tracks: readonly number[];
  readonly pitch: number;
  readonly frames: ReadonlyMap<string, FrameSpan>;
  readonly total: number;
}

/** Cells for a line and its head before a node, or none. */
const lead = (sideways: boolean, any: boolean): number => (any ? (sideways ? 2 : 1) : 0);

const trail = (sideways: boolean, any: boolean, head: boolean): number => {
  if (!any) return 0;
  return (sideways ? 1 : 0) + (head ? 1 : 0);
};

const pinsOf = (items: readonly Item[], side: 'before' | 'after') =>
  items.flatMap((item) => item.pins.filter((pin) => pin.side === side));

/**
 * Layer by layer: the layer, room for heads that point back at it, ends of frames, tracks, beginnings of frames, room
 * for heads that point at the next layer.
 */
export const stationsOf = (
  chart: Chart,
  layering: Layering,
  channels: readonly Channel[],
  sideways: boolean,
): Stations => {
  const { layers } = layering;
  const spans = spansOf(chart, layers.flat());
  const frames = new Map<string, FrameSpan>(
    [...spans].map(([id, [first, last]]) => [id, { first, last, begin: 0, end: 0 }]),
  );
  /** How many frames around it begin (or end) at the same layer. */
  const level = (id: string, edge: 'first' | 'last'): number =>
    outerGroups(chart, id).filter((one) => frames.get(one)?.[edge] === frames.get(id)?.[edge])
      .length - 1;
  const at = (layer: number, edge: 'first' | 'last') =>
    [...frames]
      .filter(([, span]) => span[edge] === layer)
      .map(([id]) => ({ id, level: level(id, edge) }));

  const starts: number[] = [];
  const lengths: number[] = [];
  const tracks: number[] = [];
  const pitch = sideways ? 2 : 1;
  let place = 0;
  for (const [layer, items] of layers.entries()) {
    const nodes = items.filter((item) => item.kind === 'node');
    const port = (id: string, side: 'before' | 'after') =>
      pinsOf(
        items.filter((item) => item.kind === 'port' && item.id === id),
        side,
      );
    const opening = at(layer, 'first');
    const deepest = Math.max(-1, ...opening.map((frame) => frame.level));
    for (let depth = 0; depth <= deepest; depth += 1) {
      const here = opening.filter((frame) => frame.level === depth);
      const pins = here.flatMap((frame) => port(frame.id, 'before'));
      place += lead(sideways, pins.length > 0);
      for (const { id } of here) {
        const frame = frames.get(id);
        if (frame !== undefined) frame.begin = place;
      }
      place += 1;
      if (sideways && depth < deepest) place += 1;
    }
    const into = pinsOf(nodes, 'before');
    place += lead(sideways, into.length > 0);
    // Sideways a frame would stick to what is in it.
    if (sideways && deepest >= 0 && into.length === 0) place += 1;
    const labelled = items.some((item) => item.kind === 'bend' && item.length > 0);
    const before = layers[layer - 1] ?? [];
    const fresh =
      pinsOf(
        before.filter((item) => item.kind === 'node'),
        'after',
      ).length > 0;
    // A label directly below a border would be read as a part of the box.
    if (
      !sideways &&
      labelled &&
      fresh &&
      into.length === 0 &&
      (channels[layer - 1]?.tracks ?? 0) === 0
    )
      place += 1;
    starts.push(place);
    const length = Math.max(0, ...items.map((item) => item.length));
    lengths.push(length);
    place += length;
    const out = pinsOf(nodes, 'after');
    place += trail(
      sideways,
      out.length > 0,
      out.some((pin) => pin.end !== 'none'),
    );
    const closing = at(layer, 'last');
    if (sideways && closing.length > 0 && out.length === 0) place += 1;
    for (let depth = Math.max(-1, ...closing.map((frame) => frame.level)); depth >= 0; depth -= 1) {
      const here = closing.filter((frame) => frame.level === depth);
      if (sideways && closing.some((frame) => frame.level > depth)) place += 1;
      for (const { id } of here) {
        const frame = frames.get(id);
        if (frame !== undefined) frame.end = place;
      }
      place += 1;
      const pins = here.flatMap((frame) => port(frame.id, 'after'));
      place += trail(
        sideways,
        pins.length > 0,
        pins.some((pin) => pin.end !== 'none'),
      );
    }
    tracks.push(place);
    const used = channels[layer]?.tracks ?? 0;
    place += used === 0 ? 0 : (used - 1) * pitch + 1;
  }
  return { starts, lengths, tracks, pitch, frames, total: place };
};
