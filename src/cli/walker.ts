import { type Runs, runbookHash } from '../adapters/runs.ts';
import { worldValues } from '../findings/world-values.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { Run } from '../kernel/run.ts';
import type { Evidence, RunAlert } from '../kernel/run-fact.ts';
import { sliceOf } from '../kernel/world.ts';
import { runs } from '../probes/runs.ts';
import type { Book, Doer, Intent } from '../runbooks/machine/intent.ts';
import { planLines } from '../runbooks/machine/plan-lines.ts';
import { propose } from '../runbooks/machine/propose.ts';
import { startRun } from '../runbooks/machine/start-run.ts';
import { taskPlan } from '../runbooks/machine/task-plan.ts';
import { parseRunbook } from '../runbooks/parse-runbook.ts';
import { isWebPage, pageIsRead } from '../runbooks/resolve/address.ts';
import type { FilledPlan } from '../runbooks/steps/fill-plan.ts';
import { runStep, type StepDeps, type StepOutcome } from './run-steps.ts';

/** A book, and the text that it was read from. */
export interface OpenBook extends Book {
  readonly text: string;
}

export interface WalkerDeps {
  readonly runs: Omit<Runs, 'port'>;
  readonly steps: Omit<StepDeps, 'alert'>;
  /** Who walks, as others will read it. */
  readonly by: string;
  /** A new id for a run; unique on this machine. */
  readonly newId: () => string;
}

/** What came of a task; `open`: values are missing, or must not go where they should. */
export type TaskOutcome = StepOutcome | Extract<FilledPlan, { kind: 'open' }>;

/** Walking runbooks in a session: what is done is on the disk when a promise resolves well, and in the world soon after. */
export interface Walker {
  /** Begins a run; resolves with its id. The text is kept, so that it can be followed to its end. */
  begin(book: OpenBook, alert: RunAlert | null): Promise<Result<string>>;
  /** Does what somebody wants, or says why it cannot be done. For `keep` and `adopt` the book is the new one. */
  act(run: string, book: OpenBook, intent: Intent): Promise<Result<void>>;
  /** Carries out a task of the step where the run stands, and attaches what it has brought to that visit. */
  carryOut(
    run: string,
    book: OpenBook,
    task: string,
    signal: AbortSignal,
  ): Promise<Result<TaskOutcome>>;
  /** The text that a run follows: the file when it is still the same, else what was kept. */
  bookOf(run: Run, file: OpenBook | null): Promise<Result<OpenBook>>;
}

export const openBook = (text: string, path: string): OpenBook => ({
  text,
  hash: runbookHash(text),
  runbook: parseRunbook(text, path).runbook,
});

export const walker = ({ runs: log, steps, by, newId }: WalkerDeps): Walker => {
  const { clock, world } = steps;
  const who = (): Doer => ({ at: clock.now(), by });
  const find = (id: string): Result<Run> => {
    const run = sliceOf(world(), runs).state.get(id);
    return run === undefined
      ? failed(failure('absent', 'walk the runbook', 'there is no such run', { on: id }))
      : ok(run);
  };

  const act: Walker['act'] = async (id, book, intent) => {
    const run = find(id);
    if (!run.ok) return run;
    const facts = propose(run.value, book, intent, who());
    if (!facts.ok) return facts;
    if (intent.kind === 'adopt') {
      const kept = await log.keepText(book.text);
      if (!kept.ok) return kept;
    }
    return log.put(facts.value);
  };

  return {
    act,
    begin: async (book, alert) => {
      const id = newId();
      const facts = startRun({ run: id, book, alert }, who());
      if (!facts.ok) return facts;
      const kept = await log.keepText(book.text);
      if (!kept.ok) return kept;
      const put = await log.put(facts.value);
      return put.ok ? ok(id) : put;
    },
    carryOut: async (id, book, taskId, signal) => {
      const found = find(id);
      if (!found.ok) return found;
      const run = found.value;
      const visit = run.visits.at(-1);
      const step = book.runbook.steps.find((s) => s.id === visit?.step);
      const task = step?.tasks.find((t) => t.id === taskId);
      if (visit === undefined || task === undefined || book.hash !== run.runbook.hash) {
        return failed(
          failure('refused', 'walk the runbook', 'the step where the run stands has no such task', {
            hint: 'go to the step first',
          }),
        );
      }
      if (run.ended !== null) {
        return failed(failure('refused', 'walk the runbook', `the run is ${run.ended.how}`));
      }
      const plan = taskPlan(run, book.runbook, task, worldValues(world(), clock.now()));
      // Whoever can change a page must not be able to ask anything from here.
      if (isWebPage(run.runbook.path)) {
        return ok({ kind: 'planned', lines: planLines(task.plan), why: pageIsRead });
      }
      if (plan.kind === 'open') return ok(plan);
      const attach = (evidence: Evidence) =>
        act(id, book, { kind: 'attach', visit: visit.number, evidence });
      const place = { run: id, task: taskId, attach };
      const outcome = await runStep({ ...steps, alert: run.alert }, place, plan.plan, signal);
      if (outcome.kind !== 'brought') return ok(outcome);
      // What was cut short says nothing of the cluster.
      if (signal.aborted) {
        return failed(failure('ended', 'walk the runbook', 'cancelled before there was a result'));
      }
      const put = await attach(outcome.evidence);
      return put.ok ? ok(outcome) : put;
    },
    bookOf: async (run, file) => {
      if (file?.hash === run.runbook.hash) return ok(file);
      const kept = await log.textOf(run.runbook.hash);
      return kept.ok ? ok(openBook(kept.value, run.runbook.path)) : kept;
    },
  };
};
