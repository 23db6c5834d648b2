import type { EtcdReason, EtcdReport } from '../../findings/etcd-report.ts';
import { freshnessAt, never } from '../../kernel/freshness.ts';
import { sliceOf } from '../../kernel/world.ts';
import { etcd } from '../../probes/etcd.ts';
import { blank, type Line, line, span, spread } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import { factLines, type ProofInput } from './alert-lines.ts';

const reasonLines = (reason: EtcdReason, input: ProofInput): readonly Line[] => [
  line(
    ' ',
    sign(reason.tone, input.glyphs),
    ' ',
    span(reason.text, reason.tone),
    span(`  for ${ageOf(reason.since, input.now)}`, 'dim'),
  ),
  ...factLines(reason.proof, input),
];

/** Each member with the age of its last answer. */
const memberLines = (report: EtcdReport, input: ProofInput): readonly Line[] => {
  const slice = sliceOf(input.world, etcd);
  return report.members.map((m) => {
    const scope = slice.scopes.get(`${report.name}/${m.key}`);
    const f = freshnessAt(scope ?? never, input.now, etcd.patience);
    const why =
      f.kind === 'stale' ? `, ${f.why}` : f.kind === 'failing' ? `, ${f.failure.message}` : '';
    const heard = m.heard === null ? 'never heard' : ago(input.now - m.heard);
    return spread(
      line('  ', sign(m.tone, input.glyphs), ` ${m.key}: ${m.words}${why}`),
      line(span(`etcd ${heard}`, 'dim')),
      input.width,
    );
  });
};

/** What the verdict on an etcd cluster rests on; `only` narrows it to one reason. */
export const etcdProofLines = (
  report: EtcdReport,
  only: string | undefined,
  input: ProofInput,
): readonly Line[] => {
  const reasons = report.reasons.filter((r) => only === undefined || r.key === only);
  return [
    line(' ', sign(report.tone, input.glyphs), ' ', span(`etcd ${report.name}`, 'title')),
    ...wrap(`${report.verdict}; ${report.marginText}`, input.width - 4, 3).map((t) =>
      line('   ', t),
    ),
    ...(reasons.length === 0
      ? []
      : [
          blank,
          rule('based on', input.width, input.glyphs.rule),
          ...reasons.flatMap((r) => reasonLines(r, input)),
        ]),
    blank,
    rule('members, and when each was last heard', input.width, input.glyphs.rule),
    ...memberLines(report, input),
  ];
};
