import type { Block } from '../../runbooks/document.ts';
import type { Task } from '../../runbooks/runbook.ts';
import { type Line, line, span } from '../parts/line.ts';
import { clockUtc } from '../parts/words.ts';
import { wrap } from '../parts/wrap.ts';
import type { ViewInput } from '../view.ts';
import { blockLines, blocksLines } from './block-lines.ts';
import { type Choice, suggestionWords, timesAt, titleOf } from './choices.ts';
import type { Shelf } from './desk.ts';
import type { Walking } from './situation.ts';
import { type Pen, taskLines } from './task-lines.ts';
import { waitingLines } from './waiting.ts';

/** The step as lines of text, and which of them stand for the choice under the cursor. */
export interface StepPane {
  readonly lines: readonly Line[];
  /** First and last line that should be seen. */
  readonly from: number;
  readonly to: number;
}

/** Ids of the tasks that stand in a block, also in one that is set in. */
const tasksIn = (block: Block): readonly string[] => {
  switch (block.kind) {
    case 'code':
      return block.tasks;
    case 'list':
      return block.items.flatMap((item) => item.blocks.flatMap(tasksIn));
    case 'admonition':
    case 'quote':
    case 'details':
      return block.blocks.flatMap(tasksIn);
    default:
      return [];
  }
};

/** The lines of a block that is one task: a person copies them as they were written. */
const codeOf = (block: Block): readonly string[] =>
  block.kind === 'code' && block.tasks.length === 1 ? block.lines : [];

const choiceLine = (
  choice: Choice,
  marked: boolean,
  { at, input, width }: Pen,
): readonly Line[] => {
  const { glyphs } = input;
  const mark = span(marked ? `${glyphs.cursor} ` : '  ', 'here');
  if (choice.kind === 'tick') {
    const box = choice.ticked ? `[${glyphs.good}] ` : '[ ] ';
    return wrap(choice.label, width - 6).map((text, i) =>
      line(
        i === 0 ? mark : '  ',
        span(i === 0 ? box : '    ', choice.ticked ? 'good' : 'plain'),
        text,
      ),
    );
  }
  if (choice.kind === 'branch') {
    const to = choice.to === null ? '' : titleOf(at.book.runbook, choice.to);
    return [
      line(
        mark,
        span(choice.label, marked ? 'title' : 'plain'),
        span(`  ${glyphs.arrow} ${to}`, 'dim'),
        ...(choice.suggested ? [span('  suggested', 'good')] : []),
      ),
    ];
  }
  return wrap(choice.label, width - 2).map((text, i) =>
    line(i === 0 ? mark : '  ', span(text, marked ? 'title' : 'plain')),
  );
};

const notesOf = ({ run, looked }: Walking, width: number): readonly Line[] => {
  const visits = new Set(run?.visits.filter((v) => v.step === looked?.id).map((v) => v.number));
  const notes = run?.notes.filter((n) => visits.has(n.visit)) ?? [];
  return notes.flatMap((n) =>
    wrap(`${clockUtc(n.at)} ${n.by}: ${n.text}`, width - 2).map((t) => line('  ', span(t, 'here'))),
  );
};

/** What it means and when to stop: before the first step, and below each of them. */
const panelsOf = ({ book }: Walking, width: number): readonly Line[] =>
  book.runbook.panels
    .filter(({ kind }) => kind !== 'appendix')
    .flatMap(({ title, blocks }) => [
      line(),
      line(span(title, 'title')),
      ...blocksLines(blocks, width),
    ]);

/** Everything about the step that is looked at: text, tasks and what they brought, and what can be done. */
export const stepPane = (
  at: Walking,
  choices: readonly Choice[],
  chosen: number,
  shelf: Shelf,
  input: ViewInput,
  width: number,
): StepPane => {
  const pen: Pen = { at, shelf, input, width };
  const { looked, current, run } = at;
  if (looked === null) {
    const lines = [
      line(span('there are no steps in this runbook', 'warn')),
      ...panelsOf(at, width),
    ];
    return { lines, from: 0, to: 0 };
  }
  const here = current?.step.id === looked.id;
  const times = timesAt(run, looked.id);
  const state = here
    ? 'you are here'
    : times > 0
      ? 'was here'
      : current === null
        ? ''
        : 'looked at';
  const lines: Line[] = [
    line(
      span(`${looked.number} ${looked.title}`, 'title'),
      span(state === '' ? '' : `  ${state}`, here ? 'here' : 'dim'),
      span(times > 1 ? `  visit ${times}` : '', 'dim'),
    ),
    ...(here && current?.visit.timer != null
      ? waitingLines(current.visit.timer, input, width)
      : []),
    line(),
  ];
  const marked = choices[chosen];
  let from = 0;
  let to = 0;
  const shown = new Set<string>();
  const tell = (task: Task, written: readonly string[]): void => {
    shown.add(task.id);
    if (task.plan.kind === 'checklist') return;
    const mine = marked?.task?.id === task.id;
    if (mine) from = lines.length;
    lines.push(...taskLines(task, mine, written, pen));
    if (mine) to = lines.length - 1;
    lines.push(line());
  };
  // A task stands where its code stands in the text: the sentence before it says what it is for.
  for (const block of looked.blocks) {
    const text = blockLines(block, width);
    if (text.length > 0) lines.push(...text, line());
    for (const id of tasksIn(block)) {
      const task = looked.tasks.find((t) => t.id === id);
      if (task !== undefined && !shown.has(id)) tell(task, codeOf(block));
    }
  }
  for (const task of looked.tasks) if (!shown.has(task.id)) tell(task, []);
  const panels = panelsOf(at, width);
  if (run === null && panels.length > 0) lines.push(...panels.slice(1), line());
  const why = suggestionWords(at);
  const ways = choices.filter(({ kind }) => kind !== 'task');
  let told = false;
  for (const choice of ways) {
    if (choice.kind === 'branch' && !told) {
      told = true;
      if (why !== '') lines.push(...wrap(why, width - 2).map((t) => line('  ', span(t, 'dim'))));
    }
    const mine = choice === marked;
    if (mine) from = lines.length;
    lines.push(...choiceLine(choice, mine, pen));
    if (mine) to = lines.length - 1;
  }
  const notes = notesOf(at, width);
  if (notes.length > 0) lines.push(line(), ...notes);
  if (run !== null) lines.push(...panels);
  return { lines, from, to };
};
