import { type Brought, brought, broughtFailure } from '../adapters/steps/brought.ts';
import { allowedUrl, httpStep } from '../adapters/steps/http-step.ts';
import type { QueryRequest } from '../adapters/steps/query-step.ts';
import { etcdAnswer } from '../findings/etcd-answer.ts';
import { absurd } from '../kernel/absurd.ts';
import { type Failure, failureText, type Result } from '../kernel/failure.ts';
import type { KubernetesPort } from '../kernel/ports.ts';
import type { Evidence } from '../kernel/run-fact.ts';
import { planLines } from '../runbooks/machine/plan-lines.ts';
import type { EtcdCall, Plan } from '../runbooks/plan.ts';
import { kubectlStep } from './kubectl-step.ts';
import type { StepDoor } from './step-door.ts';
import { type DoorPlan, stepIntent } from './step-intent.ts';
import { filledText } from './step-subject.ts';
import { type WatchDeps, watchStep } from './watch-step.ts';

export interface StepDeps extends Omit<WatchDeps, 'query'> {
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  /** Asks a Prometheus of the session. */
  readonly query: (request: QueryRequest, signal: AbortSignal) => Promise<Result<Brought>>;
  /** Of midwatch. */
  readonly version: string;
  /** Hosts that an `http` step may ask; from the configuration. */
  readonly allowHosts: readonly string[];
  /** The way to logs, debug containers and etcd; null where there is none, as in a recording. */
  readonly door: StepDoor | null;
}

/** Which task of which run is carried out, and how what comes later gets to it. */
export interface StepPlace {
  readonly run: string;
  readonly task: string;
  readonly attach: (evidence: Evidence) => Promise<Result<void>>;
}

/** What came of a task. */
export type StepOutcome =
  | { readonly kind: 'brought'; readonly evidence: Evidence }
  /** Not carried out here: what it would do, and why it is not done. */
  | { readonly kind: 'planned'; readonly lines: readonly string[]; readonly why: string }
  /** A person does it: ticks it off, or chooses. */
  | { readonly kind: 'byHand' }
  /** It is on the screen, for a person to agree to; what it brings is attached when it has ended. */
  | { readonly kind: 'handed' };

const told: Partial<Record<EtcdCall, 'status' | 'members' | 'alarms' | 'health'>> = {
  status: 'status',
  members: 'members',
  alarms: 'alarms',
  health: 'health',
};

const fromWorld = (
  { world, clock }: StepDeps,
  { call, member }: Extract<Plan, { kind: 'etcd' }>,
): Brought | null => {
  const question = told[call];
  if (question === undefined) return null;
  const answer = etcdAnswer(
    question,
    member === null ? '' : filledText(member),
    world(),
    clock.now(),
  );
  return brought({
    asked: `etcd ${question}, as its members are watched`,
    took: 0,
    lines: answer.lines,
    data: answer.data,
    exit: answer.well ? 'ok' : 'failed',
  });
};

const asked = async (
  deps: StepDeps,
  request: QueryRequest,
  signal: AbortSignal,
): Promise<Brought> => {
  const answer = await deps.query(request, signal);
  return answer.ok ? answer.value : broughtFailure(`query: ${request.promql}`, 0, answer.failure);
};

const reason = ({ hint, ...why }: Failure): string =>
  hint === undefined ? failureText(why) : `${failureText(why)}; ${hint}`;

const throughDoor = async (
  { door, world, namespace }: StepDeps,
  { run, task, attach }: StepPlace,
  plan: DoorPlan,
  signal: AbortSignal,
): Promise<StepOutcome> => {
  const planned = (why: string, lines: readonly string[] = planLines(plan)): StepOutcome => ({
    kind: 'planned',
    lines,
    why,
  });
  if (door === null) return planned('there is no way to the outside here');
  const intent = stepIntent(plan, world(), namespace);
  if (!intent.ok) return planned(reason(intent.failure));
  const outcome = await door.ask(
    { ...intent.value, step: { run, task } },
    (what) => attach({ task, ...what }),
    signal,
  );
  switch (outcome.kind) {
    case 'brought':
      return { kind: 'brought', evidence: { task, ...outcome.brought } };
    case 'handed':
      return { kind: 'handed' };
    case 'refused':
      return planned(outcome.why, [...planLines(plan), ...outcome.lines]);
    default:
      return absurd(outcome);
  }
};

/**
 * Carries out a plan. What only reads what is read anyway is read; logs, debug containers and changes of etcd go through
 * the door, with its guards and its audit; everything else is only shown.
 * @param plan With all its values in it.
 */
export const runStep = async (
  deps: StepDeps,
  place: StepPlace,
  plan: Plan,
  signal: AbortSignal,
): Promise<StepOutcome> => {
  const { task } = place;
  const done = (what: Brought): StepOutcome => ({
    kind: 'brought',
    evidence: { task, ...what },
  });
  const planned = (why: string): StepOutcome => ({ kind: 'planned', lines: planLines(plan), why });
  switch (plan.kind) {
    case 'query': {
      const request = { promql: filledText(plan.promql), over: plan.over };
      return done(await asked(deps, request, signal));
    }
    case 'etcd': {
      const answer = fromWorld(deps, plan);
      return answer === null ? await throughDoor(deps, place, plan, signal) : done(answer);
    }
    case 'kubectl': {
      const answer = await kubectlStep(deps, plan, signal);
      return answer === null ? planned(`${plan.verb} is only shown`) : done(answer);
    }
    case 'http': {
      const url = filledText(plan.url);
      const allowed = allowedUrl(url, deps.allowHosts);
      return allowed.ok
        ? done(await httpStep(url, deps, signal))
        : planned(reason(allowed.failure));
    }
    case 'watch': {
      const query: WatchDeps['query'] = (promql, until) =>
        asked(deps, { promql, over: null }, until);
      return done(await watchStep({ ...deps, query }, plan, signal));
    }
    case 'manual':
    case 'checklist':
    case 'choice':
      return { kind: 'byHand' };
    case 'logs':
    case 'debug':
      return await throughDoor(deps, place, plan, signal);
    case 'refused':
      return planned(plan.why);
    default:
      return absurd(plan);
  }
};
