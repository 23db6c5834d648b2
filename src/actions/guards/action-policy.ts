import { globMatches } from '../../kernel/glob.ts';
import type { Guard } from '../guard.ts';

const has = (globs: readonly string[], action: string): boolean =>
  globs.some((glob) => globMatches(glob, action));

/** Lists of actions of the policy; what stands on none of them is denied. */
export const actionPolicy: Guard = {
  id: 'action-policy',
  title: 'the policy lists what may be done',
  judge: ({ action }, { policy }) => {
    const { name } = policy;
    if (has(policy.deny, action)) {
      const hint = 'midwatch policy check shows the lists';
      return { kind: 'deny', why: `${name}: ${action} is denied`, hint, opens: 'never' };
    }
    if (has(policy.ask, action)) {
      const why = `${name}: ${action} has to be agreed to`;
      return { kind: 'ask', why, challenge: { kind: 'key' } };
    }
    if (has(policy.allow, action)) return { kind: 'allow', why: `${name} allows ${action}` };
    const hint = 'add it to allow under policy in the configuration';
    return { kind: 'deny', why: `${name} does not allow ${action}`, hint, opens: 'never' };
  },
};
