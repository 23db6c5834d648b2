import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeState } from '../../../src/runbooks/drawing.ts';
import { drawChart } from '../../../src/runbooks/layout/draw-chart.ts';
import { anyChart } from './any-chart.ts';
import { textOf } from './cells.ts';
import { chartNamed, chartNames, chartOf } from './some-charts.ts';

const open = new Map<string, NodeState>();
const none = new Set<number>();

const text = (mermaid: string, width: number | null = null, ascii = false): string[] =>
  drawChart(chartOf(mermaid), { width, ascii })
    .rows(open, none)
    .map((row) => textOf(row).trimEnd());

describe('drawing a chart', () => {
  it('given two processes, when they draw the same charts, then byte for byte the same', () => {
    const here = chartNames.map((name) =>
      drawChart(chartNamed(name), { width: 120, ascii: false }).rows(open, none).map(textOf),
    );
    const script = `
      const { chartNamed, chartNames } = await import('./test/runbooks/layout/some-charts.ts');
      const { drawChart } = await import('./src/runbooks/layout/draw-chart.ts');
      console.log(JSON.stringify(chartNames.map((name) =>
        drawChart(chartNamed(name), { width: 120, ascii: false })
          .rows(new Map(), new Set())
          .map((row) => row.map((piece) => piece.text).join('')))));`;
    const there = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(there)).toEqual(here);
  });

  it('given any chart, when it is drawn twice, then it is the same', () => {
    fc.assert(
      fc.property(anyChart(['TB', 'LR']), (chart) => {
        const draw = () => drawChart(chart, { width: 100, ascii: true }).rows(open, none);
        expect(draw()).toEqual(draw());
      }),
      { numRuns: 25 },
    );
  });

  it('given less room, when it is drawn, then labels are wrapped the more', () => {
    const chart = chartNamed('real-runbook');
    const wrapAt = (width: number) => drawChart(chart, { width, ascii: false }).wrap;
    expect([wrapAt(200), wrapAt(95), wrapAt(78)]).toEqual([34, 20, 14]);
  });

  it('given no room at all, when it is drawn, then it comes back wider and complete', () => {
    const drawing = drawChart(chartNamed('real-runbook'), { width: 30, ascii: false });
    expect(drawing.width).toBeGreaterThan(30);
    expect(drawing.boxes.size).toBe(15);
  });

  it('given a chart that runs sideways, when it does not fit, then it runs down', () => {
    const chart = chartNamed('spec-etcd');
    expect(drawChart(chart, { width: 200, ascii: false }).direction).toBe('LR');
    expect(drawChart(chart, { width: 80, ascii: false }).direction).toBe('TB');
  });

  it('given a chart that runs sideways, when it is higher than wide, then it still runs sideways', () => {
    const ways = Array.from({ length: 12 }, (_, i) => `A-->B${i}`).join('\n');
    const drawing = drawChart(chartOf(`graph LR\n${ways}`), { width: 30, ascii: false });
    expect(drawing.height).toBeGreaterThan(30);
    expect([drawing.direction, drawing.width <= 30]).toEqual(['LR', true]);
  });

  it('given a chart that would have to be pressed, when labels are wrapped more, then it stands freely', () => {
    const chart = chartOf(`graph TD
      A{Are disks slow?}-->|slow disk|B[Take load from the disk]-->F[Wait]
      A-->|disk is fast|C{Is the network slow?}
      C-->|slow network|D[Look at the path between nodes]-->F
      C-->|network is fast|E[Look for a starved member]-->F`);
    const drawAt = (width: number) => drawChart(chart, { width, ascii: false });
    const wide = drawAt(120);
    const narrow = drawAt(wide.width - 1);
    expect([wide.wrap, narrow.wrap]).toEqual([34, 26]);
    expect(narrow.width).toBeLessThan(wide.width);
    // Pressed together, the widest labels would still have fitted.
    const boxes = ['D', 'E'].map((id) => wide.boxes.get(id)?.width ?? 0);
    expect(boxes.reduce((sum, width) => sum + width, 0)).toBeLessThan(wide.width - 10);
  });

  it('given each direction, when it is drawn, then heads point that way', () => {
    expect(text('graph TD\nA-->B').join('\n')).toContain('▼');
    expect(text('graph BT\nA-->B').join('\n')).toContain('▲');
    expect(text('graph LR\nA-->B')).toEqual(['┌───┐   ┌───┐', '│ A ├──►│ B │', '└───┘   └───┘']);
    expect(text('graph RL\nA-->B')).toEqual(['┌───┐   ┌───┐', '│ B │◄──┤ A │', '└───┘   └───┘']);
  });

  it('given two lines that cross, when they are drawn, then it is a bridge and not a junction', () => {
    const rows = text('graph TD\nA-->D\nB-->C\nA-->C\nB-->D');
    expect(rows.join('\n')).toMatch(/─│/);
    expect(rows.join('\n')).not.toContain('┼');
  });

  it('given an edge to a group, when it is drawn, then it ends at the frame', () => {
    const rows = text('graph TD\nA-->g\nsubgraph g [Group]\nB-->C\nend');
    const head = rows.findIndex((row) => row.includes('▼'));
    expect(rows[head + 1]).toContain('╌ Group ╌');
  });

  it('given a group without nodes, when an edge leads to it, then it is a box', () => {
    const drawing = drawChart(chartOf('graph TD\nA-->g\nsubgraph g [Empty]\nend'), {
      width: null,
      ascii: false,
    });
    expect([...drawing.boxes.keys()].sort()).toEqual(['A', 'g']);
  });

  it('given ASCII, when any of the charts is drawn, then only labels have other characters', () => {
    for (const name of chartNames) {
      const drawing = drawChart(chartNamed(name), { width: 120, ascii: true });
      const states: readonly NodeState[] = ['done', 'current', 'failed', 'skipped', 'waiting'];
      const all = new Map(
        [...drawing.boxes.keys()].map((id, i) => [id, states[i % 5] as NodeState]),
      );
      for (const piece of drawing.rows(all, new Set(drawing.edges.keys())).flat()) {
        const { role } = piece;
        if (role.kind !== 'space' && (role.part === 'label' || role.part === 'title')) continue;
        expect(piece.text).toMatch(/^[\x20-\x7e]*$/);
      }
    }
  });
});

describe('painting a drawing', () => {
  const drawing = drawChart(chartOf('graph TD\nA[Start]-->B{Well?}\nB-->|yes|C\nB-->|no|D'), {
    width: null,
    ascii: false,
  });

  it('given a step that is now, when it is painted, then it has a double border and a sign', () => {
    const rows = drawing.rows(new Map([['A', 'current']]), none).map(textOf);
    expect(rows.join('\n')).toContain('╔═►');
    expect(rows.join('\n')).toContain('║ Start ║');
  });

  it('given a way that was taken, when it is painted, then it is heavy and the others are not', () => {
    const rows = drawing.rows(open, new Set([0, 2])).map(textOf);
    expect(rows.some((row) => row.includes('┲━') || row.includes('━┓') || row.includes('━'))).toBe(
      true,
    );
    const untaken = drawing.rows(open, none).map(textOf);
    expect(untaken.join('')).not.toMatch(/[━┃]/);
  });

  it('given other states, when it is painted, then nothing moves', () => {
    const bare = (rows: readonly string[]) => rows.map((row) => row.length);
    const before = drawing.rows(open, none).map(textOf);
    const after = drawing
      .rows(
        new Map([
          ['A', 'done'],
          ['B', 'failed'],
          ['C', 'skipped'],
          ['D', 'waiting'],
        ]),
        new Set([0]),
      )
      .map(textOf);
    expect(bare(after)).toEqual(bare(before));
    for (const sign of ['✓', '✗', '–', '…']) expect(after.join('')).toContain(sign);
  });
});
