import type { ActPlan } from '../../kernel/act.ts';
import { type Guard, silent } from '../guard.ts';
import { denyUnlessBroken } from './broken-glass.ts';
import { countText } from './size-text.ts';

const touchesEtcd = (plan: ActPlan): boolean =>
  plan.subject.kind === 'etcd' || plan.requests.some((r) => r.kind === 'etcd');

/** Why too much stands behind it, all reasons at once. */
const reasons = (plan: ActPlan, podsMax: number): readonly string[] => {
  const { pods, disruptionsAllowed, quorumMargin, unknown } = plan.weight;
  return [
    ...unknown.map((what) => `not known: ${what}`),
    ...(pods !== null && !(pods <= podsMax)
      ? [`${countText(pods)} pods are touched at once, the limit is ${podsMax}`]
      : []),
    ...(disruptionsAllowed !== null && !(disruptionsAllowed > 0) && pods !== 0
      ? ['a disruption budget over these pods allows none to go now']
      : []),
    ...(!touchesEtcd(plan) || quorumMargin === 'untouched'
      ? []
      : quorumMargin === null
        ? ['not known: how many members etcd can lose']
        : quorumMargin >= 1
          ? []
          : ['etcd can lose no member now']),
  ];
};

/** No more is touched than may be lost. What is not known counts as too much. */
export const blastRadius: Guard = {
  id: 'blast-radius',
  title: 'no more is touched at once than may be lost',
  judge: (plan, facts, now) => {
    if (plan.effect === 'read') return silent;
    const why = reasons(plan, facts.policy.podsMax);
    if (why.length > 0) {
      const hint = 'touch fewer at once, or break the glass (:break-glass)';
      return denyUnlessBroken(facts, now, why.join('; '), hint);
    }
    const { pods } = plan.weight;
    return pods === null
      ? silent
      : { kind: 'allow', why: `${countText(pods)} ${pods === 1 ? 'pod is' : 'pods are'} touched` };
  },
};
