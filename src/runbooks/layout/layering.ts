import type { Chart, ChartEdge } from '../chart.ts';
import type { Flow } from './flow.ts';
import type { Chain, Item, Layering, Pin, Side } from './item.ts';
import { layerPlan } from './layer-plan.ts';
import { ranksOf, type Spot } from './ranks.ts';
import { inRuns, outerGroups } from './runs.ts';

interface Draft {
  readonly item: Item;
  readonly x: number;
}

const itemOf = (
  kind: Item['kind'],
  id: string,
  edge: number,
  group: string,
  layer: number,
): Item => ({
  kind,
  id,
  edge,
  group,
  layer,
  label: [],
  face: null,
  pins: [],
  before: 0,
  after: 0,
  length: 0,
  at: 0,
});

/** Lines with the same key meet at one pin: they look alike and lead the same way. */
const pinOf = (item: Item, side: Side, edge: ChartEdge, index: number, reversed: boolean): Pin => {
  const end = (side === 'before') === reversed ? edge.tail : edge.head;
  const key = `${side} ${reversed ? 'back' : 'on'} ${edge.stroke} ${end}`;
  const there = item.pins.find((pin) => pin.key === key);
  if (there !== undefined) {
    there.edges.push(index);
    return there;
  }
  const pin: Pin = { side, key, end, stroke: edge.stroke, edges: [index], offset: 0 };
  item.pins.push(pin);
  return pin;
};

/** The engine may have turned a chart round; branches are to stand in the order in which they are told. */
const isMirrored = (chains: readonly Chain[], x: ReadonlyMap<Item, number>): boolean => {
  let wrong = 0;
  const ways = Map.groupBy(
    chains.filter((chain) => !chain.reversed),
    (chain) => chain.items[0],
  );
  for (const branches of ways.values())
    for (const [i, chain] of branches.entries())
      for (const later of branches.slice(i + 1)) {
        const a = chain.items[1];
        const b = later.items[1];
        if (a === undefined || b === undefined) continue;
        wrong += Math.sign((x.get(a) ?? 0) - (x.get(b) ?? 0));
      }
  return wrong > 0;
};

/** Innermost group that a bend on the way from one group to another is in. */
const groupAt = (
  layer: number,
  from: readonly string[],
  to: readonly string[],
  spans: ReadonlyMap<string, readonly [number, number]>,
): string => {
  const common = from.find((id) => to.includes(id)) ?? '';
  for (const id of from) {
    if (id === common) break;
    if (layer <= (spans.get(id)?.[1] ?? -1)) return id;
  }
  for (const id of to) {
    if (id === common) break;
    if (layer >= (spans.get(id)?.[0] ?? Number.POSITIVE_INFINITY)) return id;
  }
  return common;
};

/** First and last layer of each group with something in it. */
export const spansOf = (
  chart: Chart,
  items: Iterable<Item>,
): ReadonlyMap<string, readonly [number, number]> => {
  const spans = new Map<string, readonly [number, number]>();
  for (const item of items)
    for (const id of outerGroups(chart, item.group)) {
      const [first, last] = spans.get(id) ?? [item.layer, item.layer];
      spans.set(id, [Math.min(first, item.layer), Math.max(last, item.layer)]);
    }
  return spans;
};

/** A group is open in every layer from its first to its last one: where nothing of it stands, an empty item does. */
const keepOpen = (
  chart: Chart,
  spans: ReadonlyMap<string, readonly [number, number]>,
  x: Map<Item, number>,
): void => {
  const held = new Map<string, Set<number>>();
  for (const item of x.keys())
    for (const id of outerGroups(chart, item.group))
      held.set(id, (held.get(id) ?? new Set()).add(item.layer));
  for (const [id, [first, last]] of spans)
    for (let layer = first; layer <= last; layer += 1)
      if (held.get(id)?.has(layer) === false) x.set(itemOf('bend', '', -1, id, layer), 0);
};

/** Puts every node, every bend of an edge and every place on a frame into a layer, in order. */
export const layeringOf = (chart: Chart, flow: Flow): Layering => {
  const plan = layerPlan(chart, flow);
  const ranks = ranksOf(chart, plan);
  const ys = [
    ...[...ranks.stands.values()].map((spot) => spot.y),
    ...ranks.bends.flat().map((spot) => spot.y),
  ];
  const rows = new Map([...new Set(ys)].sort((a, b) => a - b).map((y, i) => [y, i]));
  const layerOf = (spot: Spot): number => rows.get(spot.y) ?? 0;

  const x = new Map<Item, number>();
  const stands = new Map<string, Item>();
  for (const stand of plan.stands) {
    const spot = ranks.stands.get(stand.name) ?? { x: 0, y: 0 };
    const item = itemOf(stand.kind, stand.id, -1, stand.group, layerOf(spot));
    x.set(item, spot.x);
    stands.set(stand.name, item);
  }
  const spans = spansOf(chart, stands.values());
  const chains = plan.links.flatMap((link, i): Chain[] => {
    const upper = stands.get(link.from);
    const lower = stands.get(link.to);
    const edge = chart.edges[link.edge];
    if (upper === undefined || lower === undefined || edge === undefined) return [];
    const [outer, other] = [outerGroups(chart, upper.group), outerGroups(chart, lower.group)];
    const bends = (ranks.bends[i] ?? []).map((spot) => {
      const layer = layerOf(spot);
      const bend = itemOf('bend', '', link.edge, groupAt(layer, outer, other, spans), layer);
      x.set(bend, spot.x);
      return bend;
    });
    return [
      {
        edge: link.edge,
        reversed: link.reversed,
        items: [upper, ...bends, lower],
        from: pinOf(upper, 'after', edge, link.edge, link.reversed),
        to: pinOf(lower, 'before', edge, link.edge, link.reversed),
      },
    ];
  });
  keepOpen(chart, spans, x);
  if (isMirrored(chains, x)) for (const [item, at] of x) x.set(item, -at);
  const layers = Array.from(rows, (): Draft[] => []);
  for (const [item, at] of x) layers[item.layer]?.push({ item, x: at });
  return { layers: inRuns(chart, layers), chains, loops: plan.loops };
};
