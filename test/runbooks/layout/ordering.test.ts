import { describe, expect, it } from 'vitest';
import { flowOf } from '../../../src/runbooks/layout/flow.ts';
import { layeringOf } from '../../../src/runbooks/layout/layering.ts';
import { chartNamed, chartNames, chartOf } from './some-charts.ts';

/** Ids of nodes by layer; `.` for a bend. */
const rowsOf = (mermaid: string): readonly string[] => {
  const chart = chartOf(mermaid);
  return layeringOf(chart, flowOf(chart)).layers.map((items) =>
    items.map((item) => (item.kind === 'bend' ? '.' : item.id)).join(''),
  );
};

describe('ordering a chart', () => {
  it('given branches, when nothing crosses, then they stand as they are told', () => {
    expect(rowsOf('graph TD\nA-->B\nA-->C\nA-->D\nB-->E\nC-->E\nD-->E')).toEqual(['A', 'BCD', 'E']);
  });

  it('given branches told crosswise, when they are ordered, then they do not cross', () => {
    expect(rowsOf('graph TD\nA-->B\nA-->C\nC-->X\nB-->Y\nX-->Z\nY-->Z')).toEqual([
      'A',
      'BC',
      'YX',
      'Z',
    ]);
  });

  it('given a line past a retry, when they are ordered, then the retry keeps to the other side', () => {
    const rows = rowsOf('graph TD\nA-->B\nB-->C\nC-->D\nA-->C\nD-->B');
    // The way past B is right of it, so the retry is left of C.
    expect(rows[1]).toBe('B.');
    expect(rows.slice(2).find((row) => row.includes('C'))).toBe('.C');
  });

  it('given no label, when one rank follows another, then there is no layer between them', () => {
    expect(rowsOf('graph TD\nA-->B\nB-->C')).toEqual(['A', 'B', 'C']);
    expect(rowsOf('graph TD\nA-->|yes|B\nB-->C')).toEqual(['A', '.', 'B', 'C']);
  });

  it('given lines that part and join others, when layers are made, then they have one between', () => {
    expect(rowsOf('graph TD\nA-->X\nA-->Y\nB-->X\nB-->Y').length).toBe(3);
  });

  it('given a group, when it is ordered, then its nodes stand side by side in every layer', () => {
    for (const name of chartNames) {
      const chart = chartNamed(name);
      for (const items of layeringOf(chart, flowOf(chart)).layers) {
        const runs = items.map((item) => item.group).filter((id, i, all) => id !== all[i - 1]);
        const inner = runs.filter((id) => !chart.groups.some((group) => group.parent === id));
        expect(new Set(inner.filter((id) => id !== '')).size).toBe(
          inner.filter((id) => id !== '').length,
        );
      }
    }
  });
});
