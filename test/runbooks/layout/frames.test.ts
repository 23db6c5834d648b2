import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Chart } from '../../../src/runbooks/chart.ts';
import type { NodeState } from '../../../src/runbooks/drawing.ts';
import { drawChart } from '../../../src/runbooks/layout/draw-chart.ts';
import { flowOf } from '../../../src/runbooks/layout/flow.ts';
import { railLines } from '../../../src/runbooks/layout/rail-lines.ts';
import { railOf } from '../../../src/runbooks/layout/rail-of.ts';
import { textOf } from './cells.ts';
import { chartNamed, chartNames } from './some-charts.ts';

/** `UPDATE_FRAMES=1 npx vitest run test/runbooks/layout/frames.test.ts` writes them anew; the difference is to be read. */
const update = process.env.UPDATE_FRAMES === '1';
const widths = [80, 120, 200];

/** Somebody in the middle of it: three steps taken, one of them failed, the fourth is now. */
const walked = (chart: Chart) => {
  const { hops } = flowOf(chart);
  const states = new Map<string, NodeState>();
  const taken = new Set<number>();
  const marks: readonly NodeState[] = ['done', 'failed', 'skipped', 'current', 'waiting'];
  let at = chart.nodes[0]?.id ?? '';
  for (const mark of marks) {
    states.set(at, mark);
    const next = hops.find((hop) => hop.from === at && !states.has(hop.to));
    if (next === undefined || mark === 'waiting') break;
    if (mark !== 'current') taken.add(next.edge);
    at = next.to;
  }
  return { states, taken };
};

const frameOf = (chart: Chart, width: number, ascii: boolean): string => {
  const { states, taken } = walked(chart);
  const drawing = drawChart(chart, { width, ascii });
  const fits = drawing.width <= width ? 'fits' : 'does not fit';
  const head = `${drawing.direction}, labels of ${drawing.wrap}, ${drawing.width} x ${drawing.height}: ${fits} ${width}`;
  const rows = drawing.rows(states, taken).map((row) => textOf(row).trimEnd());
  const rail = railLines(railOf(chart), { width: 60, ascii }, states, taken).map(textOf);
  return [head, '', ...rows, '', ...(width === 80 ? rail : []), ''].join('\n');
};

const cases = chartNames.flatMap((name) =>
  widths.flatMap((width) =>
    ['unicode', 'ascii'].map((set): [string, number, string] => [name, width, set]),
  ),
);

describe('frames of charts', () => {
  it.each(cases)(
    'given %s, when there are %i columns, then it looks as kept in %s',
    (name, width, set) => {
      const path = join(import.meta.dirname, 'frames', `${name}-${width}-${set}.txt`);
      const frame = frameOf(chartNamed(name), width, set === 'ascii');
      if (update) writeFileSync(path, frame);
      expect(existsSync(path), 'no frame is kept yet').toBe(true);
      expect(frame).toBe(readFileSync(path, 'utf8'));
    },
  );

  it('given the twelve charts, when they are drawn at 120, then all fit and no line is unclear', () => {
    expect(chartNames.length).toBe(12);
    for (const name of chartNames) {
      const drawing = drawChart(chartNamed(name), { width: 120, ascii: false });
      expect(drawing.ambiguous).toBe(0);
      expect(drawing.width).toBeLessThanOrEqual(120);
    }
  });
});
