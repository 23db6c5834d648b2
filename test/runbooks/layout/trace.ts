import type { Chart, ChartEdge } from '../../../src/runbooks/chart.ts';
import type { Box, Drawing } from '../../../src/runbooks/drawing.ts';
import {
  type cellsOf,
  hasArm,
  isBridge,
  opposite,
  type SeenCell,
  step,
  type Way,
} from './cells.ts';

const ways: readonly Way[] = ['up', 'down', 'left', 'right'];

const isOf = (cell: SeenCell | undefined, edge: number): cell is SeenCell =>
  cell !== undefined && cell.role.kind === 'edge' && cell.role.edges.includes(edge);

/** Lines have arms; heads and labels are left the way one came, or any other. */
const leads = (cell: SeenCell, way: Way): boolean =>
  cell.role.kind === 'edge' && cell.role.part !== 'line' ? true : hasArm(cell.glyph, way);

const onBorder = ({ x, y, width, height }: Box, [cx, cy]: readonly [number, number]): boolean =>
  cx >= x &&
  cx < x + width &&
  cy >= y &&
  cy < y + height &&
  (cx === x || cx === x + width - 1 || cy === y || cy === y + height - 1);

/** Boxes that an edge may end at: a node, or for a group its frame or a node in it. */
const endsOf = (chart: Chart, drawing: Drawing, id: string): readonly Box[] => {
  const own = drawing.boxes.get(id);
  if (own !== undefined) return [own];
  const inside = new Set([id]);
  for (let i = 0; i < chart.groups.length; i += 1)
    for (const group of chart.groups) if (inside.has(group.parent)) inside.add(group.id);
  const nodes = chart.nodes.filter((node) => inside.has(node.group)).map((node) => node.id);
  return [
    drawing.frames.get(id),
    ...[...nodes, ...inside].map((one) => drawing.boxes.get(one)),
  ].filter((box) => box !== undefined);
};

/**
 * Follows a line cell by cell as an eye would, from one end to the other.
 * @returns '' when it arrives, else what is wrong
 */
export const traceEdge = (
  chart: Chart,
  drawing: Drawing,
  cells: ReturnType<typeof cellsOf>,
  index: number,
): string => {
  const edge = chart.edges[index] as ChartEdge;
  const from = endsOf(chart, drawing, edge.from);
  const to = endsOf(chart, drawing, edge.to);
  const at = (x: number, y: number) => cells[y]?.[x];
  const starts: [number, number][] = [];
  for (const box of from)
    for (let y = box.y - 1; y <= box.y + box.height; y += 1)
      for (let x = box.x - 1; x <= box.x + box.width; x += 1)
        if (isOf(at(x, y), index) && touches(box, x, y, at(x, y) as SeenCell)) starts.push([x, y]);
  if (starts.length === 0) return `edge ${index} does not begin at ${edge.from}`;
  const seen = new Set(starts.map(([x, y]) => `${x},${y}`));
  const queue = [...starts];
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const [x, y] = place;
    const here = at(x, y) as SeenCell;
    if (to.some((box) => touches(box, x, y, here)) && arrives(edge, here)) return '';
    for (const way of ways) {
      if (!leads(here, way)) continue;
      const [dx, dy] = step[way];
      let [nx, ny] = [x + dx, y + dy];
      while (!leadsBack(at(nx, ny), index, way) && isBridge(at(nx, ny)?.glyph ?? '', way)) {
        nx += dx;
        ny += dy;
      }
      const next = at(nx, ny);
      if (!leadsBack(next, index, way) || seen.has(`${nx},${ny}`)) continue;
      seen.add(`${nx},${ny}`);
      queue.push([nx, ny]);
    }
  }
  return `edge ${index} from ${edge.from} does not arrive at ${edge.to}`;
};

const leadsBack = (cell: SeenCell | undefined, edge: number, way: Way): boolean =>
  isOf(cell, edge) && leads(cell, opposite[way]);

/** The cell is next to the border of the box, or on it, and its line leads there. */
const touches = (box: Box, x: number, y: number, cell: SeenCell): boolean =>
  onBorder(box, [x, y]) ||
  ways.some((way) => {
    const [dx, dy] = step[way];
    return leads(cell, way) && onBorder(box, [x + dx, y + dy]);
  });

const headGlyphs = '▲▼◄►○×';
const arrives = (edge: ChartEdge, cell: SeenCell): boolean =>
  edge.head === 'none' || headGlyphs.includes(cell.glyph);

/** Arms of lines that end in the open. */
export const looseEnds = (cells: ReturnType<typeof cellsOf>): readonly string[] => {
  const loose: string[] = [];
  for (const [y, row] of cells.entries())
    for (const [x, cell] of row.entries()) {
      if (cell.role.kind !== 'edge' || cell.role.part !== 'line') continue;
      for (const way of ways) {
        if (!hasArm(cell.glyph, way)) continue;
        const [dx, dy] = step[way];
        const next = cells[y + dy]?.[x + dx];
        const met =
          next !== undefined &&
          (next.role.kind !== 'space' || next.glyph.trim() !== '') &&
          (next.role.kind === 'node' ||
            next.role.kind === 'group' ||
            (next.role.kind === 'edge' && next.role.part !== 'line') ||
            hasArm(next.glyph, opposite[way]) ||
            isBridge(next.glyph, way));
        if (!met) loose.push(`${cell.glyph} at ${x},${y} leads ${way} to nothing`);
      }
    }
  return loose;
};
