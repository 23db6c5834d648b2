import { latestEvidence, type Run } from '../../kernel/run.ts';
import type { Runbook, Task } from '../runbook.ts';
import { type FilledPlan, fillPlan } from '../steps/fill-plan.ts';
import { type ParameterValue, parameterValue, type Sources } from '../steps/parameter-value.ts';

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
  const sources = sourcesOf(run, world);
  return new Map(runbook.parameters.map((p) => [p.name, parameterValue(p, sources)]));
};

/** The plan of a task with the values of a run in it, or what is still to be asked for. */
export const taskPlan = (
  run: Run,
  runbook: Runbook,
  task: Task,
  world: ReadonlyMap<string, string>,
): FilledPlan => {
  const known = [...valuesIn(run, runbook, world)].flatMap(([name, value]) =>
    value.kind === 'known' ? [[name, value.value] as const] : [],
  );
  return fillPlan(task.plan, new Map(known));
};
