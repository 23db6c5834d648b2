import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { flowOf } from '../../../src/runbooks/layout/flow.ts';
import { railLines } from '../../../src/runbooks/layout/rail-lines.ts';
import { railOf, stepNumbers } from '../../../src/runbooks/layout/rail-of.ts';
import { anyChart } from './any-chart.ts';
import { textOf } from './cells.ts';
import { chartNamed, chartOf } from './some-charts.ts';

const linesOf = (mermaid: string, width = 60): string[] =>
  railLines(railOf(chartOf(mermaid)), { width, ascii: false }, new Map(), new Set()).map(textOf);

describe('the step rail', () => {
  it('given branches that meet, when it is told, then they are set in and the meeting is below', () => {
    expect(linesOf('graph TD\nA-->B{Up?}\nB-->|yes|C\nB-->|no|D\nC-->E\nD-->E')).toEqual([
      '○ 1 A',
      '○ 2 ◇ Up?',
      '├─ yes',
      '│  ○ 3 C',
      '│  ╰─ → 5 E',
      '├─ no',
      '│  ○ 4 D',
      '│  ╰─ → 5 E',
      '○ 5 E',
    ]);
  });

  it('given a retry, when it is told, then it points back by number', () => {
    const lines = linesOf('graph TD\nA-->B{Well?}\nB-->|no|A\nB-->|yes|C\nC-->C');
    expect(lines).toEqual([
      '○ 1 A',
      '○ 2 ◇ Well?',
      '├─ no ↺ 1 A',
      '╰─ yes',
      '   ○ 3 C',
      '   ╰─ ↺ 3 C',
    ]);
  });

  it('given groups, when they are entered, then their titles are told', () => {
    const lines = linesOf('graph TD\nsubgraph g [First]\nA\nend\nsubgraph h [Then]\nB\nend\nA-->B');
    expect(lines).toEqual(['First', '○ 1 A', 'Then', '○ 2 B']);
  });

  it('given any chart, when it is told, then each node stands once and numbers run from 1', () => {
    fc.assert(
      fc.property(anyChart(['TB']), (chart) => {
        const rail = railOf(chart);
        const steps = rail.filter((row) => row.kind === 'step');
        const nodes = flowOf(chart).nodes.map((node) => node.id);
        expect(steps.map((row) => row.node).sort()).toEqual([...nodes].sort());
        expect(steps.map((row) => row.number)).toEqual(steps.map((_, i) => i + 1));
        expect(stepNumbers(rail).size).toBe(nodes.length);
      }),
      { numRuns: 150 },
    );
  });

  it('given any chart, when it is told, then no way is left out', () => {
    fc.assert(
      fc.property(anyChart(['TB']), (chart) => {
        const rail = railOf(chart);
        const told = new Set(
          rail.flatMap((row) => (row.kind === 'branch' || row.kind === 'label' ? [row.edge] : [])),
        );
        // The way to the very next row needs no row of its own.
        const next = new Set(
          rail.flatMap((row, i) => {
            const after = rail.slice(i + 1).find((one) => one.kind !== 'group');
            return row.kind === 'step' && after?.kind === 'step'
              ? [`${row.node} ${after.node}`]
              : [];
          }),
        );
        const lost = flowOf(chart).hops.filter(
          (hop) => !told.has(hop.edge) && !next.has(`${hop.from} ${hop.to}`),
        );
        expect(lost).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('given any chart and width, when it is told, then no row is wider', () => {
    fc.assert(
      fc.property(
        anyChart(['TB']),
        fc.integer({ min: 8, max: 60 }),
        fc.boolean(),
        (chart, width, ascii) => {
          for (const row of railLines(railOf(chart), { width, ascii }, new Map(), new Set()))
            expect(stringWidth(textOf(row))).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('given a way that was taken, when it is told, then its marker is heavy', () => {
    const chart = chartNamed('decision');
    const lines = railLines(railOf(chart), { width: 60, ascii: false }, new Map(), new Set([2]));
    expect(lines.map(textOf)).toContain('┣━ no');
  });
});
