import type { ActPlan, Intent, Verdict } from '../kernel/act.ts';
import type { Failure } from '../kernel/failure.ts';
import type { ActionDefinition, PlanScene } from './action.ts';
import type { Facts, Guard } from './guard.ts';
import { judge } from './judge.ts';
import { planOf, usualArgs } from './plan-of.ts';

export type PreviewOf =
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Too little is known: it is open until somebody asks for it. */
  | { readonly kind: 'unknown' };

/**
 * What guards would say to a wish, without asking anybody: `facts` are remembered ones. What is still to be typed counts
 * as what usually stands there, and speaks neither for it nor against it.
 */
export const previewOf = (
  action: ActionDefinition,
  intent: Intent,
  scene: PlanScene,
  guards: readonly Guard[],
  facts: (plan: ActPlan) => Facts,
): PreviewOf => {
  const open = action.inputs.some((input) => intent.args[input.name] === undefined);
  const made = planOf(action, { ...intent, args: usualArgs(action, intent, scene) }, scene);
  if (!made.ok) {
    return open || action.prepare !== undefined
      ? { kind: 'unknown' }
      : { kind: 'failed', failure: made.failure };
  }
  const plan = open ? { ...made.value, refusals: [] } : made.value;
  return { kind: 'judged', verdict: judge(guards, plan, facts(plan), scene.now) };
};

/** Why it would be refused, in the first words of those who refuse; '' when it would not. */
export const refusedWhy = (preview: PreviewOf): string => {
  if (preview.kind === 'failed') return preview.failure.message;
  if (preview.kind === 'unknown' || preview.verdict.outcome !== 'deny') return '';
  const first = preview.verdict.reasons[0]?.judgement;
  return first?.kind === 'deny' ? first.why : 'nothing allows it';
};
