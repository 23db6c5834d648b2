import type { ActPlan } from '../kernel/act.ts';

/** As JSON, with the keys of every object in order: equal data give equal text. */
export const canonicalText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalText(v)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
};

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
