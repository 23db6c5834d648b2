import { type Gathered, known } from '../actions/guard.ts';
import type { Asked } from '../actions/pipeline.ts';
import { type Approval, type ApproverKey, readApproval } from '../adapters/approval-code.ts';
import type { ActPlan } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok, type Result } from '../kernel/failure.ts';

export interface ApprovalsDeps {
  readonly clock: Clock;
  readonly context: string;
  readonly person: string;
  readonly approvers: readonly ApproverKey[];
}

const nameOf = ({ name, identity }: Approval): string =>
  identity === '' ? name : `${name} (${identity})`;

/** Agreements of other people that this session has been given, each for one plan and a few minutes. */
export const approvals = ({ clock, context, person, approvers }: ApprovalsDeps) => {
  const given = new Map<string, Approval>();
  const standing = (digest: string): string | null => {
    const one = given.get(digest);
    return one === undefined || one.until <= clock.now() ? null : nameOf(one);
  };
  return {
    /** Takes a code; '' asks whether there is one already. */
    take: async ({ plan, facts }: Asked, code: string): Promise<Result<string | null>> => {
      if (code.trim() === '') return ok(standing(plan.digest));
      const identity = facts.identity.kind === 'known' ? facts.identity.value : '';
      const read = readApproval(code, {
        digest: plan.digest,
        context,
        now: clock.now(),
        approvers,
        askedBy: [person, identity],
      });
      if (!read.ok) return read;
      given.set(plan.digest, read.value);
      return ok(nameOf(read.value));
    },
    of: async (plan: ActPlan): Promise<Gathered<string | null>> => known(standing(plan.digest)),
  };
};
