import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Chart, Direction } from '../../../src/runbooks/chart.ts';
import type { Box } from '../../../src/runbooks/drawing.ts';
import { drawChart } from '../../../src/runbooks/layout/draw-chart.ts';
import { anyChart } from './any-chart.ts';
import { cellsOf, textOf } from './cells.ts';
import { looseEnds, traceEdge } from './trace.ts';

const runs = { numRuns: 60 };
const ways: readonly (readonly [string, readonly Direction[]])[] = [
  ['down', ['TB']],
  ['from left to right', ['LR']],
  ['up or from right to left', ['BT', 'RL']],
];

/** Sideways only without a limit: with one, a chart that does not fit is turned. */
const drawn = (chart: Chart) => drawChart(chart, { width: null, ascii: false });

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const within = (a: Box, b: Box): boolean =>
  a.x > b.x && a.y > b.y && a.x + a.width < b.x + b.width && a.y + a.height < b.y + b.height;

/** An edge from a node to itself is a line of text in its box. */
const isLoop = (cells: ReturnType<typeof cellsOf>, index: number): boolean =>
  cells.some((row) =>
    row.some(
      ({ glyph, role }) => glyph === '↻' && role.kind === 'edge' && role.edges.includes(index),
    ),
  );

describe.each(ways)('laws of drawings that run %s', (_, directions) => {
  const charts = anyChart(directions);

  it('given any chart, when it is drawn, then boxes stand apart and inside', () => {
    fc.assert(
      fc.property(charts, (chart) => {
        const { boxes, width, height, direction } = drawn(chart);
        expect(direction).toBe(chart.direction);
        const all = [...boxes.values()];
        for (const [i, box] of all.entries()) {
          expect(within(box, { x: -1, y: -1, width: width + 2, height: height + 2 })).toBe(true);
          expect(all.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
        }
        for (const node of chart.nodes) expect(boxes.has(node.id)).toBe(true);
      }),
      runs,
    );
  });

  it('given any chart, when it is drawn, then a frame holds its nodes and no other', () => {
    fc.assert(
      fc.property(charts, (chart) => {
        const { boxes, frames } = drawn(chart);
        const parents = new Map(chart.groups.map((group) => [group.id, group.parent]));
        for (const node of chart.nodes) {
          const around = new Set<string>();
          for (let at = node.group; at !== ''; at = parents.get(at) ?? '') around.add(at);
          const box = boxes.get(node.id) as Box;
          for (const [id, frame] of frames)
            expect(around.has(id) ? within(box, frame) : !overlap(box, frame)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('given any chart, when it is drawn, then every row is as wide as the drawing', () => {
    fc.assert(
      fc.property(charts, fc.boolean(), (chart, ascii) => {
        const drawing = drawChart(chart, { width: null, ascii });
        const rows = drawing.rows(new Map(), new Set());
        expect(rows.length).toBe(drawing.height);
        for (const row of rows) expect(stringWidth(textOf(row))).toBe(drawing.width);
      }),
      runs,
    );
  });

  it('given any chart, when its lines are followed, then each arrives and none ends in the open', () => {
    fc.assert(
      fc.property(charts, (chart) => {
        const drawing = drawn(chart);
        expect(drawing.ambiguous).toBe(0);
        const cells = cellsOf(drawing);
        const wrong = chart.edges.flatMap((edge, index) =>
          edge.stroke === 'invisible' || isLoop(cells, index)
            ? []
            : [traceEdge(chart, drawing, cells, index)],
        );
        expect(wrong.filter((text) => text !== '')).toEqual([]);
        expect(looseEnds(cells)).toEqual([]);
      }),
      runs,
    );
  });
});
