import type { Chart, ChartEdge } from '../chart.ts';
import type { Flow } from './flow.ts';
import type { Chain, Item, Layering, Pin, Side } from './item.ts';
import { type Link, layerPlan } from './layer-plan.ts';
import { inOrder } from './ordering.ts';
import { ranksOf } from './ranks.ts';
import { outerGroups } from './runs.ts';

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

/** Empty items where nothing of a group stands between its first and its last layer: its frame is open there. */
const fillersOf = (
  chart: Chart,
  spans: ReadonlyMap<string, readonly [number, number]>,
  items: readonly Item[],
): readonly Item[] => {
  const held = new Map<string, Set<number>>();
  for (const item of items)
    for (const id of outerGroups(chart, item.group)) {
      const layers = held.get(id) ?? new Set();
      held.set(id, layers.add(item.layer));
    }
  return [...spans].flatMap(([id, [first, last]]) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .filter((layer) => held.get(id)?.has(layer) !== true)
      .map((layer) => itemOf('bend', '', -1, id, layer)),
  );
};

/**
 * Layer of each rank, and of the gap behind it where there is one: only where a label stands, or where a line that
 * parts from others would meet one that joins others in the same channel.
 */
const layersOf = (
  chart: Chart,
  links: readonly Link[],
  ranks: ReadonlyMap<string, number>,
): { readonly at: readonly number[]; readonly count: number } => {
  const rankOf = (name: string): number => ranks.get(name) ?? 0;
  const last = Math.max(0, ...ranks.values());
  const gaps = new Set<number>();
  const out = Map.groupBy(links, (link) => link.from);
  const into = Map.groupBy(links, (link) => link.to);
  for (const { edge, from, to, reversed } of links) {
    const gap = reversed ? rankOf(to) - 1 : rankOf(from);
    if ((chart.edges[edge]?.label ?? '') !== '') gaps.add(gap);
    const near = rankOf(to) - rankOf(from) === 1;
    if (near && (out.get(from)?.length ?? 0) > 1 && (into.get(to)?.length ?? 0) > 1) gaps.add(gap);
  }
  const at: number[] = [];
  let count = 0;
  for (let rank = 0; rank <= last; rank += 1) {
    at.push(count);
    count += gaps.has(rank) ? 2 : 1;
  }
  return { at, count };
};

/** Puts every node, every bend of an edge and every place on a frame into a layer, in order. */
export const layeringOf = (chart: Chart, flow: Flow): Layering => {
  const plan = layerPlan(chart, flow);
  const ranks = ranksOf(plan);
  const { at, count } = layersOf(chart, plan.links, ranks);
  const stands = new Map(
    plan.stands.map((stand): [string, Item] => {
      const layer = at[ranks.get(stand.name) ?? 0] ?? 0;
      return [stand.name, itemOf(stand.kind, stand.id, -1, stand.group, layer)];
    }),
  );
  const spans = spansOf(chart, stands.values());
  const chains = plan.links.flatMap((link): Chain[] => {
    const upper = stands.get(link.from);
    const lower = stands.get(link.to);
    const edge = chart.edges[link.edge];
    if (upper === undefined || lower === undefined || edge === undefined) return [];
    const [outer, other] = [outerGroups(chart, upper.group), outerGroups(chart, lower.group)];
    const bends = Array.from({ length: lower.layer - upper.layer - 1 }, (_, i): Item => {
      const layer = upper.layer + 1 + i;
      return itemOf('bend', '', link.edge, groupAt(layer, outer, other, spans), layer);
    });
    return [
      {
        edge: link.edge,
        reversed: link.reversed,
        passing: (ranks.get(link.to) ?? 0) - (ranks.get(link.from) ?? 0) > 1,
        items: [upper, ...bends, lower],
        from: pinOf(upper, 'after', edge, link.edge, link.reversed),
        to: pinOf(lower, 'before', edge, link.edge, link.reversed),
      },
    ];
  });
  const held = [...stands.values(), ...chains.flatMap((chain) => chain.items.slice(1, -1))];
  const items = [...held, ...fillersOf(chart, spans, held)];
  const holds = plan.holds.flatMap(([from, to]): [Item, Item][] => {
    const [a, b] = [stands.get(from), stands.get(to)];
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  return { layers: inOrder(chart, items, count, chains, holds), chains, holds, loops: plan.loops };
};
