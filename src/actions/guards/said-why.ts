import { type Guard, silent } from '../guard.ts';

/** Where the policy wants a reason for changes, it wants one in production too, besides the name. */
export const saidWhy: Guard = {
  id: 'said-why',
  title: 'a reason is given where the policy wants one',
  judge: ({ effect }, { policy }) => {
    if (effect === 'read' || policy.challenge.kind !== 'reason') return silent;
    const { challenge, name } = policy;
    return {
      kind: 'ask',
      why: `${name}: say why, in ${challenge.least} characters or more`,
      challenge,
    };
  },
};
