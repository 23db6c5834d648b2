import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chart } from '../../../src/runbooks/chart.ts';
import { parseFlowchart } from '../../../src/runbooks/mermaid/parse-flowchart.ts';

const folder = join(import.meta.dirname, 'charts');

export const chartNames: readonly string[] = readdirSync(folder)
  .map((name) => name.replace('.mmd', ''))
  .sort();

/** A chart from Mermaid text. */
export const chartOf = (text: string): Chart => {
  const { chart, diagnostics } = parseFlowchart(text);
  if (chart === null) throw new Error(diagnostics.map((one) => one.message).join('; '));
  return chart;
};

export const chartNamed = (name: string): Chart =>
  chartOf(readFileSync(join(folder, `${name}.mmd`), 'utf8'));
