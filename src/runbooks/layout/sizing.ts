import type { Chart } from '../chart.ts';
import { type FaceText, faceOf, marginOf } from './face.ts';
import type { Flow } from './flow.ts';
import type { Item, Layering, Pin, Side } from './item.ts';
import { columnsOf, wrapLabel } from './label-wrap.ts';

export interface Measure {
  /** Columns after which labels are wrapped. */
  readonly wrap: number;
  readonly ascii: boolean;
  /** The chart runs from side to side. */
  readonly sideways: boolean;
}

/** Longer texts belong beside the chart, not into it. */
const mostLabelLines = 8;
const mostEdgeLines = 4;
const widestEdgeLabel = 24;

/** Cells between two pins at least, and as the eye likes it. */
const pinStep = (sideways: boolean) => (sideways ? 1 : 2);
const widePinStep = 6;

/** In the order of what they lead to; the one that most lines meet at is the middle. */
const spreadPins = (pins: readonly Pin[], place: (pin: Pin) => number): number[] => {
  const sorted = pins.toSorted((a, b) => place(a) - place(b));
  const weight = (pin: Pin): number => (pin.key.includes(' on ') ? 1000 : 0) + pin.edges.length;
  let main = Math.floor((sorted.length - 1) / 2);
  for (const [i, pin] of sorted.entries()) if (weight(pin) > weight(sorted[main] ?? pin)) main = i;
  for (const [i, pin] of sorted.entries()) pin.offset = i - main;
  return sorted.map((pin) => Math.abs(pin.offset));
};

const ofSide = (item: Item, side: Side): readonly Pin[] =>
  item.pins.filter((pin) => pin.side === side);

/** Gives each item its text, its form and its size. */
export const sizeItems = (chart: Chart, flow: Flow, layering: Layering, by: Measure): void => {
  const ellipsis = by.ascii ? '...' : '…';
  const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
  const index = new Map(layering.layers.flatMap((items) => items.map((item, i) => [item, i])));
  const place = new Map<Pin, number>();
  const met = (pin: Pin, other: Item | undefined): void => {
    if (other === undefined) return;
    place.set(pin, (place.get(pin) ?? 0) + (index.get(other) ?? 0) / pin.edges.length);
  };
  for (const chain of layering.chains) {
    met(chain.from, chain.items[1]);
    met(chain.to, chain.items.at(-2));
  }
  const labelled = new Map<Item, number>();
  for (const chain of layering.chains) {
    const bends = chain.items.slice(1, -1);
    const at = chain.reversed ? bends.at(-1) : bends[0];
    if (at !== undefined && (chart.edges[chain.edge]?.label ?? '') !== '')
      labelled.set(at, chain.edge);
  }

  const linesOf = (edge: number): readonly string[] =>
    wrapLabel(
      (chart.edges[edge]?.label ?? '').split('\n'),
      Math.min(by.wrap, widestEdgeLabel),
      mostEdgeLines,
      ellipsis,
    );

  for (const item of layering.layers.flat()) {
    const spread = (['before', 'after'] as const).flatMap((side) =>
      spreadPins(ofSide(item, side), (pin) => place.get(pin) ?? 0),
    );
    const step = pinStep(by.sideways);
    const reach = Math.max(0, ...spread) * step;
    const node = item.kind === 'node' ? nodes.get(item.id) : undefined;
    if (node !== undefined) {
      const loops = (layering.loops.get(item.id) ?? []).map((edge): FaceText => {
        const label = (chart.edges[edge]?.label ?? '').split('\n').join(' ');
        const sign = by.ascii ? '@' : '↻';
        const text = wrapLabel([`${sign} ${label}`.trim()], by.wrap, 1, ellipsis)[0] ?? sign;
        return { text, edge };
      });
      const texts = wrapLabel(node.label, by.wrap, mostLabelLines, ellipsis).map(
        (text): FaceText => ({ text, edge: -1 }),
      );
      const face = faceOf(node, [...texts, ...loops], reach, by.sideways);
      item.face = face;
      const across = by.sideways ? face.height : face.width;
      item.before = Math.floor(across / 2);
      item.after = across - 1 - item.before;
      item.length = by.sideways ? face.width : face.height;
      const room = by.sideways ? reach : item.after - marginOf(face.shape, face.rows.length);
      const most = Math.max(1, ...spread);
      const wide = by.sideways
        ? step
        : Math.max(step, Math.min(widePinStep, Math.floor(room / most)));
      for (const pin of item.pins) pin.offset *= wide;
      continue;
    }
    for (const pin of item.pins) pin.offset *= step;
    const edge = labelled.get(item);
    item.label = edge === undefined ? [] : linesOf(edge);
    const columns = item.label.reduce((most, text) => Math.max(most, columnsOf(text)), 0);
    const across = by.sideways ? item.label.length : columns;
    item.before = Math.max(reach, Math.floor(across / 2));
    item.after = Math.max(reach, across - 1 - Math.floor(across / 2));
    // Sideways: a bit of line, then the text between two spaces.
    const length = by.sideways ? columns + 3 : item.label.length;
    item.length = item.label.length === 0 ? 0 : length;
  }
};
