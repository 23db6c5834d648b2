import { ok, type Result } from '../../kernel/failure.ts';
import type { Run, RunsState } from '../../kernel/run.ts';
import type { RunAlert, RunFact } from '../../kernel/run-fact.ts';
import type { Book, Doer } from './intent.ts';
import { refusal } from './refusal.ts';

export interface Start {
  /** Of the run; unique, at most 64 characters. */
  readonly run: string;
  readonly book: Book;
  /** Null for a walk that no alert has led to. */
  readonly alert: RunAlert | null;
}

/** The facts that begin a run at the first step. */
export const startRun = ({ run, book, alert }: Start, who: Doer): Result<readonly RunFact[]> => {
  const { runbook, hash } = book;
  const [first] = runbook.steps;
  if (first === undefined) {
    return refusal('the runbook has no steps', 'see what lint says of it');
  }
  if (run === '' || run.length > 64) return refusal('the run has no proper id', 'give it another');
  const said = { run, ...who };
  const { path, title } = runbook;
  return ok([
    { kind: 'started', ...said, runbook: { path, title, hash }, alert },
    { kind: 'entered', ...said, visit: 1, step: first.id, title: first.title, way: 'start' },
  ]);
};

/** Runs that go on for an alert, youngest first. */
export const openRunsOf = (runs: RunsState, fingerprint: string): readonly Run[] =>
  [...runs.values()]
    .filter(({ alert, ended }) => ended === null && alert?.fingerprint === fingerprint)
    .reverse();
