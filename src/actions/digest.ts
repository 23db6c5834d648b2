import type { ActPlan } from '../kernel/act.ts';
import { canonicalText } from '../kernel/canonical-text.ts';

/** What an agreement is about: where, what, and every request that would be sent. */
export const planText = (plan: Omit<ActPlan, 'digest'>): string =>
  canonicalText({
    action: plan.action,
    context: plan.context,
    subject: plan.subject,
    args: plan.args,
    requests: plan.requests,
    bounds: plan.bounds,
  });
