import { latestEvidence, type Run } from '../../kernel/run.ts';
import type { RunAlert } from '../../kernel/run-fact.ts';
import type { Runbook, Task } from '../runbook.ts';
import { type FilledPlan, fillPlan } from '../steps/fill-plan.ts';
import { knownOf } from '../steps/known-plan.ts';
import { type ParameterValue, parameterValue, type Sources } from '../steps/parameter-value.ts';

/** Where values come from before a run: the alert that has led here, and the world. */
export const sourcesBefore = (
  alert: RunAlert | null,
  world: ReadonlyMap<string, string>,
): Sources => ({
  labels: alert?.labels ?? {},
  annotations: alert?.annotations ?? {},
  world,
  results: new Map(),
  answers: new Map(),
});

/** Where values come from in a run: its alert, the world, what tasks have brought, and what people have answered. */
export const sourcesOf = (run: Run, world: ReadonlyMap<string, string>): Sources => ({
  labels: run.alert?.labels ?? {},
  annotations: run.alert?.annotations ?? {},
  world,
  results: new Map([...latestEvidence(run)].map(([task, { data }]) => [task, data ?? undefined])),
  answers: new Map(Object.entries(run.values)),
});

/** The values of all parameters of a runbook in a run, by name; those that are missing or do not fit, with why. */
export const valuesIn = (
  run: Run,
  runbook: Runbook,
  world: ReadonlyMap<string, string>,
): ReadonlyMap<string, ParameterValue> => {
  return valuesFrom(runbook, sourcesOf(run, world));
};

/** The values of all parameters of a runbook, by name, as far as their sources go. */
export const valuesFrom = (
  runbook: Runbook,
  sources: Sources,
): ReadonlyMap<string, ParameterValue> =>
  new Map(runbook.parameters.map((p) => [p.name, parameterValue(p, sources)]));

/** The plan of a task with the values of a run in it, or what is still to be asked for. */
export const taskPlan = (
  run: Run,
  runbook: Runbook,
  task: Task,
  world: ReadonlyMap<string, string>,
): FilledPlan => {
  return fillPlan(task.plan, knownOf(valuesIn(run, runbook, world)));
};
