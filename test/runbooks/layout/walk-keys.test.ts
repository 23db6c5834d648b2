import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/runbooks/layout/draw-chart.ts';
import { walkKeys } from '../../../src/runbooks/layout/walk-keys.ts';
import { chartOf } from './some-charts.ts';

const keysOf = (mermaid: string) => {
  const chart = chartOf(mermaid);
  return walkKeys(chart, drawChart(chart, { width: null, ascii: false }));
};

const body = 'A-->B{Up?}\nB-->|yes|C\nB-->|no|D\nC-->E\nD-->E\nE-->A';

describe('walking a chart by arrow keys', () => {
  it('given a chart that runs down, when keys are pressed, then along its edges and between branches', () => {
    const keys = keysOf(`graph TD\n${body}`);
    expect(keys.get('B')).toEqual({ up: 'A', down: 'C', left: null, right: null });
    expect(keys.get('C')).toEqual({ up: 'B', down: 'E', left: null, right: 'D' });
    expect(keys.get('D')).toEqual({ up: 'B', down: 'E', left: 'C', right: null });
  });

  it('given a chart that runs to the right, when keys are pressed, then right is onwards', () => {
    const keys = keysOf(`graph LR\n${body}`);
    expect(keys.get('B')).toEqual({ left: 'A', right: 'C', up: null, down: null });
    expect(keys.get('C')).toEqual({ left: 'B', right: 'E', up: null, down: 'D' });
  });

  it('given a chart that runs up, when keys are pressed, then up is onwards', () => {
    expect(keysOf(`graph BT\n${body}`).get('B')).toMatchObject({ up: 'C', down: 'A' });
  });

  it('given only a retry as the way out, when down is pressed, then it is taken', () => {
    expect(keysOf(`graph TD\n${body}`).get('E')?.down).toBe('A');
  });
});
