import type { ActArgs, ActPlan, Intent } from '../kernel/act.ts';
import { ok, type Result } from '../kernel/failure.ts';
import type { ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { planText } from './digest.ts';

/** A draft with what stands in every plan. */
export const wholePlan = (
  action: Pick<ActionDefinition, 'id'>,
  intent: Intent,
  draft: PlanDraft,
  scene: Pick<PlanScene, 'context' | 'digest'>,
): ActPlan => {
  const whole = {
    subject: intent.subject,
    ...draft,
    action: action.id,
    context: scene.context,
    args: intent.args,
  };
  return { ...whole, digest: scene.digest(planText(whole)) };
};

/** The plan as far as the world alone tells: nothing outside is read. */
export const planOf = (
  action: ActionDefinition,
  intent: Intent,
  scene: PlanScene,
): Result<ActPlan> => {
  const draft = action.plan(intent, scene);
  return draft.ok ? ok(wholePlan(action, intent, draft.value, scene)) : draft;
};

/** The inputs that are not given yet, filled with what usually stands there. */
export const usualArgs = (action: ActionDefinition, intent: Intent, scene: PlanScene): ActArgs => ({
  ...Object.fromEntries(
    action.inputs.map((input) => [input.name, input.usual(scene, intent.subject)]),
  ),
  ...intent.args,
});
