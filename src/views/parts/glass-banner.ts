import type { EpochMs } from '../../kernel/units.ts';
import type { GuardStatus } from '../act/effects.ts';
import type { Glyphs } from './glyphs.ts';
import { fit, type Line, line, span } from './line.ts';
import { age } from './words.ts';

/** A line across the screen while the glass is broken: by whom, for how long, why. Nothing while it is whole. */
export const glassBanner = (
  { glass }: GuardStatus,
  now: EpochMs,
  glyphs: Glyphs,
  columns: number,
): readonly Line[] => {
  if (glass === null) return [];
  const left = age(glass.until - now);
  const text = ` ${glyphs.warn} the glass is broken for ${left} more (:mend-glass): ${glass.ticket} ${glass.reason}, by ${glass.by}`;
  return [line(span(fit(span(text).text, columns), 'badge'))];
};
