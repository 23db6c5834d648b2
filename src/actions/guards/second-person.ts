import { globMatches } from '../../kernel/glob.ts';
import { type Guard, silent } from '../guard.ts';

/** Some things need the agreement of another person, to this very plan. */
export const secondPerson: Guard = {
  id: 'second-person',
  title: 'another person agrees to what the policy names',
  judge: (plan, { policy, approval }) => {
    const named = policy.secondPerson.some((glob) => globMatches(glob, plan.action));
    const always = plan.effect !== 'read' && policy.challenge.kind === 'second-person';
    if (!named && !always) return silent;
    if (approval.kind === 'unknown') {
      const hint = 'see approvers under policy in the configuration';
      const why = `another person has to agree, and it is not known whether one did: ${approval.why}`;
      return { kind: 'deny', why, hint, opens: 'never' };
    }
    const why =
      approval.value === null
        ? `another person has to agree: midwatch approve ${plan.digest}`
        : `${approval.value} agrees`;
    return { kind: 'ask', why, challenge: { kind: 'second-person' } };
  },
};
