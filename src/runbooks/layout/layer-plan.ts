import type { Chart, ChartEdge } from '../chart.ts';
import { type Flow, isWithin } from './flow.ts';

/** What is given to the engine: nodes and the places on frames where edges to groups end. */
export interface Stand {
  readonly name: string;
  readonly kind: 'node' | 'port';
  readonly id: string;
  readonly group: string;
}

export interface Link {
  readonly edge: number;
  readonly from: string;
  readonly to: string;
  readonly reversed: boolean;
}

export interface LayerPlan {
  readonly stands: readonly Stand[];
  readonly links: readonly Link[];
  /** Only keep a port before or behind the nodes of its group. */
  readonly holds: readonly (readonly [string, string])[];
  readonly loops: Map<string, number[]>;
}

const reaches = (links: readonly Link[], from: string, to: string): boolean => {
  const next = Map.groupBy(links, (link) => link.from);
  const seen = new Set([from]);
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === to) return true;
    for (const link of next.get(at) ?? []) {
      if (seen.has(link.to)) continue;
      seen.add(link.to);
      queue.push(link.to);
    }
  }
  return false;
};

/** Nodes of the group with no edge into (or out of) them from within, once retries are turned round. */
const bordersOf = (chart: Chart, flow: Flow, id: string, end: 'from' | 'to'): Set<string> => {
  const own = new Set(flow.members.get(id) ?? []);
  // Of an edge between groups only one way is laid out: it holds nothing in place.
  const inside = flow.hops.filter(({ from, to, edge }) => {
    const told = chart.edges[edge];
    return own.has(from) && own.has(to) && from !== to && told?.from === from && told.to === to;
  });
  const touched = new Set(
    inside.map((hop) => {
      const back = flow.back.has(hop.edge);
      return (end === 'to') === !back ? hop.to : hop.from;
    }),
  );
  return new Set([...own].filter((node) => !touched.has(node)));
};

/**
 * Which edges end where: at a node, or at a place on the frame of a group. What comes out has no circles.
 * Where a place on a frame would close one, edges to groups end at the first (or last) node of the group.
 */
export const layerPlan = (chart: Chart, flow: Flow): LayerPlan => {
  const framed = planOf(chart, flow, true);
  const ways = [
    ...framed.links,
    ...framed.holds.map(([from, to]): Link => ({ edge: -1, from, to, reversed: false })),
  ];
  return hasCircle(ways) ? planOf(chart, flow, false) : framed;
};

const hasCircle = (links: readonly Link[]): boolean => {
  const next = Map.groupBy(links, (link) => link.from);
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (id: string): boolean => {
    if (state.has(id)) return state.get(id) === 'open';
    state.set(id, 'open');
    const found = (next.get(id) ?? []).some((link) => visit(link.to));
    state.set(id, 'closed');
    return found;
  };
  return [...next.keys()].some(visit);
};

/** @param frames whether edges to groups may end at frames */
const planOf = (chart: Chart, flow: Flow, frames: boolean): LayerPlan => {
  const names = new Map(flow.nodes.map((node, i) => [node.id, `n${i}`]));
  const stands: Stand[] = flow.nodes.map((node, i) => ({
    name: `n${i}`,
    kind: 'node',
    id: node.id,
    group: node.group,
  }));
  const links: Link[] = [];
  const holds: (readonly [string, string])[] = [];
  const loops = new Map<string, number[]>();

  /** A place on the frame, with all of the group on one side of it. */
  const port = (id: string, end: 'from' | 'to'): string => {
    const name = `${end === 'to' ? 'i' : 'o'}${chart.groups.findIndex((group) => group.id === id)}`;
    if (stands.some((stand) => stand.name === name)) return name;
    stands.push({ name, kind: 'port', id, group: id });
    for (const one of bordersOf(chart, flow, id, end)) {
      const node = names.get(one) ?? '';
      holds.push(end === 'to' ? [name, node] : [node, name]);
    }
    return name;
  };
  const nameOf = (edge: ChartEdge, end: 'from' | 'to', framed: boolean): string | null => {
    const id = edge[end];
    const node = names.get(id);
    if (node !== undefined) return node;
    const ends = (end === 'to' ? flow.entries : flow.exits).get(id) ?? [];
    const place = framed ? port(id, end) : null;
    return place ?? names.get((end === 'to' ? ends[0] : ends.at(-1)) ?? '') ?? null;
  };

  const hidden: Link[] = [];
  const unsure: Link[] = [];
  for (const [index, edge] of chart.edges.entries()) {
    const reversed = flow.back.has(index);
    const nested =
      edge.from === edge.to ||
      isAround(chart, edge.from, edge.to) ||
      isAround(chart, edge.to, edge.from);
    const framed = frames && edge.stroke !== 'invisible' && !reversed && !nested;
    const from = nameOf(edge, 'from', framed);
    const to = nameOf(edge, 'to', framed);
    if (from === null || to === null) continue;
    const link: Link = { edge: index, from, to, reversed: false };
    if (from === to) {
      const id = stands.find((stand) => stand.name === from)?.id ?? '';
      if (edge.stroke !== 'invisible') loops.set(id, [...(loops.get(id) ?? []), index]);
    } else if (edge.stroke === 'invisible') hidden.push(link);
    else if (!reversed) links.push(link);
    else if (names.has(edge.from) && names.has(edge.to)) links.push(turned(link));
    else unsure.push(link);
  }
  const held: Link[] = holds.map(([from, to]) => ({ edge: -1, from, to, reversed: false }));
  const closes = (link: Link): boolean => reaches([...links, ...held], link.to, link.from);
  // Of the ways that an edge between groups stands for, only some may lead back.
  for (const link of unsure) links.push(closes(link) ? turned(link) : link);
  // Edges that are not drawn only say what stands below what, as far as the drawn ones leave that open.
  for (const link of hidden)
    if (!closes(link)) {
      held.push(link);
      holds.push([link.from, link.to]);
    }
  return { stands, links, holds, loops };
};

const turned = ({ edge, from, to }: Link): Link => ({ edge, from: to, to: from, reversed: true });

const isAround = (chart: Chart, outer: string, inner: string): boolean => {
  if (!chart.groups.some((group) => group.id === outer)) return false;
  const at =
    chart.nodes.find((node) => node.id === inner)?.group ??
    chart.groups.find((group) => group.id === inner)?.parent ??
    '';
  return isWithin(chart, at, outer);
};
