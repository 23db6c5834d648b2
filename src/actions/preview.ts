import { type ActPlan, type Intent, noWeight, type Verdict } from '../kernel/act.ts';
import type { Failure } from '../kernel/failure.ts';
import { kib, seconds } from '../kernel/units.ts';
import type { ActionDefinition, PlanScene } from './action.ts';
import type { Facts, Guard } from './guard.ts';
import { judge } from './judge.ts';
import { planOf, usualArgs, wholePlan } from './plan-of.ts';

export type PreviewOf =
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Too little is known: it is open until somebody asks for it. */
  | { readonly kind: 'unknown' };

/** Guards that need to know no more than what kind of action it is, and where. */
const placeGuards: ReadonlySet<string> = new Set(['read-only', 'action-policy', 'change-window']);

/** An action of which is not known yet what it would send. */
const sketchOf = (action: ActionDefinition, intent: Intent, scene: PlanScene): ActPlan =>
  wholePlan(
    action,
    intent,
    {
      title: action.title,
      effect: action.effect,
      typed: '',
      requests: [],
      rights: [],
      dangers: [],
      refusals: [],
      bounds: { time: seconds(1), bytes: kib(1) },
      weight: noWeight,
    },
    scene,
  );

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
    if (!open && action.prepare === undefined) return { kind: 'failed', failure: made.failure };
    const verdict = judge(
      guards.filter((g) => placeGuards.has(g.id)),
      sketchOf(action, intent, scene),
      facts(sketchOf(action, intent, scene)),
      scene.now,
    );
    return verdict.outcome === 'deny' && verdict.reasons[0]?.guard !== 'default'
      ? { kind: 'judged', verdict }
      : { kind: 'unknown' };
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
