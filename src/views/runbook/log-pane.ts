import type { Run, Visit } from '../../kernel/run.ts';
import { type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { clockUtc, many } from '../parts/words.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';

/** Lines of one piece of evidence; the step itself has the rest. */
const linesKept = 8;

const visitLines = (visit: Visit, run: Run, { glyphs }: ViewInput, width: number): Line[] => {
  const text = (words: string, by: number): readonly string[] => wrap(words, width - by);
  const { state, chosen } = visit;
  return [
    line(
      span(`${clockUtc(visit.at, true)} `, 'dim'),
      span(visit.title, state.kind === 'current' && run.ended === null ? 'here' : 'title'),
      span(`  ${visit.by}`, 'dim'),
    ),
    ...visit.evidence.flatMap((e): readonly Line[] => [
      line('  ', sign(e.exit === 'ok' ? 'good' : 'bad', glyphs), ` ${e.task}`),
      ...e.lines.slice(0, linesKept).map((l) => line('    ', span(l, 'dim'))),
      ...(e.lines.length > linesKept
        ? [line('    ', span(`${many(e.lines.length - linesKept, 'more line')}`, 'dim'))]
        : []),
    ]),
    ...run.notes
      .filter((n) => n.visit === visit.number)
      .flatMap((n) => text(`${n.by}: ${n.text}`, 2).map((t) => line('  ', span(t, 'here')))),
    ...(state.kind === 'skipped'
      ? text(`skipped: ${state.reason}`, 2).map((t) => line('  ', span(t, 'warn')))
      : []),
    ...(chosen === null || chosen.label === ''
      ? []
      : text(
          `${glyphs.arrow} ${chosen.label}${chosen.suggested === 'no' ? ', not what a rule suggested' : ''}`,
          2,
        ).map((t) => line('  ', span(t, 'good')))),
  ];
};

/** What the run has seen and done so far, its end in view. */
export const logPane = (
  run: Run,
  input: ViewInput,
  width: number,
  height: number,
): readonly Line[] => {
  const { ended } = run;
  const lines = [
    ...run.visits.flatMap((visit) => visitLines(visit, run, input, width)),
    ...(ended === null
      ? []
      : [
          line(
            span(`${clockUtc(ended.at, true)} `, 'dim'),
            span(
              `${ended.how} by ${ended.by}${ended.words === '' ? '' : `: ${ended.words}`}`,
              'good',
            ),
          ),
        ]),
  ];
  return [line(span('so far', 'title')), line(), ...lines.slice(-Math.max(1, height - 2))];
};
