import type { Standing } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { PlainRow } from '../view.ts';
import type { Glyphs } from './glyphs.ts';
import { line, span, spread } from './line.ts';
import { sign } from './tone.ts';
import { ago } from './words.ts';

/** What each subsystem is judged by, and how old that is. What has no evidence is never called well. */
export const evidenceLines = (
  standings: readonly Standing[],
  now: EpochMs,
  width: number,
  glyphs: Glyphs,
): readonly PlainRow[] =>
  standings.map((s) => ({
    key: `evidence/${s.subsystem}`,
    line: spread(
      line('  ', sign(s.tone, glyphs), ` ${s.subsystem.padEnd(8)}`, s.evidence),
      line(span(s.heard === null ? 'no evidence' : ago(now - s.heard), 'dim'), ' '),
      width,
    ),
  }));
