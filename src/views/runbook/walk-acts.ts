import { worldValues } from '../../findings/world-values.ts';
import type { Drawing } from '../../runbooks/drawing.ts';
import { type Keys, walkKeys } from '../../runbooks/layout/walk-keys.ts';
import { taskPlan } from '../../runbooks/machine/task-plan.ts';
import type { Task } from '../../runbooks/runbook.ts';
import type { CommandId } from '../keymap.ts';
import type { Act, ViewInput } from '../view.ts';
import { type Choice, chosenIn, walkOf } from './choices.ts';
import type { Shelf } from './desk.ts';
import { runAct } from './run-acts.ts';
import { closedAt, type Walking } from './situation.ts';

/** A place where the arrows walk: the chart, or the list of things to do. */
export interface Ground {
  /** Null where no chart is on the screen. */
  readonly drawing: Drawing | null;
  /**
   * What has the screen. `split`: up and down go through what can be done at a step; `chart`: all arrows walk its edges;
   * `rail`: up and down go through the steps.
   */
  readonly on: 'split' | 'chart' | 'rail';
  /** Lines of the panel that are above its window, and those that can be. */
  readonly top: number;
  readonly highest: number;
  readonly page: number;
}

/** Where one looks from now on: at a step, with nothing chosen in it, at its beginning. */
const lookAt = (step: string): Act => ({ kind: 'look', args: { step, item: '', top: '' } });

const before = (at: Walking): string | null => {
  const { book, looked, run, current } = at;
  if (looked === null) return null;
  const visits = run?.visits ?? [];
  const last = visits.findLastIndex((v) => v.step === looked.id);
  const came = last > 0 ? visits[last - 1]?.step : undefined;
  if (came !== undefined && came !== looked.id) return came;
  const leads = book.runbook.steps.filter(
    (s) => s.next === looked.id || s.branches.some(({ to }) => to === looked.id),
  );
  const near = leads.find((s) => s.id === current?.step.id) ?? leads.at(-1);
  return near?.id ?? null;
};

/** The step after the one that is looked at: that of the choice, else the first way out of it. */
const after = ({ looked }: Walking, choice: Choice | undefined): string | null => {
  if (choice?.to != null && choice.kind !== 'go' && choice.kind !== 'start') return choice.to;
  return looked?.next ?? looked?.branches[0]?.to ?? null;
};

const say = (text: string): Act => ({ kind: 'say', text });

const arrow = (
  heading: keyof Keys,
  at: Walking,
  choices: readonly Choice[],
  index: number,
  ground: Ground,
): Act => {
  const { looked } = at;
  if (looked === null) return say('this runbook has no steps');
  if (ground.on === 'chart' && ground.drawing !== null) {
    const { chart } = at.book.runbook;
    const keys = chart === null ? undefined : walkKeys(chart, ground.drawing).get(looked.id);
    const to = keys?.[heading] ?? null;
    return to === null ? say('the chart has nothing there') : lookAt(to);
  }
  const step = heading === 'up' ? -1 : heading === 'down' ? 1 : 0;
  if (ground.on === 'rail' && step !== 0) {
    const to = at.book.runbook.steps.find((s) => s.number === looked.number + step);
    return to === undefined ? say('the list ends here') : lookAt(to.id);
  }
  const item = step === 0 ? undefined : choices[index + step];
  if (item !== undefined) return { kind: 'look', args: { item: item.key, top: '' } };
  const back = heading === 'up' || heading === 'left';
  const to = back ? before(at) : after(at, choices[index]);
  return to === null ? say(back ? 'this is where it begins' : 'it ends here') : lookAt(to);
};

/** Asks for the first value that a task needs, else carries it out. */
const runTask = (task: Task, at: Walking, shelf: Shelf, { world, now }: ViewInput): Act => {
  const { run, book } = at;
  if (run === null) return say('a run begins with enter on its first step');
  const why = closedAt(at, shelf, task.plan);
  if (why !== '') return say(`${task.id} is only shown: ${why}`);
  const filled = taskPlan(run, book.runbook, task, worldValues(world, now));
  if (filled.kind === 'filled') {
    return { kind: 'walk', walk: walkOf(at, { kind: 'run', task: task.id }) };
  }
  const [refused] = filled.refused;
  const name = filled.missing[0] ?? refused?.name;
  const parameter = book.runbook.parameters.find((p) => p.name === name);
  if (name === undefined) return say(`${task.id} cannot be filled in`);
  return {
    kind: 'ask',
    prompt: {
      kind: 'words',
      text: '',
      sign: `value of ${name}`,
      hint:
        refused?.why ??
        (parameter?.description || `a ${parameter?.type ?? 'value'}; x then runs ${task.id}`),
      walk: walkOf(at, { kind: 'value', name, value: '' }),
    },
  };
};

/** The task under the cursor, else the first that can be carried out and has brought nothing yet. */
const taskMeant = (at: Walking, choice: Choice | undefined, shelf: Shelf): Task | null => {
  const { current, looked } = at;
  if (choice?.task != null) return choice.task;
  if (current === null || current.step.id !== looked?.id) return null;
  const has = new Set(current.visit.evidence.map((e) => e.task));
  const open = current.step.tasks.filter(({ plan }) => closedAt(at, shelf, plan) === '');
  return open.find(({ id }) => !has.has(id)) ?? open[0] ?? null;
};

const enter = (choice: Choice | undefined, at: Walking, shelf: Shelf, input: ViewInput): Act => {
  if (choice === undefined) return say('there is nothing to do here');
  if (choice.task !== null) return runTask(choice.task, at, shelf, input);
  const stays = choice.kind === 'tick';
  const args = stays ? { item: '' } : { step: '', item: '', top: '' };
  return { kind: 'walk', walk: walkOf(at, choice.intent, choice.book), args };
};

const nextLayout: Readonly<Record<string, string>> = { split: 'chart', chart: 'rail', rail: '' };

/** What a key does while a runbook is on the screen; null leaves it to what it does everywhere. */
export const walkAct = (
  command: CommandId,
  at: Walking,
  choices: readonly Choice[],
  ground: Ground,
  shelf: Shelf,
  input: ViewInput,
): Act | null => {
  const own = runAct(command, at, input);
  if (own !== null) return own;
  const { args } = input.place;
  const index = chosenIn(choices, at, args.item);
  const choice = choices[index];
  const goes = at.run !== null && at.run.ended === null;
  const words = (sign: string, hint: string, intent: Parameters<typeof walkOf>[1]): Act => ({
    kind: 'ask',
    prompt: { kind: 'words', text: '', sign, hint, walk: walkOf(at, intent) },
  });
  const scrolled = (by: number): Act => {
    const top = Math.max(0, Math.min(ground.highest, ground.top + by));
    return { kind: 'look', args: { top: String(top) } };
  };
  switch (command) {
    case 'runbook.up':
    case 'runbook.down':
    case 'runbook.left':
    case 'runbook.right':
      return arrow(command.slice(8) as keyof Keys, at, choices, index, ground);
    case 'runbook.pageUp':
      return scrolled(-ground.page);
    case 'runbook.pageDown':
      return scrolled(ground.page);
    case 'runbook.enter':
      return enter(choice, at, shelf, input);
    case 'runbook.run': {
      const task = taskMeant(at, choice, shelf);
      return task === null
        ? say('no task of this step is carried out here')
        : runTask(task, at, shelf, input);
    }
    case 'runbook.evidence':
      return {
        kind: 'look',
        args: { evidence: args.evidence === undefined ? 'all' : '', top: '' },
      };
    case 'runbook.layout':
      return { kind: 'look', args: { layout: nextLayout[args.layout ?? 'split'] ?? '', top: '' } };
    case 'runbook.note':
      return at.run === null
        ? say('a run begins with enter on its first step')
        : words('note', 'kept with the run', { kind: 'note', text: '' });
    case 'runbook.skip':
      return goes
        ? words('skip because', 'in a word, why it is not done', { kind: 'skip', reason: '' })
        : say('there is no run to skip a step of');
    case 'runbook.back': {
      const step = at.run?.visits.at(-2)?.step;
      return goes && step !== undefined
        ? {
            kind: 'walk',
            walk: walkOf(at, { kind: 'jump', step }),
            args: { step: '', item: '', top: '' },
          }
        : say('there is no step behind this one');
    }
    default:
      return null;
  }
};
