import type { Measured, Row, Unit } from './rows.ts';
import { spreadOf } from './statistics.ts';

export type Verdict = 'met' | 'missed' | '';

export interface Line {
  readonly row: Row;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** Ours by theirs, medians; by the stated figure where k9s did not run. */
  readonly ratio: number | null;
  readonly verdict: Verdict;
}

const valuesOf = (runs: readonly Measured[], row: Row): readonly number[] =>
  runs.flatMap((run) => run[row.id as keyof Measured] ?? []);

export const linesOf = (
  rows: readonly Row[],
  midwatch: readonly Measured[],
  k9s: readonly Measured[],
): readonly Line[] =>
  rows.flatMap((row) => {
    const ours = valuesOf(midwatch, row);
    const theirs = valuesOf(k9s, row);
    if (ours.length === 0) return [];
    const median = spreadOf(ours).median;
    const other = theirs.length > 0 ? spreadOf(theirs).median : row.k9s;
    const ratio = other === undefined ? null : median / other;
    return [{ row, ours, theirs, ratio, verdict: verdictOf(row, median, ratio) }];
  });

const verdictOf = ({ target }: Row, median: number, ratio: number | null): Verdict => {
  switch (target.kind) {
    case 'bound':
      return median <= target.most ? 'met' : 'missed';
    case 'ratio':
      return ratio === null ? '' : ratio <= target.most ? 'met' : 'missed';
    case 'none':
      return '';
  }
};

const digits: Record<Unit, number> = { s: 2, ms: 1, MB: 0, '%': 1, 'B/s': 0 };

const numbers = (values: readonly number[], unit: Unit): string => {
  if (values.length === 0) return '–';
  const { min, median, max } = spreadOf(values);
  return [min, median, max].map((n) => n.toFixed(digits[unit])).join(' / ');
};

const targetText = ({ target, unit }: Row): string => {
  switch (target.kind) {
    case 'bound':
      return `≤ ${target.most} ${unit}`;
    case 'ratio':
      return `≤ ${target.most.toFixed(2)}x`;
    case 'none':
      return '';
  }
};

const cells = ({ row, ours, theirs, ratio, verdict }: Line): readonly string[] => [
  row.title,
  row.unit,
  numbers(ours, row.unit),
  theirs.length > 0 ? numbers(theirs, row.unit) : row.k9s === undefined ? '–' : `stated ${row.k9s}`,
  ratio === null ? '–' : `${ratio.toFixed(2)}x`,
  targetText(row),
  verdict,
];

const heading = ['row', 'unit', 'midwatch min / median / max', 'k9s', 'ratio', 'target', ''];

/** A table in Markdown that can be read as it is. */
export const table = (lines: readonly Line[]): string => {
  const grid = [heading, ...lines.map(cells)];
  const widths = heading.map((_, i) => Math.max(3, ...grid.map((row) => row[i]?.length ?? 0)));
  const text = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`;
  return [text(grid[0] ?? []), rule, ...grid.slice(1).map(text)].join('\n');
};

export const explanations = (rows: readonly Row[]): string =>
  rows.map(({ title, how }) => `- **${title}**: ${how}.`).join('\n');
