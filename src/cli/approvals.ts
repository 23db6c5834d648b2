import { type Gathered, known } from '../actions/guard.ts';
import type { Asked } from '../actions/pipeline.ts';
import { type Approval, type ApproverKey, readApproval } from '../adapters/approval-code.ts';
import type { ActPlan } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';

export interface ApprovalsDeps {
  readonly clock: Clock;
  readonly context: string;
  readonly person: string;
  readonly approvers: readonly ApproverKey[];
}

const nameOf = ({ name, identity }: Approval): string =>
  identity === '' ? name : `${name} (${identity})`;

const no = (why: string): Result<never> =>
  failed(failure('forbidden', 'check the code', why, { hint: 'ask for a new one' }));

/**
 * Agreements of other people that this session has been given. Each is for one plan, asked once: what is asked again,
 * though it is the same to the letter, is agreed to again.
 */
export const approvals = ({ clock, context, person, approvers }: ApprovalsDeps) => {
  // By the plan itself, which the pipeline hands on as it is: two that are equal are two wishes.
  const given = new WeakMap<ActPlan, Approval>();
  // By what it says, since its code can be spelled in several ways; until nobody would take it any more.
  const spent = new Map<string, { readonly plan: ActPlan; readonly until: EpochMs }>();
  const standing = (plan: ActPlan): string | null => {
    const one = given.get(plan);
    return one === undefined || one.until <= clock.now() ? null : nameOf(one);
  };
  return {
    /** Takes a code; '' asks whether there is one already. */
    take: async ({ plan, facts }: Asked, code: string): Promise<Result<string | null>> => {
      if (code.trim() === '') return ok(standing(plan));
      const { identity } = facts;
      // Somebody who is not known cannot be told from the one who agrees.
      if (identity.kind === 'unknown' || identity.value === '') {
        return no('the API server does not say who asks: whether it is another person who agrees');
      }
      const read = readApproval(code, {
        digest: plan.digest,
        context,
        now: clock.now(),
        approvers,
        askedBy: [person, identity.value],
      });
      if (!read.ok) return read;
      for (const [old, { until }] of spent) if (until <= clock.now()) spent.delete(old);
      const said = JSON.stringify(read.value);
      const before = spent.get(said);
      if (before !== undefined && before.plan !== plan)
        return no('it was given for an earlier wish');
      spent.set(said, { plan, until: read.value.until });
      given.set(plan, read.value);
      return ok(nameOf(read.value));
    },
    of: async (plan: ActPlan): Promise<Gathered<string | null>> => known(standing(plan)),
  };
};
