import { ok, type Result } from '../kernel/failure.ts';
import type { ActionDefinition, PlanDraft, PlanScene } from './action.ts';
import { counted } from './counted.ts';
import { type Budgets, disruptionBudgets, noBudgets } from './disruption-budgets.ts';
import { patchOf, shortBounds } from './object-request.ts';
import { nameOf, type PlannedObject, plannedObject, rightTo } from './planned-object.ts';
import { podsBehind } from './pods-behind.ts';
import { sendInOrder } from './send-in-order.ts';
import { type WorkloadNow, workloadNow, workloadSeen } from './workload-now.ts';

const resources = ['deployments', 'statefulsets', 'daemonsets'];

const paceOf = ({ strategy, maxUnavailable }: WorkloadNow, pods: number): readonly string[] => {
  if (strategy === 'Recreate') {
    return [`All ${counted(pods, 'pod')} end before the first new one starts (strategy Recreate).`];
  }
  if (strategy === 'OnDelete')
    return ['Nothing is restarted until pods are deleted (strategy OnDelete).'];
  return strategy === 'RollingUpdate' && maxUnavailable !== ''
    ? [`They are replaced step by step, with at most ${maxUnavailable} of them missing.`]
    : [];
};

const draftOf = (
  object: PlannedObject,
  now: WorkloadNow,
  budgets: Budgets,
  scene: PlanScene,
): PlanDraft => {
  const { word, subject } = object;
  const behind = podsBehind(object, scene);
  const pods = behind.pods.length;
  const replaced = now.uid !== '' && subject.uid !== null && now.uid !== subject.uid;
  const at = `${new Date(scene.now).toISOString().slice(0, 19)}Z`;
  return {
    title: `restart ${word} ${nameOf(object)}`,
    effect: 'write',
    typed: subject.name,
    subject,
    requests: [
      patchOf(object, {
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } },
        },
      }),
    ],
    rights: [rightTo('patch', object)],
    dangers: [
      `All ${counted(pods, 'pod')} behind it ${pods === 1 ? 'is' : 'are'} replaced; ${behind.ready} of them ${behind.ready === 1 ? 'is' : 'are'} ready now.`,
      ...paceOf(now, pods),
      ...budgets.words,
    ],
    refusals: [
      ...object.refusals,
      ...(replaced && object.refusals.length === 0
        ? [`${subject.name} has been replaced by another of the same name`]
        : []),
      ...(now.paused ? ['its rollout is paused: nothing would happen until it is resumed'] : []),
    ],
    bounds: shortBounds,
    weight: {
      pods,
      disruptionsAllowed: budgets.allowed,
      quorumMargin: null,
      images: [],
      unknown: [...new Set([...object.unknown, ...behind.unknown, ...budgets.unknown])],
    },
  };
};

/** Replaces all pods of a workload, at the pace that it has set itself: `kubectl rollout restart`. */
export const restart: ActionDefinition = {
  id: 'restart',
  title: 'rollout restart',
  keys: ['r'],
  aliases: ['rollout-restart'],
  resources,
  effect: 'write',
  shown: false,
  elsewhere: 'kubectl rollout restart -n {namespace} {resource}/{name}',
  inputs: [],
  plan: (intent, scene): Result<PlanDraft> => {
    const object = plannedObject(intent, scene, resources);
    return object.ok
      ? ok(draftOf(object.value, workloadSeen(object.value), noBudgets, scene))
      : object;
  },
  prepare: async (intent, scene, reads, signal) => {
    const object = plannedObject(intent, scene, resources);
    if (!object.ok) return object;
    const now = await workloadNow(object.value, reads, signal);
    if (!now.ok) return now;
    const { pods } = podsBehind(object.value, scene);
    const budgets = await disruptionBudgets(
      reads,
      object.value.subject.namespace,
      pods.map((p) => p.labels),
      signal,
    );
    return ok(draftOf(object.value, now.value, budgets, scene));
  },
  perform: sendInOrder,
};
