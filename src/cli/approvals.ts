import { type Gathered, known } from '../actions/guard.ts';
import type { Asked } from '../actions/pipeline.ts';
import { type ApproverKey, type FoundApproval, readApproval } from '../adapters/approval-code.ts';
import type { ReadMark } from '../adapters/cluster-mark.ts';
import type { ActPlan } from '../kernel/act.ts';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { EpochMs } from '../kernel/units.ts';

export interface ApprovalsDeps {
  readonly clock: Clock;
  /** Which cluster it is that would be changed, as the server says now. */
  readonly cluster: (signal: AbortSignal) => Promise<Result<ReadMark>>;
  readonly person: string;
  readonly approvers: readonly ApproverKey[];
}

/** Where the cluster is known by less than its uid, that is part of who agreed to what: on the screen and in the audit. */
const nameOf = ({ name, identity, by }: FoundApproval): string => {
  const who = identity === '' ? name : `${name} (${identity})`;
  return by === 'uid' ? who : `${who}, the cluster known by address and CA of its server only`;
};

const no = (why: string): Result<never> =>
  failed(failure('forbidden', 'check the code', why, { hint: 'ask for a new one' }));

/**
 * Agreements of other people that this session has been given. Each is for one plan, asked once: what is asked again,
 * though it is the same to the letter, is agreed to again.
 */
export const approvals = (
  { clock, cluster, person, approvers }: ApprovalsDeps,
  signal: AbortSignal,
) => {
  // By the plan itself, which the pipeline hands on as it is: two that are equal are two wishes.
  const given = new WeakMap<ActPlan, FoundApproval>();
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
      const here = await cluster(signal);
      if (!here.ok) return here;
      const read = readApproval(code, {
        digest: plan.digest,
        cluster: here.value.mark,
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
