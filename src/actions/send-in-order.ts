import type { ActPlan, ActResult } from '../kernel/act.ts';
import { failure } from '../kernel/failure.ts';
import type { Tools } from './action.ts';
import { statusMessage } from './status-message.ts';

/** Carries out a plan of requests to the API server, one after the other; stops at the first that is refused. */
export const sendInOrder = async (
  plan: ActPlan,
  { ports }: Tools,
  signal: AbortSignal,
): Promise<ActResult> => {
  let bytes = 0;
  for (const request of plan.requests) {
    if (request.kind !== 'kubernetes') continue;
    const answer = await ports.kubernetes(request, signal);
    if (!answer.ok) {
      // It left, and nobody knows whether it arrived.
      if (answer.failure.kind !== 'forbidden')
        return { kind: 'unknown', why: answer.failure.message, bytes };
      return { kind: 'failed', failure: answer.failure, bytes };
    }
    const { status, body } = answer.value;
    bytes += body.length;
    if (status >= 300) {
      const why = failure(
        status === 403 ? 'forbidden' : status === 404 ? 'absent' : 'broken',
        plan.action,
        statusMessage(body, status),
        { on: request.path, status },
      );
      return { kind: 'failed', failure: why, bytes };
    }
  }
  return { kind: 'done', text: `${plan.title}: done`, bytes };
};
