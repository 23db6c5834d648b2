import { ok, type Result } from '../kernel/failure.ts';
import { oneLine } from '../probes/one-line.ts';
import type { Pod } from '../probes/pods.ts';
import type { ActionDefinition, PlanDraft } from './action.ts';
import { type Budgets, disruptionBudgets, noBudgets } from './disruption-budgets.ts';
import { deletionOf, shortBounds } from './object-request.ts';
import { nameOf, type PlannedObject, plannedObject, rightTo } from './planned-object.ts';
import { sendInOrder } from './send-in-order.ts';

const resources = ['pods'];

/** Who makes another one, in words. */
const after = ({ owner, claims }: Pod): readonly string[] => {
  if (owner === null) return ['Nothing owns it: it is gone for good.'];
  const name = oneLine(owner.name);
  switch (owner.kind) {
    case 'ReplicaSet':
    case 'ReplicationController':
      return [`${owner.kind} ${name} makes another one, under another name.`];
    case 'StatefulSet':
      return [
        `StatefulSet ${name} makes it again under the same name${claims.length === 0 ? '' : `, with the same ${claims.length === 1 ? 'volume' : `${claims.length} volumes`}`}.`,
      ];
    case 'DaemonSet':
      return [`DaemonSet ${name} makes another one on the same node.`];
    case 'Job':
      return [`Job ${name} may make another one, and counts this one as failed.`];
    case 'Node':
      return [
        'It is a static pod: only its entry is deleted and made again, what runs on the node goes on.',
      ];
    default:
      return [`${oneLine(owner.kind)} ${name} owns it, and may make another one.`];
  }
};

const draftOf = (object: PlannedObject, budgets: Budgets): PlanDraft => {
  const pod = object.object as Pod | undefined;
  const { subject } = object;
  return {
    title: `delete pod ${nameOf(object)}`,
    effect: 'write',
    typed: subject.name,
    subject,
    requests: [deletionOf(object)],
    rights: [rightTo('delete', object)],
    dangers: [
      ...(pod === undefined ? [] : after(pod)),
      ...(pod === undefined
        ? []
        : [
            `${pod.ready} of ${pod.total} containers are ready; they are told to end, and have as long as the pod grants them.`,
          ]),
      'What it keeps in memory and in volumes of its own is lost, its logs too.',
      ...budgets.words,
    ],
    refusals: [
      ...object.refusals,
      ...(pod !== undefined && pod.deleting !== null ? ['it is being deleted already'] : []),
      ...(subject.uid === null ? ['it is not known which pod of this name is meant'] : []),
    ],
    bounds: shortBounds,
    weight: {
      pods: pod?.owner?.kind === 'Node' ? 0 : 1,
      disruptionsAllowed: budgets.allowed,
      quorumMargin: null,
      images: [],
      unknown: [...object.unknown, ...budgets.unknown],
    },
  };
};

/** Deletes the very pod that was looked at; one that has taken its name meanwhile is left alone. */
export const deletePod: ActionDefinition = {
  id: 'delete-pod',
  title: 'delete',
  keys: ['ctrl-d'],
  aliases: ['delete', 'kill'],
  resources,
  effect: 'write',
  shown: false,
  elsewhere: 'kubectl delete -n {namespace} pod {name}',
  inputs: [],
  plan: (intent, scene): Result<PlanDraft> => {
    const object = plannedObject(intent, scene, resources);
    return object.ok ? ok(draftOf(object.value, noBudgets)) : object;
  },
  prepare: async (intent, scene, reads, signal) => {
    const object = plannedObject(intent, scene, resources);
    if (!object.ok) return object;
    const pod = object.value.object as Pod | undefined;
    const budgets = await disruptionBudgets(
      reads,
      object.value.subject.namespace,
      pod === undefined ? [] : [pod.labels],
      signal,
    );
    return ok(draftOf(object.value, budgets));
  },
  perform: sendInOrder,
};
