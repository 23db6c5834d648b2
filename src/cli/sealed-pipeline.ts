import type { PlanScene } from '../actions/action.ts';
import { definitionOf } from '../actions/catalogue.ts';
import { type Facts, type Guard, unknown } from '../actions/guard.ts';
import { judge } from '../actions/judge.ts';
import type { Pipeline } from '../actions/pipeline.ts';
import { planOf } from '../actions/plan-of.ts';
import type { PolicyClass } from '../actions/policy.ts';
import { type ActPlan, type Intent, rightText } from '../kernel/act.ts';
import { failed, failure, ok } from '../kernel/failure.ts';

const notAsked = unknown('not asked in a replay');

/** What a recording cannot tell of a plan: nobody is asked, and nothing is written down. */
export const sealedFacts = (
  plan: ActPlan,
  known: Pick<Facts, 'mode' | 'glass' | 'production'> & { readonly policy: PolicyClass },
): Facts => ({
  ...known,
  identity: notAsked,
  rights: new Map(plan.rights.map((right) => [rightText(right), notAsked])),
  uid: notAsked,
  windows: notAsked,
  used: { bytes: 0, streams: 0 },
  writes: [],
  approval: notAsked,
  audit: unknown('nothing is written down in a replay'),
});

export interface SealedPipelineDeps {
  readonly guards: readonly Guard[];
  readonly scene: (intent: Intent) => PlanScene;
  readonly facts: (plan: ActPlan) => Facts;
  readonly newId: () => string;
}

/** The door of a recording: plans and judges from the recorded world, and has no way out. */
export const sealedPipeline = (deps: SealedPipelineDeps): Pipeline => ({
  ask: async (intent) => {
    const action = definitionOf(intent.action);
    if (action === null) {
      return failed(failure('absent', 'plan', `there is no action ${intent.action}`));
    }
    const scene = deps.scene(intent);
    const plan = planOf(action, intent, scene);
    if (!plan.ok) return plan;
    const facts = deps.facts(plan.value);
    const verdict = judge(deps.guards, plan.value, facts, scene.now);
    return ok({ act: deps.newId(), intent, plan: plan.value, facts, verdict });
  },
  carryOut: async () => ({
    kind: 'failed',
    failure: failure('forbidden', 'carry out', 'this is a recording: nothing is sent'),
    bytes: 0,
  }),
  decline: async () => undefined,
});
