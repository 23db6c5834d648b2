import type { PlanScene } from '../actions/action.ts';
import { definitionOf } from '../actions/catalogue.ts';
import type { Facts, Guard } from '../actions/guard.ts';
import { type PreviewOf, previewOf } from '../actions/preview.ts';
import type { ActPlan, Intent } from '../kernel/act.ts';
import { type EpochMs, seconds, since } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';

export interface PreviewDeps {
  readonly guards: readonly Guard[];
  readonly scene: (intent: Intent) => PlanScene;
  /** What is remembered of all that guards ask for. */
  readonly remembered: (plan: ActPlan) => Facts;
}

/** What guards remember changes without the world, e.g. when a right has been asked for. */
const previewStands = seconds(2);

/** A screen asks for the same previews with every key; a plan may count all pods of a cluster. */
export const rememberedPreviews = (deps: PreviewDeps): ((intent: Intent) => PreviewOf) => {
  const known = new WeakMap<World, Map<string, { readonly at: EpochMs; readonly is: PreviewOf }>>();
  return (intent) => {
    const action = definitionOf(intent.action);
    if (action === null) return { kind: 'unknown' };
    const scene = deps.scene(intent);
    const ofWorld = known.get(scene.world) ?? new Map();
    known.set(scene.world, ofWorld);
    const key = JSON.stringify([intent.action, intent.subject, intent.args]);
    const was = ofWorld.get(key);
    if (was !== undefined && since(was.at, scene.now) < previewStands) return was.is;
    const is = previewOf(action, intent, scene, deps.guards, deps.remembered);
    ofWorld.set(key, { at: scene.now, is });
    return is;
  };
};
