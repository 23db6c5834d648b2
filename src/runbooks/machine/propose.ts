import { absurd } from '../../kernel/absurd.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import { currentVisit, notesKept, type Run, valuesKept } from '../../kernel/run.ts';
import type { RunFact } from '../../kernel/run-fact.ts';
import { after, hours, seconds } from '../../kernel/units.ts';
import { wrongValue } from '../steps/parameter-value.ts';
import { changedUnder } from './changed.ts';
import type { Book, Doer, Intent } from './intent.ts';
import { move, moveOf, type Said } from './move.ts';
import { tickables } from './open-items.ts';
import { refusal } from './refusal.ts';

/** Longest and shortest time after which one looks again. */
export const longestWait = hours(24);
export const shortestWait = seconds(1);

const blank = (text: string): boolean => text.trim() === '';

type Facts = Result<readonly RunFact[]>;

/**
 * The facts that an intent comes to, or why it cannot be done now. Pure; nothing has happened until they are written
 * down. They are meant for the run as it is: should somebody else have gone on meanwhile, the fold passes them over.
 * @param book What the run follows. For `keep` and `adopt`, the new text.
 */
export const propose = (run: Run, book: Book, intent: Intent, who: Doer): Facts => {
  const said = { run: run.id, at: who.at, by: who.by };
  if (intent.kind === 'note') {
    if (blank(intent.text)) return refusal('the note is empty', 'write something');
    return run.notes.length >= notesKept
      ? refusal(`the run has ${notesKept} notes already`, 'begin another run')
      : ok([{ kind: 'note', ...said, text: intent.text }]);
  }
  if (run.ended !== null) {
    return refusal(`the run is ${run.ended.how}`, 'begin another run; notes can still be written');
  }
  if (intent.kind === 'abandon') {
    return blank(intent.reason)
      ? refusal('an abandoned run needs a reason', 'say in a word why')
      : ok([{ kind: 'abandoned', ...said, reason: intent.reason }]);
  }
  if (intent.kind === 'keep' || intent.kind === 'adopt') return change(run, book, intent, said);
  if (book.hash !== run.runbook.hash) {
    return refusal(
      'the runbook has changed since the run began',
      'go on with the text of the beginning, or take the new one',
    );
  }
  return stepIntent(run, book, intent, said);
};

const change = (
  run: Run,
  book: Book,
  intent: Extract<Intent, { kind: 'keep' | 'adopt' }>,
  said: Said,
): Facts => {
  if (book.hash === run.runbook.hash) {
    return refusal('the runbook has not changed', 'just go on');
  }
  if (intent.kind === 'keep') {
    return changedUnder(run, book.hash)
      ? ok([{ kind: 'kept', ...said, instead: book.hash }])
      : refusal('that is what the run does already', 'just go on');
  }
  const { path, title, steps } = book.runbook;
  const visit = currentVisit(run);
  const wanted = intent.step ?? visit?.step ?? steps[0]?.id;
  const step = steps.find(({ id }) => id === wanted);
  if (step === undefined) {
    return refusal('the new text does not have this step', 'choose the step to go on with');
  }
  const adopted = { kind: 'adopted', ...said, runbook: { path, title, hash: book.hash } } as const;
  if (visit !== null && step.id === visit.step) return ok([adopted]);
  const moved = moveOf(run, step, 'jump', said);
  return moved.ok ? ok([adopted, ...moved.value]) : moved;
};

type StepIntent = Exclude<Intent, { kind: 'note' | 'abandon' | 'keep' | 'adopt' }>;

const stepIntent = (run: Run, book: Book, intent: StepIntent, said: Said): Facts => {
  const { runbook } = book;
  const visit = currentVisit(run);
  const step = runbook.steps.find(({ id }) => id === visit?.step);
  if (visit === null || step === undefined) {
    const to = intent.kind === 'jump' ? runbook.steps.find(({ id }) => id === intent.step) : null;
    return to === null || to === undefined
      ? refusal('the run stands at no step of this runbook', 'choose the step to go on with')
      : moveOf(run, to, 'jump', said);
  }
  const about = { ...said, visit: visit.number };
  switch (intent.kind) {
    case 'next':
    case 'choose':
    case 'again':
    case 'jump':
    case 'skip':
      return move(run, book, step, intent, said);
    case 'attach': {
      const at = run.visits.find(({ number }) => number === intent.visit);
      const asked = runbook.steps.find(({ id }) => id === at?.step);
      return asked?.tasks.some(({ id }) => id === intent.evidence.task) === true
        ? ok([{ kind: 'output', ...said, visit: intent.visit, evidence: intent.evidence }])
        : refusal('the step has no such task', 'attach what it has brought to the step that asked');
    }
    case 'tick': {
      const { task, item, done } = intent;
      const found = tickables(step, visit).find((t) => t.task === task && t.item === item);
      if (found === undefined) return refusal('there is nothing to tick off', 'see the step');
      return found.done === done
        ? refusal(done ? 'it is ticked off already' : 'it is not ticked off', 'see the step')
        : ok([{ kind: 'ticked', ...about, task, item, done }]);
    }
    case 'wait': {
      if (visit.state.kind !== 'current') return refusal('the step is skipped', 'go on');
      if (!(intent.wait >= shortestWait && intent.wait <= longestWait)) {
        return refusal('that is no time to wait', 'wait between a second and a day');
      }
      const until = after(said.at, intent.wait);
      return ok([{ kind: 'timer', ...about, until, why: intent.why }]);
    }
    case 'stopWaiting':
      return visit.timer === null
        ? refusal('nothing is waited for', 'just go on')
        : ok([{ kind: 'timerEnded', ...about }]);
    case 'value': {
      const { name, value } = intent;
      const parameter = runbook.parameters.find((p) => p.name === name);
      if (parameter === undefined) {
        return refusal('the runbook has no such parameter', 'see its parameters');
      }
      const wrong = value === '' ? null : wrongValue(parameter, value);
      if (wrong !== null) return refusal(wrong, 'correct the value; nothing leaves it open');
      const known = Object.hasOwn(run.values, name);
      return !known && Object.keys(run.values).length >= valuesKept
        ? refusal(`the run has ${valuesKept} values already`, 'begin another run')
        : ok([{ kind: 'value', ...said, name, value }]);
    }
    case 'finish':
      return (step.next === null && step.branches.length === 0) || !blank(intent.note)
        ? ok([{ kind: 'done', ...said, note: intent.note }])
        : refusal('the runbook goes on here', 'say in a word why it is done');
    default:
      return absurd(intent);
  }
};
