import type { Facts, Guard } from '../actions/guard.ts';
import { judge } from '../actions/judge.ts';
import type { ActPlan, Judgement, Verdict } from '../kernel/act.ts';
import { plainText } from '../kernel/text.ts';
import type { EpochMs } from '../kernel/units.ts';

/** What every guard says to a plan: for people and for programs. */
export interface PolicyReport {
  readonly schema: 'midwatch.policy-explain/v1';
  readonly action: string;
  readonly title: string;
  readonly effect: ActPlan['effect'];
  readonly context: string;
  readonly production: boolean;
  readonly class: string;
  readonly mode: Facts['mode'];
  readonly at: string;
  readonly outcome: Verdict['outcome'];
  /** Breaking the glass would open it. */
  readonly breakable: boolean;
  /** How somebody would agree to it. */
  readonly challenges: readonly string[];
  readonly guards: readonly GuardSaid[];
  /** What was not asked, and counts as if nothing spoke against it. */
  readonly notAsked: readonly string[];
}

export interface GuardSaid {
  readonly guard: string;
  readonly title: string;
  readonly says: Judgement['kind'];
  readonly why: string;
  readonly hint: string;
  readonly opens: string;
}

const saidBy = (guard: Pick<Guard, 'id' | 'title'>, judgement: Judgement): GuardSaid => ({
  guard: guard.id,
  title: guard.title,
  says: judgement.kind,
  why: judgement.kind === 'silent' ? '' : judgement.why,
  hint: judgement.kind === 'deny' ? judgement.hint : '',
  opens: judgement.kind === 'deny' ? judgement.opens : '',
});

const order = { deny: 0, ask: 1, allow: 2, silent: 3 } as const;

/** Asks every guard, one by one and together. Pure. */
export const policyReport = (
  guards: readonly Guard[],
  plan: ActPlan,
  facts: Facts,
  now: EpochMs,
  notAsked: readonly string[],
): PolicyReport => {
  const verdict = judge(guards, plan, facts, now);
  const refusals = plan.refusals.map((why) =>
    saidBy(
      { id: 'plan', title: 'nothing that is seen speaks against it' },
      { kind: 'deny', why, hint: '', opens: 'never' },
    ),
  );
  const said = guards.map((guard) => saidBy(guard, guard.judge(plan, facts, now)));
  return {
    schema: 'midwatch.policy-explain/v1',
    action: plan.action,
    title: plan.title,
    effect: plan.effect,
    context: plan.context,
    production: facts.production,
    class: facts.policy.name,
    mode: facts.mode,
    at: new Date(now).toISOString(),
    outcome: verdict.outcome,
    breakable: verdict.breakable,
    challenges: verdict.challenges.map((c) => c.kind),
    guards: [...refusals, ...said].toSorted((a, b) => order[a.says] - order[b.says]),
    notAsked,
  };
};

const outcomeText = ({ outcome, breakable, challenges }: PolicyReport): string => {
  if (outcome === 'allow') return 'It would be done without a question.';
  if (outcome === 'ask') return `It would be done once somebody agrees: ${challenges.join(', ')}.`;
  return breakable ? 'It would be denied; breaking the glass opens it.' : 'It would be denied.';
};

/** As text: what decides first, with what to do about it. */
export const policyReportText = (report: PolicyReport): string => {
  const { title, context, production, mode, at, guards, notAsked } = report;
  const spoken = guards.filter((g) => g.says !== 'silent');
  const silent = guards.filter((g) => g.says === 'silent').map((g) => g.guard);
  const width = Math.max(0, ...spoken.map((g) => g.guard.length));
  const indent = ' '.repeat(7 + width + 2);
  return [
    title,
    `context ${context}${production ? ', production' : ''}; class ${report.class}; ${mode}; at ${at}`,
    '',
    outcomeText(report),
    '',
    ...spoken.flatMap(({ says, guard, why, hint }) => [
      `${says.padEnd(7)}${guard.padEnd(width)}  ${why}`,
      ...(hint === '' ? [] : [`${indent}${hint}`]),
    ]),
    ...(silent.length === 0 ? [] : ['', `Nothing to say: ${silent.join(', ')}.`]),
    ...(notAsked.length === 0 ? [] : ['', `Not asked: ${notAsked.join(', ')}.`]),
  ]
    .map((line) => `${plainText(line)}\n`)
    .join('');
};
