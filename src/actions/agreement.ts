import type { ActPlan, Challenge, Verdict } from '../kernel/act.ts';
import { type Failure, failure } from '../kernel/failure.ts';
import type { Facts } from './guard.ts';

/** What a person says to a plan. It is about one digest and no other. */
export interface Answer {
  readonly digest: string;
  /** What was typed for the name of the subject; '' where nothing was. */
  readonly name: string;
  readonly reason: string;
}

/** Why guards refuse it, all reasons in one sentence, with the first thing that can be tried instead. */
export const refusalOf = (verdict: Verdict): Failure => {
  const denials = verdict.reasons.flatMap(({ judgement }) =>
    judgement.kind === 'deny' ? [judgement] : [],
  );
  const hint = denials.find((d) => d.hint !== '')?.hint;
  return failure(
    'forbidden',
    'judge',
    denials.map((d) => d.why).join('; '),
    hint === undefined ? {} : { hint },
  );
};

/** Why the answer does not meet what was asked for; null when it does. */
export const unmet = (
  plan: ActPlan,
  facts: Facts,
  challenges: readonly Challenge[],
  answer: Answer,
): string | null => {
  if (answer.digest !== plan.digest) return 'the agreement is about another plan';
  for (const one of challenges) {
    switch (one.kind) {
      case 'name':
        // Nothing typed is never an agreement, whatever the subject is called.
        if (answer.name === '' || answer.name !== plan.typed) return `type ${plan.typed} to agree`;
        break;
      case 'reason':
        if (answer.reason.trim().length < one.least)
          return `say why, in ${one.least} characters or more`;
        break;
      case 'second-person':
        if (facts.approval.kind !== 'known' || facts.approval.value === null)
          return `another person has to agree: midwatch approve ${plan.digest}`;
        break;
      case 'key':
        break;
    }
  }
  return null;
};
