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
}

/** What came of a task. */
export type StepOutcome =
  | { readonly kind: 'brought'; readonly evidence: Evidence }
  /** Not carried out here: what it would do, and why it is not done. */
  | { readonly kind: 'planned'; readonly lines: readonly string[]; readonly why: string }
  /** A person does it: ticks it off, or chooses. */
  | { readonly kind: 'byHand' };

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

/**
 * Carries out a plan that only reads, as far as that needs no guard; every other plan is only shown. There is no way
 * from here to a request that writes.
 * @param plan With all its values in it.
 */
export const runStep = async (
  deps: StepDeps,
  task: string,
  plan: Plan,
  signal: AbortSignal,
): Promise<StepOutcome> => {
  const done = (what: Brought): StepOutcome => ({
    kind: 'brought',
    evidence: { task, ...what },
  });
  const planned = (why: string): StepOutcome => ({ kind: 'planned', lines: planLines(plan), why });
  const guarded = 'it waits for the guarded way';
  switch (plan.kind) {
    case 'query': {
      const request = { promql: filledText(plan.promql), over: plan.over };
      return done(await asked(deps, request, signal));
    }
    case 'etcd': {
      const answer = fromWorld(deps, plan);
      return answer === null ? planned(guarded) : done(answer);
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
      return planned(guarded);
    case 'refused':
      return planned(plan.why);
    default:
      return absurd(plan);
  }
};
