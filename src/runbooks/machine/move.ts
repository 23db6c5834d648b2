import { absurd } from '../../kernel/absurd.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import { currentVisit, type Run } from '../../kernel/run.ts';
import { type RunFact, visitsKept } from '../../kernel/run-fact.ts';
import type { Step } from '../runbook.ts';
import type { Book, Doer, Intent } from './intent.ts';
import { openItems } from './open-items.ts';
import { refusal } from './refusal.ts';
import { suggest } from './suggest.ts';

export type Said = Doer & Pick<RunFact, 'run'>;
type Facts = Result<readonly RunFact[]>;
type Way = Extract<RunFact, { kind: 'entered' }>['way'];
type Moving = Extract<Intent, { kind: 'next' | 'choose' | 'again' | 'jump' | 'skip' }>;

/** The fact that the run goes to a step. */
export const moveOf = (run: Run, step: Step, way: Way, said: Said): Facts => {
  const visit = (currentVisit(run)?.number ?? 0) + 1;
  return visit > visitsKept
    ? refusal(`the run has ${visitsKept} steps behind it`, 'finish it, and begin another run')
    : ok([{ kind: 'entered', ...said, visit, step: step.id, title: step.title, way }]);
};

/** What is not ticked off keeps a run where it is, as long as the step is not skipped. */
const heldUp = (run: Run, step: Step): Facts | null => {
  const visit = currentVisit(run);
  if (visit === null || visit.state.kind === 'skipped') return null;
  const open = openItems(step, visit).length;
  if (open === 0) return null;
  const items = open === 1 ? '1 item is' : `${open} items are`;
  return refusal(`${items} not ticked off`, 'tick them off, or skip the step with a reason');
};

const goOn = (run: Run, { runbook }: Book, step: Step, said: Said): Facts => {
  if (step.branches.length > 0) return refusal('the step has branches', 'choose one of them');
  if (step.next === null) return refusal('this is the last step', 'finish the run');
  const to = runbook.steps.find(({ id }) => id === step.next);
  return to === undefined
    ? refusal('the next step is not in the runbook', 'choose the step to go on with')
    : moveOf(run, to, 'next', said);
};

const choose = (run: Run, { runbook }: Book, step: Step, index: number, said: Said): Facts => {
  const visit = currentVisit(run);
  const branch = step.branches[index];
  if (branch === undefined || visit === null) {
    return refusal('the step has no such branch', 'choose one that is shown');
  }
  const to = runbook.steps.find(({ id }) => id === branch.to);
  if (to === undefined) {
    return refusal('the branch leads to no step', 'choose the step to go on with');
  }
  const entered = moveOf(run, to, 'branch', said);
  if (!entered.ok) return entered;
  const { branch: best, why } = suggest(step, visit);
  const suggested = best === null ? 'none' : best === index ? 'yes' : 'no';
  const { label, edge } = branch;
  const chosen = { to: branch.to, label, edge, suggested, why } as const;
  return ok([{ kind: 'chosen', ...said, visit: visit.number, ...chosen }, ...entered.value]);
};

const skip = (run: Run, book: Book, step: Step, reason: string, said: Said): Facts => {
  const visit = currentVisit(run);
  if (visit === null || visit.state.kind !== 'current') {
    return refusal('the step is skipped already', 'go on');
  }
  if (reason.trim() === '') return refusal('a skipped step needs a reason', 'say in a word why');
  const skipped = { kind: 'skipped', ...said, visit: visit.number, reason } as const;
  if (step.branches.length > 0 || step.next === null) return ok([skipped]);
  const on = goOn(run, book, step, said);
  return on.ok ? ok([skipped, ...on.value]) : on;
};

/** The facts of leaving a step, or why it cannot be left so. */
export const move = (run: Run, book: Book, step: Step, intent: Moving, said: Said): Facts => {
  switch (intent.kind) {
    case 'next':
      return heldUp(run, step) ?? goOn(run, book, step, said);
    case 'choose':
      return heldUp(run, step) ?? choose(run, book, step, intent.branch, said);
    case 'again':
      return moveOf(run, step, 'again', said);
    case 'jump': {
      const to = book.runbook.steps.find(({ id }) => id === intent.step);
      return to === undefined
        ? refusal('the runbook has no such step', 'choose one that is shown')
        : moveOf(run, to, 'jump', said);
    }
    case 'skip':
      return skip(run, book, step, intent.reason, said);
    default:
      return absurd(intent);
  }
};
