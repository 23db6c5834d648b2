import type { ChartEdge } from '../../runbooks/chart.ts';
import type { Box } from '../../runbooks/drawing.ts';

export type Heading = 'up' | 'down' | 'left' | 'right';

/** Rows are about twice as high as columns are wide. */
const tall = 2;

/** How far `to` is in a direction, and how far beside it; null when it is not there at all. */
const reach = (from: Box, to: Box, heading: Heading): number | null => {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2);
  const dy = (to.y + to.height / 2 - (from.y + from.height / 2)) * tall;
  const sideways = heading === 'left' || heading === 'right';
  const along = (sideways ? dx : dy) * (heading === 'left' || heading === 'up' ? -1 : 1);
  const beside = Math.abs(sideways ? dy : dx);
  return along <= 0 ? null : along + beside * 2;
};

/**
 * The node that an arrow key goes to: along an edge, either way, the nearest in that direction; sideways also to what
 * stands beside it in the same row. Null where nothing is.
 */
export const walkKeys = (
  boxes: ReadonlyMap<string, Box>,
  edges: readonly Pick<ChartEdge, 'from' | 'to'>[],
  at: string,
  heading: Heading,
): string | null => {
  const from = boxes.get(at);
  if (from === undefined) return null;
  const joined = new Set(
    edges.flatMap((e) => (e.from === at ? [e.to] : e.to === at ? [e.from] : [])),
  );
  const nearest = (allowed: (id: string, box: Box) => boolean): string | null => {
    let best: { id: string; far: number } | null = null;
    for (const [id, box] of boxes) {
      if (id === at || !allowed(id, box)) continue;
      const far = reach(from, box, heading);
      if (far !== null && (best === null || far < best.far)) best = { id, far };
    }
    return best?.id ?? null;
  };
  const vertical = heading === 'up' || heading === 'down';
  const overlaps = (box: Box): boolean =>
    box.y < from.y + from.height && from.y < box.y + box.height;
  return vertical
    ? nearest((id) => joined.has(id))
    : (nearest((_, box) => overlaps(box)) ?? nearest((id) => joined.has(id)));
};
