import type { Chart, ChartGroup, ChartNode } from '../chart.ts';
import type { Draft, DraftGroup, DraftNode } from './draft.ts';

const inTextOrder = <T extends { readonly at: number }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => a.at - b.at);

/** A group with nothing inside: arrows lead to it all the same, so it is a node. */
const asNode = ({ id, title, at }: DraftGroup): DraftNode => ({
  id,
  at,
  label: title === '' ? null : [title],
  shape: 'box',
  real: true,
});

/** A draft without errors as a chart. `lineOf` gives the line of an offset. */
export const assemble = (draft: Draft, lineOf: (at: number) => number): Chart => {
  const groupOf = (id: string): string => draft.owners.get(id) ?? '';
  const groups = [...draft.groups.values()];
  // A name that only has metadata, and is an arrow's, is no node.
  const nodes = [...draft.nodes.values()].filter(
    ({ id, real }) => !draft.groups.has(id) && (real || !draft.edgeIds.has(id)),
  );
  const full = new Set([...nodes, ...groups].map(({ id }) => groupOf(id)));
  const empty = groups.filter(({ id }) => !full.has(id)).map(asNode);
  return {
    direction: draft.direction,
    nodes: inTextOrder([...nodes, ...empty]).map(
      ({ id, at, label, shape }): ChartNode => ({
        id,
        label: label === null || label.length === 0 ? [id] : label,
        shape,
        group: groupOf(id),
        line: lineOf(at),
      }),
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
