import type { Run } from '../../kernel/run.ts';
import type { Book, Intent } from '../../runbooks/machine/intent.ts';
import { openItems, tickables } from '../../runbooks/machine/open-items.ts';
import { suggest } from '../../runbooks/machine/suggest.ts';
import type { Runbook, Step, Task } from '../../runbooks/runbook.ts';
import type { Walk, WalkIntent } from './desk.ts';
import type { Walking } from './situation.ts';

/** Something that Enter does on a step. */
export interface Choice {
  readonly key: string;
  readonly kind: 'task' | 'tick' | 'branch' | 'next' | 'finish' | 'go' | 'start' | 'text';
  /** In the panel. */
  readonly label: string;
  /** What Enter does, as the line of keys tells it. */
  readonly does: string;
  /** The step it leads to; null when it leads nowhere. */
  readonly to: string | null;
  readonly intent: WalkIntent;
  /** Of a task. */
  readonly task: Task | null;
  readonly ticked: boolean;
  /** A rule of the runbook points to it. */
  readonly suggested: boolean;
  /** Where it is about another text than the run follows. */
  readonly book: Book | null;
}

const plain = { to: null, task: null, ticked: false, suggested: false, book: null } as const;

export const titleOf = ({ steps }: Runbook, id: string): string => {
  const step = steps.find((s) => s.id === id);
  return step === undefined ? id : `${step.number} ${step.title}`;
};

const ticksOf = (
  step: Step,
  visit: NonNullable<Walking['current']>['visit'],
): readonly Choice[] => {
  const all = tickables(step, visit);
  const shown = all.filter(
    ({ task }) => task !== '' || step.branches.length > 0 || step.next !== null,
  );
  return shown.flatMap((t): readonly Choice[] =>
    // A step without tasks is done by going on.
    t.task === ''
      ? []
      : [
          {
            ...plain,
            key: `tick/${t.task}/${t.item}`,
            kind: 'tick',
            label: t.needed ? t.text : `done by hand: ${t.task}`,
            does: t.done ? 'takes the tick off' : 'ticks it off',
            ticked: t.done,
            intent: { kind: 'tick', task: t.task, item: t.item, done: !t.done },
          },
        ],
  );
};

const byHand: ReadonlySet<string> = new Set(['manual', 'checklist', 'choice']);

const tasksOf = (step: Step): readonly Choice[] =>
  step.tasks
    .filter(({ plan }) => !byHand.has(plan.kind))
    .map((task) => ({
      ...plain,
      key: `task/${task.id}`,
      kind: 'task',
      label: task.id,
      does: `runs ${task.id}`,
      task,
      intent: { kind: 'run', task: task.id },
    }));

const waysOf = ({ book, current }: Walking): readonly Choice[] => {
  if (current === null) return [];
  const { step, visit } = current;
  const { runbook } = book;
  const best = suggest(step, visit).branch;
  if (step.branches.length > 0) {
    return step.branches.map((branch, n) => ({
      ...plain,
      key: `branch/${n}`,
      kind: 'branch',
      label: branch.label === '' ? `to ${titleOf(runbook, branch.to)}` : branch.label,
      does: `takes “${branch.label === '' ? branch.to : branch.label}” to ${titleOf(runbook, branch.to)}`,
      to: branch.to,
      suggested: n === best,
      intent: { kind: 'choose', branch: n },
    }));
  }
  return step.next === null
    ? [
        {
          ...plain,
          key: 'finish',
          kind: 'finish',
          label: 'done: this run ends here',
          does: 'ends the run: done',
          intent: { kind: 'finish', note: '' },
        },
      ]
    : [
        {
          ...plain,
          key: 'next',
          kind: 'next',
          label: `go on to ${titleOf(runbook, step.next)}`,
          does: `goes on to ${titleOf(runbook, step.next)}`,
          to: step.next,
          intent: { kind: 'next' },
        },
      ];
};

/** How the run gets to a step that it does not stand at: along an edge where there is one. */
const wayTo = ({ current }: Walking, id: string): Intent => {
  const branch = current?.step.branches.findIndex(({ to }) => to === id) ?? -1;
  if (branch >= 0) return { kind: 'choose', branch };
  return current?.step.next === id && current.step.branches.length === 0
    ? { kind: 'next' }
    : { kind: 'jump', step: id };
};

/** Whether to follow the file as it is now, where it has changed under the run; where the step is gone, at its number. */
const textsOf = ({ newer, current }: Walking): readonly Choice[] => {
  if (newer === null || current === null) return [];
  const { steps } = newer.runbook;
  const same = steps.some((s) => s.id === current.step.id);
  const instead = steps.find((s) => s.number === current.step.number) ?? steps.at(-1);
  const at = same || instead === undefined ? '' : `, at ${instead.number} ${instead.title}`;
  return [
    {
      ...plain,
      key: 'text/keep',
      kind: 'text',
      label: 'keep the text that the run began with',
      does: 'keeps the text that the run began with',
      intent: { kind: 'keep' },
      book: newer,
    },
    {
      ...plain,
      key: 'text/adopt',
      kind: 'text',
      label: `follow the file as it is now${at}`,
      does: `follows the file as it is now${at}`,
      intent: { kind: 'adopt', step: same ? null : (instead?.id ?? null) },
      book: newer,
    },
  ];
};

/** Everything that can be done at the step that is looked at, in the order of the panel. */
export const choicesOf = (at: Walking): readonly Choice[] => {
  const { looked, current, book, run } = at;
  if (looked === null) return [];
  const [first] = book.runbook.steps;
  if (current === null) {
    const again = run?.ended != null;
    const does = `begins ${again ? 'another' : 'a'} run at step 1`;
    return [
      {
        ...plain,
        key: 'start',
        kind: 'start',
        label: does.replace(/^begins/, 'begin'),
        does,
        to: first?.id ?? null,
        intent: { kind: 'start' },
      },
    ];
  }
  if (looked.id !== current.step.id) {
    const intent = wayTo(at, looked.id);
    const how = intent.kind === 'jump' ? 'jumps here, past the chart' : 'goes on here';
    return [
      {
        ...plain,
        key: 'go',
        kind: 'go',
        label: how.replace(/^(\w+)s /, '$1 '),
        does: how,
        to: looked.id,
        intent,
      },
    ];
  }
  return [...tasksOf(looked), ...ticksOf(looked, current.visit), ...waysOf(at), ...textsOf(at)];
};

/** The one that is most likely meant: what holds the step up, then the branch that a rule points to, then the way on. */
export const likely = (choices: readonly Choice[], { current, looked }: Walking): number => {
  const at = (found: (choice: Choice) => boolean): number => choices.findIndex(found);
  const open =
    current !== null && current.step.id === looked?.id
      ? openItems(current.step, current.visit)
      : [];
  const [held] = open;
  if (held !== undefined) return at(({ key }) => key === `tick/${held.task}/${held.item}`);
  const suggested = at(({ suggested: is }) => is);
  if (suggested >= 0) return suggested;
  return Math.max(
    0,
    at(({ kind }) => kind !== 'task' && kind !== 'tick'),
  );
};

/** The choice under the cursor, by the arguments of the place. */
export const chosenIn = (
  choices: readonly Choice[],
  at: Walking,
  key: string | undefined,
): number => {
  const found = choices.findIndex((c) => c.key === key);
  return found >= 0 ? found : likely(choices, at);
};

export const walkOf = (
  { book, run, alert }: Walking,
  intent: WalkIntent,
  about: Book | null = null,
): Walk => ({
  run: intent.kind === 'start' ? null : (run?.id ?? null),
  book: about ?? book,
  alert,
  intent,
});

/** In words, why a run has come to a suggestion; '' where no rule says anything. */
export const suggestionWords = ({ current, looked }: Walking): string =>
  current === null || current.step.id !== looked?.id
    ? ''
    : suggest(current.step, current.visit).why;

/** How often each step was entered so far. */
export const timesAt = (run: Run | null, step: string): number =>
  run?.visits.filter((v) => v.step === step).length ?? 0;
