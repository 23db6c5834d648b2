import { bookRail } from '../../runbooks/book-rail.ts';
import type { NodeState } from '../../runbooks/drawing.ts';
import { railLines } from '../../runbooks/layout/rail-lines.ts';
import type { RailRow } from '../../runbooks/layout/rail-of.ts';
import type { Step } from '../../runbooks/runbook.ts';
import { asciiGlyphs, type Glyphs } from '../parts/glyphs.ts';
import { cutLine, fit, type Line, line, type Style, span } from '../parts/line.ts';
import { statesOf, styleOf, takenBy } from './chart-pane.ts';
import { timesAt } from './choices.ts';
import type { Walking } from './situation.ts';

const signsOf = (glyphs: Glyphs): Readonly<Record<NodeState, string>> => ({
  open: ' ',
  done: glyphs.good,
  current: glyphs.cursor,
  failed: glyphs.bad,
  skipped: '-',
  waiting: glyphs.progress,
});

const styles: Readonly<Record<NodeState, Style>> = {
  open: 'plain',
  done: 'good',
  current: 'here',
  failed: 'bad',
  skipped: 'dim',
  waiting: 'here',
};

/** Steps below each other with the branches of decisions; those that come next in the list need no number. */
const rowsOf = (step: Step, at: Walking, glyphs: Glyphs): readonly Line[] => {
  const { book, run, looked } = at;
  const state = statesOf(at).get(step.id) ?? 'open';
  const times = timesAt(run, step.id);
  const number = new Map(book.runbook.steps.map((s) => [s.id, s.number]));
  const chosen = run?.visits.findLast((v) => v.step === step.id)?.chosen?.to ?? null;
  const own = line(
    span(signsOf(glyphs)[state], styles[state]),
    span(fit(String(step.number), 3, 'right'), 'dim'),
    ' ',
    span(step.title, step.id === looked?.id ? 'here' : state === 'current' ? 'title' : 'plain'),
    span(times > 1 ? ` x${times}` : '', 'dim'),
  );
  const ways = step.branches.map((b, n) =>
    line(
      '     ',
      span(n === step.branches.length - 1 ? glyphs.branchEnd : glyphs.branch, 'dim'),
      span(
        ` ${b.label} ${glyphs.arrow} ${number.get(b.to) ?? b.to}`,
        b.to === chosen ? 'good' : 'dim',
      ),
    ),
  );
  const on = step.next === null ? undefined : number.get(step.next);
  const jump =
    step.branches.length === 0 && on !== undefined && on !== step.number + 1
      ? [line('     ', span(`${glyphs.arrow} ${on}`, 'dim'))]
      : [];
  return [own, ...ways, ...jump];
};

interface Rows {
  readonly lines: readonly Line[];
  /** Line of the step that is looked at. */
  readonly from: number;
}

const listed = (at: Walking, glyphs: Glyphs): Rows => {
  const lines: Line[] = [];
  let from = 0;
  for (const step of at.book.runbook.steps) {
    if (step.id === at.looked?.id) from = lines.length;
    lines.push(...rowsOf(step, at, glyphs));
  }
  return { lines, from };
};

const railed = (rail: readonly RailRow[], at: Walking, glyphs: Glyphs, width: number): Rows => {
  const states = statesOf(at);
  const taken = takenBy(at);
  const looked = at.looked?.id ?? '';
  const options = { width: width - 1, ascii: glyphs === asciiGlyphs };
  const lines = railLines(rail, options, states, taken).map((pieces, n) => {
    const row = rail[n];
    const times = row?.kind === 'step' ? timesAt(at.run, row.node) : 0;
    return line(
      ' ',
      ...pieces.map((p) => span(p.text, styleOf(p, states, taken, looked))),
      span(times > 1 ? ` x${times}` : '', 'dim'),
    );
  });
  return { lines, from: rail.findIndex((row) => row.kind === 'step' && row.node === looked) };
};

/** All steps as a list, in walking order, scrolled so that the one that is looked at is seen with what follows it. */
export const railPane = (
  at: Walking,
  glyphs: Glyphs,
  width: number,
  height: number,
): readonly Line[] => {
  const rail = bookRail(at.book.runbook);
  const { lines, from } = rail === null ? listed(at, glyphs) : railed(rail, at, glyphs, width);
  const top = Math.max(0, Math.min(lines.length - height, from - Math.floor(height / 3)));
  return lines.slice(top, top + height).map((l) => cutLine(l, width));
};
