import { allowedUrl } from '../adapters/steps/http-step.ts';
import type { Labels } from '../kernel/alert-fact.ts';
import { failureText } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { planLines } from '../runbooks/machine/plan-lines.ts';
import type { Plan } from '../runbooks/plan.ts';
import type { Runbook, Step, Task } from '../runbooks/runbook.ts';
import { fillPlan } from '../runbooks/steps/fill-plan.ts';
import { knownOf, knownPlan } from '../runbooks/steps/known-plan.ts';
import { type ParameterValue, parameterValue } from '../runbooks/steps/parameter-value.ts';
import { templateText } from '../runbooks/steps/template.ts';
import { closedLive } from './closed-plan.ts';
import { wayLines } from './runbook-text.ts';

interface DryDeps {
  /** Of the alert that it would be walked for. */
  readonly labels: Labels;
  /** Hosts that an `http` step may ask. */
  readonly allowHosts: readonly string[];
}

type Values = ReadonlyMap<string, ParameterValue>;

const byHand: ReadonlySet<Plan['kind']> = new Set(['manual', 'checklist', 'choice']);

/** Why a filled plan would only be shown; '' when it would be carried out. */
const closed = (plan: Plan, { allowHosts }: DryDeps): string => {
  if (plan.kind !== 'http') return closedLive(plan);
  const allowed = allowedUrl(templateText(plan.url), allowHosts);
  if (allowed.ok) return '';
  const { hint } = allowed.failure;
  return `${failureText(allowed.failure)}${hint === undefined ? '' : `; ${hint}`}`;
};

const needs = (name: string, values: Values): string => {
  const value = values.get(name);
  if (value?.kind === 'refused') return `${name} ("${value.value}": ${value.why})`;
  return value?.kind === 'missing' && value.waitsFor !== ''
    ? `${name}, which ${value.waitsFor} brings`
    : name;
};

/** What would become of a task, in words, and its plan as far as it is known. */
const verdictOf = (task: Task, values: Values, deps: DryDeps): readonly [string, Plan] => {
  const known = knownOf(values);
  const filled = fillPlan(task.plan, known);
  const plan = filled.kind === 'filled' ? filled.plan : knownPlan(task.plan, known);
  if (byHand.has(plan.kind)) return ['by hand', plan];
  // An address is judged once its values are in it.
  const why = filled.kind === 'open' && plan.kind === 'http' ? '' : closed(plan, deps);
  if (why !== '') return [`only shown: ${why}`, plan];
  if (filled.kind === 'filled') return ['would run', plan];
  const wanted = [
    ...filled.missing.map((name) => needs(name, values)),
    ...filled.refused.map(({ name, why: wrong }) => `${name} (${wrong})`),
  ];
  return [`needs ${wanted.join(', ')}`, plan];
};

const taskLines = (task: Task, values: Values, deps: DryDeps): readonly string[] => {
  const [verdict, plan] = verdictOf(task, values, deps);
  return [
    `  [${task.risk}] ${task.id}: ${verdict}`,
    ...planLines(plan).map((text) => `      ${text}`),
  ];
};

const stepLines = (step: Step, runbook: Runbook, values: Values, deps: DryDeps) => [
  '',
  `${step.number}. ${step.title}`,
  ...step.tasks.flatMap((task) => taskLines(task, values, deps)),
  ...wayLines(step, runbook.steps, '->').map((text) => `  ${text}`),
];

const parameterLines = (runbook: Runbook, values: Values): readonly string[] =>
  runbook.parameters.map(({ name, from }) => {
    const value = values.get(name);
    if (value?.kind === 'known') return `  ${name} = ${value.value}`;
    const label = from.find((f) => f.kind === 'label');
    const how = label === undefined ? '' : `; --label ${label.name}=… gives it`;
    return value?.kind === 'refused'
      ? `  ${name}: "${value.value}" is not taken: ${value.why}`
      : `  ${name}: no value${how}`;
  });

/** A runbook as it would be walked for an alert with these labels: what would run, and what is only shown. */
export const dryLines = (runbook: Runbook, deps: DryDeps): readonly string[] => {
  const sources = {
    labels: deps.labels,
    annotations: {},
    world: new Map<string, string>(),
    results: new Map<string, unknown>(),
    answers: new Map<string, string>(),
  };
  const values: Values = new Map(
    runbook.parameters.map((p) => [p.name, parameterValue(p, sources)]),
  );
  const parameters = parameterLines(runbook, values);
  return [
    ...(parameters.length === 0 ? [] : ['', 'values', ...parameters]),
    ...runbook.steps.flatMap((step) => stepLines(step, runbook, values, deps)),
    ...(runbook.steps.length === 0 ? ['', 'it has no steps'] : []),
  ].map(plainText);
};
