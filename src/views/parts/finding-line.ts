import type { Finding, Progress } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { PlainRow, Target } from '../view.ts';
import type { Glyphs } from './glyphs.ts';
import { cut, fit, type Line, line, lineWidth, span, spread } from './line.ts';
import { sign } from './tone.ts';
import { ageOf } from './words.ts';
import { wrap } from './wrap.ts';

const counts = (ready: Finding['ready']): string =>
  ready === null ? '' : `  ${ready.have}/${ready.want}`;

/** Its age stands at the right, being what moves. */
const withAge = (left: Line, since: EpochMs, now: EpochMs, width: number): Line =>
  spread(left, line(fit(ageOf(since, now), 4, 'right'), ' '), width);

const targetOf = (object: Finding['object'], finding: string, opens?: Finding['opens']): Target => {
  const proof = { finding };
  if (opens != null) return { open: opens, proof, ...(object === null ? {} : { object }) };
  return object === null
    ? { open: { view: 'proof', args: proof }, proof }
    : { open: { view: 'describe', args: object }, proof, object };
};

/**
 * One finding: sign, what, how many are well, the reason. `under` hangs it below its cause; `more` says that the next
 * one hangs there too.
 */
export const findingRow = (
  finding: Finding,
  width: number,
  now: EpochMs,
  glyphs: Glyphs,
  under = false,
  more = false,
): PlainRow => ({
  key: finding.key,
  selectable: true,
  target: targetOf(finding.object, finding.key, finding.opens),
  line: withAge(
    line(
      ' ',
      ...(under ? [span(more ? glyphs.branch : glyphs.branchEnd, 'dim')] : []),
      sign(finding.tone, glyphs),
      ' ',
      span(finding.title, 'title'),
      counts(finding.ready),
      '  ',
      span(finding.reason, finding.tone),
    ),
    finding.since,
    now,
    width,
  ),
});

/** The message under it, in the server's or the container's own words, in at most so many lines. */
export const findingDetail = (
  finding: Finding,
  width: number,
  glyphs: Glyphs,
  hangs = false,
  most = 1,
): readonly Line[] => {
  if (finding.detail === '') return [];
  const before = line(' ', span(hangs ? glyphs.stem : ' ', 'dim'), '  ');
  const room = Math.max(1, width - lineWidth(before));
  const all = most === 1 ? [finding.detail] : wrap(finding.detail, room);
  const last = all.slice(most - 1).join(' ');
  const texts = [...all.slice(0, most - 1), ...(last === '' ? [] : [cut(last, room)])];
  return texts.map((text) => line(before, span(text, 'dim')));
};

/** Something on its way that is not broken. */
export const progressRow = (
  p: Progress,
  width: number,
  now: EpochMs,
  glyphs: Glyphs,
): PlainRow => ({
  key: p.key,
  selectable: true,
  target: targetOf(p.object, p.key),
  line: withAge(
    line(
      ' ',
      sign('progress', glyphs),
      ' ',
      span(p.title, 'title'),
      counts(p.ready),
      '  ',
      p.reason,
    ),
    p.since,
    now,
    width,
  ),
});
