import type { Chart, ChartGroup, ChartNode } from '../chart.ts';
import type { Draft, DraftGroup } from './draft.ts';

/** Groups with a node somewhere inside; the others are drawn as nodes. */
const filled = (draft: Draft): ReadonlySet<string> => {
  const full = new Set<string>();
  for (const { id } of draft.nodes.values()) {
    if (draft.groups.has(id)) continue;
    for (
      let around = draft.owners.get(id) ?? '';
      around !== '' && !full.has(around);
      around = draft.owners.get(around) ?? ''
    ) {
      full.add(around);
    }
  }
  return full;
};

const inTextOrder = <T extends { readonly at: number }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => a.at - b.at);

/** A draft without errors as a chart. `lineOf` gives the line of an offset. */
export const assemble = (draft: Draft, lineOf: (at: number) => number): Chart => {
  const full = filled(draft);
  const groupOf = (id: string): string => draft.owners.get(id) ?? '';
  const asNode = ({ id, title, at }: DraftGroup) => ({
    at,
    node: { id, label: [title === '' ? id : title], shape: 'box' as const, group: groupOf(id) },
  });
  const nodes = [...draft.nodes.values()]
    .filter(({ id, real }) => !draft.groups.has(id) && (real || !draft.edgeIds.has(id)))
    .map(({ id, label, shape, at }) => ({
      at,
      node: {
        id,
        label: label === null || label.length === 0 ? [id] : label,
        shape,
        group: groupOf(id),
      },
    }));
  const groups = [...draft.groups.values()];
  const empty = groups.filter(({ id }) => !full.has(id)).map(asNode);
  return {
    direction: draft.direction,
    nodes: inTextOrder([...nodes, ...empty]).map(
      ({ at, node }): ChartNode => ({ ...node, line: lineOf(at) }),
    ),
    edges: draft.edges.map(({ at, ...edge }) => ({ ...edge, line: lineOf(at) })),
    groups: inTextOrder(groups.filter(({ id }) => full.has(id))).map(
      ({ id, title, at, direction }): ChartGroup => ({
        id,
        title,
        parent: groupOf(id),
        direction,
        line: lineOf(at),
      }),
    ),
  };
};
