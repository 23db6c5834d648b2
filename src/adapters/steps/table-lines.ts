import { cleanText } from '../../kernel/redact.ts';

/** A cell is cut here, so that one long value does not push the others off the screen. */
const widest = 60;

const cell = (text: string): string => {
  const clean = cleanText(text);
  return clean.length <= widest ? clean : `${clean.slice(0, widest - 1)}…`;
};

/** Columns in line, two spaces apart; the last one is neither cut nor padded. Columns without a value are left out. */
export const tableLines = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => {
  const used = head.map((_, n) => rows.some((row) => (row[n] ?? '') !== ''));
  const pick = (row: readonly string[]): readonly string[] =>
    row.filter((_, n) => used[n] === true);
  const cells = [head, ...rows].map((row) => {
    const picked = pick(row);
    return picked.map((text, n) => (n === picked.length - 1 ? cleanText(text) : cell(text)));
  });
  const widths = (cells[0] ?? []).map((_, n) =>
    cells.reduce((most, row) => Math.max(most, row[n]?.length ?? 0), 0),
  );
  return cells.map((row) =>
    row
      .map((text, n) => (n === row.length - 1 ? text : text.padEnd(widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};
