import { worldValues } from '../../findings/world-values.ts';
import type { HeldEvidence } from '../../kernel/run.ts';
import { planLines } from '../../runbooks/machine/plan-lines.ts';
import { sourcesBefore, sourcesOf, valuesFrom } from '../../runbooks/machine/task-plan.ts';
import type { Task } from '../../runbooks/runbook.ts';
import { fillPlan } from '../../runbooks/steps/fill-plan.ts';
import { knownOf, knownPlan, unknownText } from '../../runbooks/steps/known-plan.ts';
import { cut, type Line, line, span } from '../parts/line.ts';
import { sign } from '../parts/tone.ts';
import { clockUtc, many } from '../parts/words.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';
import type { Shelf } from './desk.ts';
import { closedAt, type Walking } from './situation.ts';

/** What all lines of a step are written with. */
export interface Pen {
  readonly at: Walking;
  readonly shelf: Shelf;
  readonly input: ViewInput;
  readonly width: number;
}

/** Lines of evidence that stand under its task; `e` shows all of it. */
const evidenceKept = 6;

const evidenceLines = (found: HeldEvidence, { input, width }: Pen): readonly Line[] => {
  const { glyphs, place } = input;
  const all = place.args.evidence !== undefined;
  const shown = all ? found.lines : found.lines.slice(0, evidenceKept);
  const took =
    found.took < 1000 ? `${Math.round(found.took)} ms` : `${(found.took / 1000).toFixed(1)} s`;
  const more = found.lines.length - shown.length;
  return [
    line(
      '    ',
      sign(found.exit === 'ok' ? 'good' : 'bad', glyphs),
      span(
        ` ${found.exit === 'ok' ? 'ran' : 'failed'} ${clockUtc(found.at, true)}, ${took}`,
        found.exit === 'ok' ? 'good' : 'bad',
      ),
      span(`, by ${found.by}${found.truncated ? ', not all of it' : ''}`, 'dim'),
    ),
    ...shown.map((text) => line('      ', cut(text, width - 6))),
    ...(more > 0
      ? [
          line(
            '      ',
            span(`${many(more, 'more line')}; e shows ${more === 1 ? 'it' : 'them'}`, 'dim'),
          ),
        ]
      : []),
  ];
};

interface Shown {
  readonly plan: Task['plan'];
  /** In words, each value that is not there. */
  readonly unknown: readonly string[];
}

/** A plan with what is known in it, also before a run begins. */
const shownPlan = (task: Task, { at, input }: Pen): Shown => {
  const { run, book, alert } = at;
  const { runbook } = book;
  const world = worldValues(input.world, input.now);
  const values = valuesFrom(
    runbook,
    run === null ? sourcesBefore(alert, world) : sourcesOf(run, world),
  );
  const known = knownOf(values);
  const filled = fillPlan(task.plan, known);
  if (filled.kind === 'filled') return { plan: filled.plan, unknown: [] };
  const unfit = filled.refused.map(({ name, why }) => `<${name}> does not fit: ${why}`);
  const missing = filled.missing.map((name) =>
    unknownText(
      name,
      runbook.parameters.find((p) => p.name === name),
      values.get(name),
    ),
  );
  return { plan: knownPlan(task.plan, known), unknown: [...missing, ...unfit] };
};

/** What a task would do, exactly; whether that is done here; and what it has brought. */
export const taskLines = (
  task: Task,
  marked: boolean,
  written: readonly string[],
  pen: Pen,
): readonly Line[] => {
  const { at, shelf, input, width } = pen;
  const { run, current, looked } = at;
  const { plan, unknown } = shownPlan(task, pen);
  const why = closedAt(at, shelf, task.plan);
  const by = plan.kind === 'manual' || plan.kind === 'checklist' || plan.kind === 'choice';
  const state = by ? 'by hand' : why === '' ? 'x runs it' : 'shown only';
  const visits = run?.visits.filter((v) => v.step === looked?.id) ?? [];
  const visit = current !== null && current.step.id === looked?.id ? current.visit : visits.at(-1);
  const found = visit?.evidence.findLast((e) => e.task === task.id);
  const told = (text: string, style: 'dim' | 'warn'): readonly Line[] =>
    wrap(text, width - 6, 2).map((part, n) => line(n === 0 ? '    ' : '      ', span(part, style)));
  return [
    line(
      span(marked ? `${input.glyphs.cursor} ` : '  ', 'here'),
      span(task.id, 'title'),
      span(`  ${task.risk}  `, task.risk === 'read' || task.risk === 'manual' ? 'dim' : 'warn'),
      span(state, why === '' && !by ? 'here' : 'dim'),
    ),
    ...(plan.kind === 'manual' && written.length > 0 ? written : planLines(plan))
      .flatMap((t) => t.split('\n'))
      .flatMap((t) =>
        wrap(t, width - 6, 6).map((part, n) => line(n === 0 ? '    ' : '      ', span(part))),
      ),
    ...(by || why === '' ? [] : told(why, 'dim')),
    ...unknown.flatMap((text) => told(text, why === '' && run !== null ? 'warn' : 'dim')),
    ...(found === undefined ? [] : evidenceLines(found, pen)),
  ];
};
