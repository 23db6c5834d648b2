import type { ActPlan, ActResult, EffectRequest } from '../kernel/act.ts';
import type { EffectAnswer, EffectPorts } from '../kernel/effect-ports.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';
import type { ActionDefinition, Tools } from './action.ts';
import { after, refusedWith, withoutAnswer } from './outcome.ts';

/** Hands a request that has one answer to the port that it is for. */
export const sendOne = async (
  request: EffectRequest,
  ports: EffectPorts,
  signal: AbortSignal,
): Promise<Result<EffectAnswer>> => {
  switch (request.kind) {
    case 'kubernetes':
      return await ports.kubernetes(request, signal);
    case 'etcd':
      return await ports.etcd(request, signal);
    case 'alertmanager':
      return await ports.alertmanager(request, signal);
    default:
      return failed(failure('misconfigured', 'send', `${request.kind} has no single answer`));
  }
};

/**
 * Carries out a plan of requests, one after the other; stops at the first that is refused or has no answer. `told`
 * makes the words for a person from the answers, one for each request.
 */
export const sending =
  (
    told: (plan: ActPlan, answers: readonly EffectAnswer[]) => string,
  ): ActionDefinition['perform'] =>
  async (plan: ActPlan, { ports }: Tools, signal: AbortSignal): Promise<ActResult> => {
    const answers: EffectAnswer[] = [];
    let bytes = 0;
    for (const request of plan.requests) {
      const answer = await sendOne(request, ports, signal);
      const done = answers.length;
      if (!answer.ok) {
        return after(done, plan.requests.length, withoutAnswer(answer.failure, bytes));
      }
      bytes += answer.value.body.length;
      if (answer.value.status >= 300) {
        const refused = refusedWith(request, plan.action, answer.value, bytes);
        return after(done, plan.requests.length, refused);
      }
      answers.push(answer.value);
    }
    return { kind: 'done', text: told(plan, answers), bytes };
  };

export const sendInOrder = sending((plan) => `${plan.title}: done`);
