import type { Chart, Direction } from '../chart.ts';
import type { Drawing, DrawOptions } from '../drawing.ts';
import { type Channel, routeChannel, type Wire } from './channel.ts';
import { placeAcross } from './columns.ts';
import { compose } from './compose.ts';
import { drawTitles } from './draw-frames.ts';
import { type Flow, flowOf } from './flow.ts';
import type { Layering } from './item.ts';
import { layeringOf } from './layering.ts';
import { painter } from './paint.ts';
import { sizeItems } from './sizing.ts';
import { slidePins } from './slide-pins.ts';
import { type Slots, slotsOf } from './slots.ts';
import { stationsOf } from './stations.ts';

/** Columns after which labels are wrapped, the wider ones first. */
const wraps = [34, 26, 20, 14];
/** What stands as it would like to is easier to read, as long as its labels are not wrapped to columns of words. */
const freeWraps = [34, 26, 20];
/** Boxes of a chart that runs sideways may not be narrower: it would be all heights and no words. */
const sidewaysWraps = [34, 26];

interface Attempt {
  readonly direction: Direction;
  readonly wrap: number;
  readonly tight: boolean;
  /** What is too wide as it would like to stand is pressed together. */
  readonly pressed: boolean;
  readonly last: boolean;
}

const channelsOf = (layering: Layering, slots: Slots, sideways: boolean): readonly Channel[] => {
  const wires: Wire[][] = layering.layers.map(() => []);
  for (const chain of layering.chains)
    for (const [i, item] of chain.items.entries()) {
      const next = chain.items[i + 1];
      if (next === undefined) break;
      const out = i === 0 ? chain.from : null;
      const into = i === chain.items.length - 2 ? chain.to : null;
      wires[item.layer]?.push({
        edge: chain.edge,
        from: item.at + (out?.offset ?? 0),
        to: next.at + (into?.offset ?? 0),
        ends: [out ?? item, into ?? next],
      });
    }
  return wires.map((own, layer) => {
    const through = (slots.layers[layer + 1] ?? []).filter((slot) => slot.border !== '');
    const taken = new Set(through.map((slot) => slot.at));
    return routeChannel(own, taken, sideways ? 1 : 2);
  });
};

const bordersOf = (slots: Slots): Map<string, readonly [number, number]> => {
  const borders = new Map<string, readonly [number, number]>();
  for (const slot of slots.layers.flat()) {
    if (slot.border === '') continue;
    const id = slot.border.slice(1);
    const [left, right] = borders.get(id) ?? [slot.at, slot.at];
    borders.set(id, slot.border.startsWith('<') ? [slot.at, right] : [left, slot.at]);
  }
  return borders;
};

/** Columns that the drawing has at least, whatever is done. */
const leastWidth = (layering: Layering, slots: Slots, sideways: boolean): number => {
  if (sideways)
    return layering.layers.reduce(
      (sum, items) => sum + Math.max(0, ...items.map((item) => item.length)),
      0,
    );
  return slots.layers.reduce((most, row) => {
    const [first] = row;
    const apart = row.slice(1).reduce((sum, slot) => sum + slot.apart, 0);
    return Math.max(most, (first?.before ?? 0) + apart + (row.at(-1)?.after ?? 0) + 1);
  }, 0);
};

/** @returns null when it cannot fit, unless it is the last attempt */
const drawOnce = (
  chart: Chart,
  flow: Flow,
  layering: Layering,
  { width, ascii }: DrawOptions,
  { direction, wrap, tight, pressed, last }: Attempt,
): Drawing | null => {
  const sideways = direction === 'LR' || direction === 'RL';
  sizeItems(chart, flow, layering, { wrap, ascii, sideways });
  const slots = slotsOf(chart, layering, sideways, tight);
  if (!last && width !== null && leastWidth(layering, slots, sideways) > width) return null;
  const needed = placeAcross(slots, sideways ? null : width, pressed);
  if (!last && !sideways && width !== null && needed > width) return null;
  if (!sideways) slidePins(layering);
  const channels = channelsOf(layering, slots, sideways);
  const stations = stationsOf(chart, layering, channels, sideways);
  const across = Math.max(needed, ...channels.map((channel) => channel.widest + 1));
  const borders = bordersOf(slots);
  const { canvas, boxes, frames } = compose({
    chart,
    direction,
    ascii,
    layering,
    channels,
    stations,
    borders,
    across,
  });
  drawTitles(canvas, chart.groups, frames, ascii ? '...' : '…');
  return {
    width: canvas.width,
    height: canvas.height,
    boxes,
    frames,
    direction,
    wrap,
    ambiguous: canvas.unclear.length,
    edges: chart.edges,
    rows: painter(canvas, boxes, ascii),
  };
};

const attemptsOf = (direction: Direction): readonly Attempt[] => {
  const sideways = direction === 'LR' || direction === 'RL';
  const attempt = (way: Direction, wrap: number, pressed = false): Attempt => ({
    direction: way,
    wrap,
    tight: false,
    pressed,
    last: false,
  });
  const upright = sideways ? 'TB' : direction;
  return [
    ...(sideways ? sidewaysWraps.map((wrap) => attempt(direction, wrap)) : []),
    ...freeWraps.map((wrap) => attempt(upright, wrap)),
    ...wraps.map((wrap) => attempt(upright, wrap, true)),
    { direction: upright, wrap: 14, tight: true, pressed: true, last: true },
  ];
};

/**
 * Draws a flowchart on a grid of characters. Labels are wrapped the more, the less room there is; a chart that runs
 * from side to side is turned to run down when it would not fit otherwise. When nothing fits, the narrowest drawing
 * comes back, wider than `options.width`. The same chart and options give the same drawing, in any process.
 * @throws never for a chart from the parser
 */
export const drawChart = (chart: Chart, options: DrawOptions): Drawing => {
  const flow = flowOf(chart);
  const layering = layeringOf(chart, flow);
  let narrowest: Drawing | null = null;
  for (const attempt of attemptsOf(chart.direction)) {
    const drawing = drawOnce(chart, flow, layering, options, attempt);
    if (drawing === null) continue;
    if (options.width === null || drawing.width <= options.width) return drawing;
    if (narrowest === null || drawing.width < narrowest.width) narrowest = drawing;
  }
  if (narrowest === null) throw new Error('a chart was not drawn by its last attempt');
  return narrowest;
};
