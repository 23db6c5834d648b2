import type { Glyphs } from './glyphs.ts';

/**
 * Milliseconds from which on an answer takes the next higher bar. Fixed, so that members can be compared with each
 * other, and so that a jitter of a millisecond repaints nothing.
 */
const steps = [10, 50, 200, 1000] as const;

/** Latencies as bars, newest last; an unanswered question is the sign of failure. At most `columns` wide. */
export const sparkline = (
  latencies: readonly (number | null)[],
  columns: number,
  glyphs: Glyphs,
): string => {
  const bars = [glyphs.bar1, glyphs.bar2, glyphs.bar3, glyphs.bar4, glyphs.bar5];
  return latencies
    .slice(-Math.max(1, columns))
    .map((ms) => (ms === null ? glyphs.bad : (bars[steps.filter((s) => ms >= s).length] ?? '')))
    .join('');
};

/** A share of a whole as a bar of `columns`; more than the whole is a full bar, something is never an empty one. */
export const gauge = (share: number, columns: number, glyphs: Glyphs): string => {
  const filled = Math.min(columns, Math.max(share > 0.005 ? 1 : 0, Math.round(share * columns)));
  return glyphs.full.repeat(filled) + glyphs.empty.repeat(columns - filled);
};
