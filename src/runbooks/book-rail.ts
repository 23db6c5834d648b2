import type { Chart } from './chart.ts';
import { type RailRow, railOf, stepNumbers } from './layout/rail-of.ts';
import type { Runbook } from './runbook.ts';

const rails = new WeakMap<Chart, readonly RailRow[]>();

/**
 * The rail of the chart, where it numbers the steps as the text does: a step has one number wherever it stands. Null
 * without a chart, or where the numbers differ. Worked out once for each chart.
 */
export const bookRail = ({ chart, steps }: Pick<Runbook, 'chart' | 'steps'>) => {
  if (chart === null) return null;
  const rail = rails.get(chart) ?? railOf(chart);
  rails.set(chart, rail);
  const numbers = stepNumbers(rail);
  return steps.every((s) => numbers.get(s.id) === s.number) ? rail : null;
};
