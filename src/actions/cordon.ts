import { noWeight } from '../kernel/act.ts';
import { ok } from '../kernel/failure.ts';
import type { Node } from '../probes/nodes.ts';
import { pods as podProbe } from '../probes/pods.ts';
import type { ActionDefinition, PlanScene } from './action.ts';
import { counted } from './counted.ts';
import { patchOf, shortBounds } from './object-request.ts';
import { plannedObject, rightTo, watched } from './planned-object.ts';
import { sendInOrder } from './send-in-order.ts';

const resources = ['nodes'];

const podsOn = (node: string, scene: PlanScene): string => {
  const { objects, old } = watched(scene, podProbe);
  if (old !== '') return 'Those that run there stay; how many is not known.';
  const there = [...objects.values()].filter(
    (p) => p.node === node && p.phase !== 'Succeeded' && p.phase !== 'Failed',
  ).length;
  return `${counted(there, 'pod')} that ${there === 1 ? 'runs there stays' : 'run there stay'}.`;
};

const definition = (id: 'cordon' | 'uncordon', unschedulable: boolean): ActionDefinition => ({
  id,
  title: id,
  keys: [],
  aliases: [],
  resources,
  effect: 'write',
  shown: false,
  elsewhere: `kubectl ${id} {name}`,
  inputs: [],
  plan: (intent, scene) => {
    const planned = plannedObject(intent, scene, resources);
    if (!planned.ok) return planned;
    const { subject, object, refusals, unknown } = planned.value;
    const node = object as Node | undefined;
    const isSo = node !== undefined && node.unschedulable === unschedulable;
    return ok({
      title: `${id} node ${subject.name}`,
      effect: 'write',
      typed: subject.name,
      subject,
      requests: [patchOf(planned.value, { spec: { unschedulable } })],
      rights: [rightTo('patch', planned.value)],
      dangers: unschedulable
        ? [
            'No new pod is scheduled to this node until it is uncordoned.',
            podsOn(subject.name, scene),
          ]
        : ['Pods are scheduled to this node again.'],
      refusals: [
        ...refusals,
        ...(isSo ? [unschedulable ? 'it is cordoned already' : 'it is not cordoned'] : []),
      ],
      bounds: shortBounds,
      weight: { ...noWeight, unknown },
    });
  },
  perform: sendInOrder,
});

/** Keeps new pods from a node. */
export const cordon = definition('cordon', true);
/** Lets pods be scheduled to a node again. */
export const uncordon = definition('uncordon', false);
