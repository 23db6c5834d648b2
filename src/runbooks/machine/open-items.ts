import { tickKey, type Visit } from '../../kernel/run.ts';
import { type PlainText, plainText } from '../../kernel/text.ts';
import type { Step, Task } from '../runbook.ts';

/** Something that a person ticks off. */
export interface Tickable {
  readonly task: string;
  readonly item: number;
  /** '' for a step or a task that has no words of its own. */
  readonly text: PlainText;
  readonly done: boolean;
  /** The run does not go on without it. */
  readonly needed: boolean;
}

const ofTask = ({ id, plan }: Task): readonly Omit<Tickable, 'done'>[] => {
  switch (plan.kind) {
    case 'checklist':
      return plan.items.map((text, item) => ({ task: id, item, text, needed: true }));
    case 'manual':
      return [{ task: id, item: 0, text: plan.copy[0] ?? plainText(''), needed: false }];
    default:
      return [];
  }
};

/** All that can be ticked off in a step: its checklists and manual tasks, or, where it has no task, itself. */
export const tickables = (step: Step, visit: Visit): readonly Tickable[] => {
  const all =
    step.tasks.length === 0
      ? [{ task: '', item: 0, text: step.title, needed: false }]
      : step.tasks.flatMap(ofTask);
  return all.map((t) => ({ ...t, done: visit.ticks.includes(tickKey(t.task, t.item)) }));
};

/** What must still be ticked off, or the step be skipped with a reason. */
export const openItems = (step: Step, visit: Visit): readonly Tickable[] =>
  tickables(step, visit).filter(({ needed, done }) => needed && !done);
