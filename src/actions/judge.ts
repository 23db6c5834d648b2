import type { ActPlan, Challenge, GuardReason, Verdict } from '../kernel/act.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { Facts, Guard } from './guard.ts';

const order = { deny: 0, ask: 1, allow: 2 } as const;

const said = (guard: Guard, plan: ActPlan, facts: Facts, now: EpochMs): readonly GuardReason[] => {
  const judgement = guard.judge(plan, facts, now);
  return judgement.kind === 'silent' ? [] : [{ guard: guard.id, judgement }];
};

const refused = (plan: ActPlan): readonly GuardReason[] =>
  plan.refusals.map((why) => ({
    guard: 'plan',
    judgement: { kind: 'deny', why, hint: '', opens: 'never' },
  }));

const distinct = (challenges: readonly Challenge[]): readonly Challenge[] => {
  const seen = new Map<string, Challenge>();
  for (const one of challenges) {
    const was = seen.get(one.kind);
    const longer = was?.kind === 'reason' && one.kind === 'reason' && was.least >= one.least;
    if (!longer) seen.set(one.kind, one);
  }
  // A key says less than anything that has to be typed.
  if (seen.size > 1) seen.delete('key');
  return [...seen.values()];
};

/**
 * Asks every guard. One denial denies, one question asks, and what nobody allows is denied.
 * No origin, mode or flag goes around it.
 */
export const judge = (
  guards: readonly Guard[],
  plan: ActPlan,
  facts: Facts,
  now: EpochMs,
): Verdict => {
  const reasons = [...refused(plan), ...guards.flatMap((g) => said(g, plan, facts, now))].sort(
    (a, b) => order[a.judgement.kind] - order[b.judgement.kind],
  );
  const first = reasons[0]?.judgement.kind;
  if (first === undefined) {
    return {
      outcome: 'deny',
      reasons: [
        {
          guard: 'default',
          judgement: { kind: 'deny', why: 'nothing allows it', hint: '', opens: 'never' },
        },
      ],
      challenges: [],
      breakable: false,
    };
  }
  const denials = reasons.flatMap(({ judgement }) =>
    judgement.kind === 'deny' ? [judgement] : [],
  );
  return {
    outcome: first,
    reasons,
    challenges: distinct(
      reasons.flatMap(({ judgement }) => (judgement.kind === 'ask' ? [judgement.challenge] : [])),
    ),
    breakable: denials.length > 0 && denials.every((d) => d.opens === 'break-glass'),
  };
};
