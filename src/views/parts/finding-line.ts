import type { Finding } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { Glyphs } from './glyphs.ts';
import { cutLine, fit, type Line, line, span, spread } from './line.ts';
import { sign } from './tone.ts';
import { ageOf } from './words.ts';

/** One finding: sign, what, how many are well, the reason; its age stands at the right, being what moves. */
export const findingLine = (
  finding: Finding,
  width: number,
  now: EpochMs,
  glyphs: Glyphs,
): Line => {
  const { ready } = finding;
  const counts = ready === null ? '' : `  ${ready.have}/${ready.want}`;
  return spread(
    line(
      ' ',
      sign(finding.tone, glyphs),
      ' ',
      span(finding.title, 'title'),
      counts,
      '  ',
      span(finding.reason, finding.tone),
    ),
    line(fit(ageOf(finding.since, now), 4, 'right'), ' '),
    width,
  );
};

/** The message under it, in the server's or the container's own words. */
export const findingDetail = (finding: Finding, width: number, glyphs: Glyphs): Line =>
  cutLine(line(' ', span(glyphs.branchEnd, 'dim'), ' ', span(finding.detail, 'dim')), width);
