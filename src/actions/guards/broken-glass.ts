import type { Judgement } from '../../kernel/act.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { BrokenGlass, Facts } from '../guard.ts';

/** The glass, while it is broken: it mends by itself. */
export const glassAt = (facts: Facts, now: EpochMs): BrokenGlass | null =>
  facts.glass !== null && now < facts.glass.until ? facts.glass : null;

/** A denial that breaking the glass opens; said as what it is once the glass is broken. */
export const denyUnlessBroken = (
  facts: Facts,
  now: EpochMs,
  why: string,
  hint: string,
): Judgement => {
  const glass = glassAt(facts, now);
  if (glass === null) return { kind: 'deny', why, hint, opens: 'break-glass' };
  return { kind: 'allow', why: `${why}; the glass is broken: ${glass.reason}` };
};
