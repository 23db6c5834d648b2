import type { Finding } from '../../findings/finding.ts';
import type { EpochMs } from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import { changeLine } from './change-line.ts';
import type { Glyphs } from './glyphs.ts';
import { blank, type Line, line, span, spread } from './line.ts';
import { sign } from './tone.ts';
import { ageOf, ago } from './words.ts';
import { rule, wrap } from './wrap.ts';

/** The whole story of a finding: reason and message in full, the facts it rests on, what changed about it. */
export const proofLines = (
  finding: Finding,
  world: World,
  now: EpochMs,
  width: number,
  glyphs: Glyphs,
): readonly Line[] => {
  const room = Math.max(20, width - 2);
  const ready =
    finding.ready === null ? '' : `  ${finding.ready.have} of ${finding.ready.want} ready`;
  const since = finding.since > 0 ? `  for ${ageOf(finding.since, now)}` : '';
  const changes = world.changes
    .filter((c) => finding.object !== null && isAbout(c.key, finding))
    .slice(-12);
  return [
    line(sign(finding.tone, glyphs), ' ', span(finding.title, 'title'), ready, span(since, 'dim')),
    ...wrap(finding.reason, room).map((t) => line('  ', span(t, finding.tone))),
    ...(finding.detail === '' ? [] : wrap(finding.detail, room, 12).map((t) => line('  ', t))),
    blank,
    rule('based on', width, glyphs.rule),
    ...finding.proof.flatMap((p) => {
      const parts = wrap(p.text, Math.max(10, room - 22), 4);
      return parts.map((t, i) =>
        i === 0
          ? spread(
              line('  ', t),
              line(span(`${p.source} ${p.at > 0 ? ago(now - p.at) : ''}`, 'dim')),
              width,
            )
          : line('  ', t),
      );
    }),
    ...(changes.length === 0
      ? []
      : [
          blank,
          rule('what changed', width, glyphs.rule),
          ...changes.map((c) => changeLine([c], width, glyphs)).reverse(),
        ]),
  ];
};

// Pods of a workload carry its name as the start of theirs.
const isAbout = (key: string, finding: Finding): boolean => {
  const { object } = finding;
  if (object === null) return false;
  const own = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return key === own || key.startsWith(`${own}-`);
};
