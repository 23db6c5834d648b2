import { Graph, layout } from '@dagrejs/dagre';
import type { Chart } from '../chart.ts';
import type { LayerPlan } from './layer-plan.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Ranks {
  readonly stands: ReadonlyMap<string, Spot>;
  /** Between the ends of each link, in its direction. */
  readonly bends: readonly (readonly Spot[])[];
}

/** Ends the engine's work; it has no other way to be told. */
class Enough extends Error {}

/** Without groups, ranks and order are all there is to know: the engine stops before it works out places. */
const orderOnly = (graph: Graph, plan: LayerPlan): Ranks => {
  const stands = new Map<string, Spot>();
  const ways = new Map<string, Spot[]>();
  try {
    layout(graph, {
      customOrder: (inner: Graph, order: (graph: Graph) => void) => {
        order(inner);
        for (const name of inner.nodes()) {
          const { dummy, edgeObj, order: x = 0, rank: y = 0 } = inner.node(name);
          if (dummy === undefined) stands.set(name, { x, y });
          const way = edgeObj?.name;
          if (way !== undefined) ways.set(way, [...(ways.get(way) ?? []), { x, y }]);
        }
        throw new Enough();
      },
    });
  } catch (cause) {
    if (!(cause instanceof Enough)) throw cause;
  }
  const bends = plan.links.map((_, i) => (ways.get(`e${i}`) ?? []).toSorted((a, b) => a.y - b.y));
  return { stands, bends };
};

/** Ranks and order by the engine. All widths are equal: only who stands left of whom is read from it. */
const place = (chart: Chart, plan: LayerPlan, grouped: boolean): Ranks => {
  const graph = new Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 2, edgesep: 2, ranksep: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  const groups = new Map(chart.groups.map((group, i) => [group.id, `g${i}`]));
  for (const stand of plan.stands) graph.setNode(stand.name, { width: 2, height: 2 });
  if (grouped) {
    const used = new Set<string>();
    const parentOf = (id: string) => chart.groups.find((group) => group.id === id)?.parent ?? '';
    for (const stand of plan.stands)
      for (let at = stand.group; at !== '' && !used.has(at); at = parentOf(at)) used.add(at);
    for (const id of used) graph.setNode(groups.get(id) ?? '', {});
    for (const stand of plan.stands)
      if (stand.group !== '') graph.setParent(stand.name, groups.get(stand.group) ?? '');
    for (const id of used) {
      const parent = parentOf(id);
      if (parent !== '') graph.setParent(groups.get(id) ?? '', groups.get(parent) ?? '');
    }
  }
  for (const [i, link] of plan.links.entries())
    graph.setEdge(link.from, link.to, { minlen: 1, weight: link.reversed ? 1 : 2 }, `e${i}`);
  for (const [i, [from, to]] of plan.holds.entries())
    graph.setEdge(from, to, { minlen: 1, weight: 1 }, `h${i}`);
  if (!grouped) return orderOnly(graph, plan);
  layout(graph);
  const stands = new Map(
    plan.stands.map((stand): [string, Spot] => {
      const { x, y } = graph.node(stand.name);
      return [stand.name, { x, y }];
    }),
  );
  const bends = plan.links.map((link, i): readonly Spot[] => {
    const { points } = graph.edge(link.from, link.to, `e${i}`);
    return (points ?? []).slice(1, -1);
  });
  return { stands, bends };
};

/** Where the engine puts stands and bends. Deterministic: ties are broken by the order of the plan. */
export const ranksOf = (chart: Chart, plan: LayerPlan): Ranks => {
  if (chart.groups.length === 0) return place(chart, plan, false);
  try {
    return place(chart, plan, true);
  } catch {
    // The engine fails on some nestings; frames do not depend on it, they only come out wider.
    return place(chart, plan, false);
  }
};
