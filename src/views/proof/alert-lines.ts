import type { StreamItem, StreamSource } from '../../findings/alert-stream.ts';
import type { Proof } from '../../findings/finding.ts';
import { sayingLines } from '../alerts/saying-lines.ts';
import { alertFlags, alertTone, alertWord, commitOf, runbookOf } from '../parts/alert-words.ts';
import { blank, cutLine, type Line, line, span, spread } from '../parts/line.ts';
import { sign, toneStyle } from '../parts/tone.ts';
import { ageOf, ago } from '../parts/words.ts';
import { rule, wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

export type ProofInput = Pick<ViewInput, 'world' | 'now' | 'glyphs' | 'width'>;

/** Facts with their source and its age at the right. */
export const factLines = (facts: readonly Proof[], { now, width }: ProofInput): readonly Line[] =>
  facts.flatMap((p) => {
    const at = `${p.source} ${p.at > 0 ? ago(now - p.at) : ''}`;
    return wrap(p.text, Math.max(10, width - 24), 4).map((t, i) =>
      i === 0 ? spread(line('  ', t), line(span(at, 'dim')), width) : line('  ', t),
    );
  });

/** The whole story of an alert in few lines: what it says, who says so, and how old that is. */
export const alertProofLines = (
  item: StreamItem,
  sources: readonly StreamSource[],
  input: ProofInput,
): readonly Line[] => {
  const { now, width, glyphs } = input;
  const room = Math.max(20, width - 2);
  const tone = alertTone(item);
  const style = tone === 'good' ? 'plain' : toneStyle(tone);
  const runbook = runbookOf(item);
  const commit = commitOf(item);
  const more = item.kind === 'alert';
  return [
    line(
      sign(tone, glyphs),
      ' ',
      span(item.name, 'title'),
      `  ${alertWord(item)}`,
      span(`  for ${ageOf(item.since, now)}`, 'dim'),
    ),
    ...(item.subject === '' ? [] : [line('  ', span(item.subject, style))]),
    ...wrap(item.summary, room, 8).map((t) => line('  ', t)),
    ...alertFlags(item, now).map((flag) => line('  ', span(flag, 'dim'))),
    ...(item.acknowledged === null || item.acknowledged.note === ''
      ? []
      : wrap(item.acknowledged.note, room, 3).map((t) => line('  ', t))),
    blank,
    rule('who says so', width, glyphs.rule),
    ...sayingLines(item, sources, input).map((l) => line('  ', l)),
    ...(item.proof.length === 0
      ? []
      : [blank, rule('based on', width, glyphs.rule), ...factLines(item.proof, input)]),
    ...(more
      ? [
          blank,
          line('  ', span(runbook === '' ? 'no runbook' : `runbook ${runbook}`, 'dim')),
          line('  ', span(commit === '' ? 'no commit' : `commit ${commit}`, 'dim')),
        ]
      : []),
  ].map((l) => cutLine(l, width));
};
