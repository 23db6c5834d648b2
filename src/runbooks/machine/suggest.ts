import { currentVisit, type Run, type Visit } from '../../kernel/run.ts';
import { type Evidence, evidenceText } from '../../kernel/run-fact.ts';
import type { Branch, Step } from '../runbook.ts';
import { branchRule, preselect, type TaskResult } from '../steps/branch-rule.ts';

/** Evidence as rules look at it. */
export const resultOf = (evidence: Evidence): TaskResult => ({
  task: evidence.task,
  text: evidenceText(evidence),
  json: evidence.data ?? undefined,
  values: evidence.values,
  well: evidence.exit === 'ok',
});

export interface Suggestion {
  /** Index in the branches of the step; null: the operator is asked without one. */
  readonly branch: number | null;
  /** In words; '' where the runbook has no rules for this step. */
  readonly why: string;
}

const nameOf = ({ label, to }: Branch): string => (label === '' ? to : `“${label}”`);

/** The newest of each task, in this visit only: what an earlier visit saw may not be so any more. */
const resultsOf = (visit: Visit): readonly TaskResult[] => [
  ...new Map(visit.evidence.map((e) => [e.task, resultOf(e)])).values(),
];

const reason = (branch: Branch, results: readonly TaskResult[]): string => {
  const { when, from } = branch;
  const by = results.find(
    (r) => (from === '' || r.task === from) && when !== null && branchRule(when, r) === 'holds',
  );
  return by === undefined ? '' : `the result of ${by.task} fits the rule for ${nameOf(branch)}`;
};

/**
 * Which branch the results of a visit point to, by the rules of the runbook. Only one rule that holds is a suggestion;
 * none, several, or one that cannot be told, is a question to the operator.
 */
export const suggest = (step: Step, visit: Visit): Suggestion => {
  const { branches } = step;
  if (branches.every(({ when }) => when === null)) return { branch: null, why: '' };
  const results = resultsOf(visit);
  if (results.length === 0) return { branch: null, why: 'there is no result yet to judge by' };
  const found = preselect(branches, results);
  if (found.kind === 'one') {
    const branch = branches[found.branch];
    return branch === undefined
      ? { branch: null, why: '' }
      : { branch: found.branch, why: reason(branch, results) };
  }
  const names = (indexes: readonly number[]): string =>
    indexes
      .flatMap((n) => branches[n] ?? [])
      .map(nameOf)
      .join(' and ');
  if (found.holding.length > 1) {
    return { branch: null, why: `the rules for ${names(found.holding)} fit: choose` };
  }
  if (found.unsure.length > 0) {
    return { branch: null, why: `the rule for ${names(found.unsure)} cannot be told: choose` };
  }
  return { branch: null, why: 'no rule fits: choose' };
};

/** The suggestion for where a run stands. */
export const suggestionOf = (run: Run, step: Step): Suggestion => {
  const visit = currentVisit(run);
  return visit === null || visit.step !== step.id
    ? { branch: null, why: '' }
    : suggest(step, visit);
};
