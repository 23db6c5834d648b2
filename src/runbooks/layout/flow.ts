import type { Chart, ChartEdge, ChartNode } from '../chart.ts';

/** One way to go from node to node. Several stand for one edge where it begins or ends at a group. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  /** Index in the edges of the chart. */
  readonly edge: number;
}

/** A chart as it is walked: only nodes, and which edges lead back. */
export interface Flow {
  /** As declared; a group without nodes counts as one. */
  readonly nodes: readonly ChartNode[];
  readonly hops: readonly Hop[];
  /** Edges that close a circle: retries. Edges from a node to itself are not among them. */
  readonly back: ReadonlySet<number>;
  /** The same, way by way: of an edge between groups only some may lead back. */
  readonly backHops: ReadonlySet<Hop>;
  /** Nodes of a group and of the groups in it. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** Where an edge that ends at a group goes on, and where one that begins at it comes from. */
  readonly entries: ReadonlyMap<string, readonly string[]>;
  readonly exits: ReadonlyMap<string, readonly string[]>;
}

const membersOf = (chart: Chart): Map<string, string[]> => {
  const parents = new Map(chart.groups.map((group) => [group.id, group.parent]));
  const members = new Map<string, string[]>(chart.groups.map((group) => [group.id, []]));
  for (const node of chart.nodes) {
    const seen = new Set<string>();
    for (let at = node.group; at !== '' && !seen.has(at); at = parents.get(at) ?? '') {
      seen.add(at);
      members.get(at)?.push(node.id);
    }
  }
  return members;
};

const asNode = (chart: Chart, id: string): ChartNode[] => {
  const group = chart.groups.find((one) => one.id === id);
  if (group === undefined) return [];
  const label = [group.title === '' ? group.id : group.title];
  return [{ id, label, shape: 'box', group: group.parent, line: group.line }];
};

/** Ways that lead back to where one has been, going depth first in the order of declaration. */
const backOf = (nodes: readonly ChartNode[], hops: readonly Hop[]): Set<Hop> => {
  const out = Map.groupBy(
    hops.filter((hop) => hop.from !== hop.to),
    (hop) => hop.from,
  );
  const entered = new Set(hops.filter((hop) => hop.from !== hop.to).map((hop) => hop.to));
  const back = new Set<Hop>();
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const hop of out.get(id) ?? []) {
      const there = state.get(hop.to);
      if (there === 'open') back.add(hop);
      else if (there === undefined) visit(hop.to);
    }
    state.set(id, 'closed');
  };
  const roots = nodes.filter((node) => !entered.has(node.id));
  for (const node of [...roots, ...nodes]) if (!state.has(node.id)) visit(node.id);
  return back;
};

const visible = (edge: ChartEdge): boolean => edge.stroke !== 'invisible';

/** Reads a chart as ways from node to node. Linear in nodes and hops. */
export const flowOf = (chart: Chart): Flow => {
  const members = membersOf(chart);
  const empty = chart.groups.filter(
    (group) =>
      members.get(group.id)?.length === 0 && !chart.groups.some((one) => one.parent === group.id),
  );
  for (const group of empty) {
    for (const [id, nodes] of members) if (isWithin(chart, group.parent, id)) nodes.push(group.id);
    members.delete(group.id);
  }
  const nodes = [...chart.nodes, ...empty.flatMap((group) => asNode(chart, group.id))];
  const known = new Set(nodes.map((node) => node.id));

  const inner = (id: string, end: 'from' | 'to'): string[] => {
    const own = members.get(id) ?? [];
    const within = new Set(own);
    const touched = new Set(
      chart.edges
        .filter((edge) => visible(edge) && edge.from !== edge.to)
        .filter((edge) => within.has(edge.from) && within.has(edge.to))
        .map((edge) => edge[end]),
    );
    const free = own.filter((node) => !touched.has(node));
    const fallback = end === 'from' ? own.at(-1) : own[0];
    return free.length > 0 || fallback === undefined ? free : [fallback];
  };
  const entries = new Map([...members.keys()].map((id) => [id, inner(id, 'to')]));
  const exits = new Map([...members.keys()].map((id) => [id, inner(id, 'from')]));
  const hops = chart.edges.flatMap((edge, index) => {
    if (!visible(edge)) return [];
    const from = known.has(edge.from) ? [edge.from] : (exits.get(edge.from) ?? []);
    const to = known.has(edge.to) ? [edge.to] : (entries.get(edge.to) ?? []);
    return from.flatMap((a) => to.map((b): Hop => ({ from: a, to: b, edge: index })));
  });
  const backHops = backOf(nodes, hops);
  const back = new Set([...backHops].map((hop) => hop.edge));
  return { nodes, hops, back, backHops, members, entries, exits };
};

/** Whether a group is the other or somewhere in it. */
export const isWithin = (chart: Chart, id: string, outer: string): boolean => {
  let at = id;
  for (let depth = 0; at !== '' && depth <= chart.groups.length; depth += 1) {
    if (at === outer) return true;
    const here = at;
    at = chart.groups.find((group) => group.id === here)?.parent ?? '';
  }
  return false;
};
