import { type ActPlan, noWeight } from '../kernel/act.ts';
import { failed, failure, ok } from '../kernel/failure.ts';
import { seconds } from '../kernel/units.ts';
import type { ActionDefinition } from './action.ts';
import { sendInOrder } from './send-in-order.ts';

const definition = (id: 'cordon' | 'uncordon', unschedulable: boolean): ActionDefinition => ({
  id,
  title: id,
  keys: [],
  aliases: [],
  resources: ['nodes'],
  effect: 'write',
  shown: false,
  elsewhere: `kubectl ${id} {name}`,
  inputs: [],
  plan: ({ subject }) => {
    if (subject.kind !== 'object' || subject.resource !== 'nodes') {
      return failed(failure('misconfigured', id, 'only a node can be cordoned'));
    }
    return ok({
      title: `${id} node ${subject.name}`,
      effect: 'write',
      typed: subject.name,
      requests: [
        {
          kind: 'kubernetes',
          method: 'PATCH',
          path: `/api/v1/nodes/${encodeURIComponent(subject.name)}`,
          contentType: 'application/strategic-merge-patch+json',
          body: JSON.stringify({ spec: { unschedulable } }),
        },
      ],
      rights: [{ verb: 'patch', group: '', resource: 'nodes', namespace: '', name: subject.name }],
      dangers: unschedulable
        ? ['No pod is scheduled to this node until it is uncordoned; those that run there stay.']
        : ['Pods are scheduled to this node again.'],
      refusals: [],
      bounds: { time: seconds(30), bytes: (1 << 20) as ActPlan['bounds']['bytes'] },
      weight: noWeight,
    });
  },
  perform: sendInOrder,
});

/** Keeps new pods from a node. */
export const cordon = definition('cordon', true);
/** Lets pods be scheduled to a node again. */
export const uncordon = definition('uncordon', false);
