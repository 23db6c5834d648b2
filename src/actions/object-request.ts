import type { ActPlan, EffectRequest } from '../kernel/act.ts';
import { mib, seconds } from '../kernel/units.ts';
import type { PlannedObject } from './planned-object.ts';

type KubernetesRequest = Extract<EffectRequest, { kind: 'kubernetes' }>;

/** One request to the API server is over by then, or is given up. */
export const shortBounds: ActPlan['bounds'] = { time: seconds(40), bytes: mib(8) };

/** The server refuses a patch that names another uid than the object has. */
const pinned = ({ subject }: Pick<PlannedObject, 'subject'>): object =>
  subject.uid === null ? {} : { uid: subject.uid };

/** A patch of the very object that was looked at. */
export const patchOf = (
  object: Pick<PlannedObject, 'subject' | 'path'>,
  change: {
    readonly annotations?: Readonly<Record<string, string | null>>;
    readonly spec?: object;
  },
  type: 'strategic-merge' | 'merge' = 'strategic-merge',
): KubernetesRequest => {
  const { annotations, spec } = change;
  const metadata = {
    ...pinned(object),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return {
    kind: 'kubernetes',
    method: 'PATCH',
    path: `${object.path}?fieldManager=midwatch`,
    contentType: `application/${type}-patch+json`,
    body: JSON.stringify({
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(spec === undefined ? {} : { spec }),
    }),
  };
};

/** The number of replicas, only if the object and its number are still what they were. */
export const scaleOf = (
  { subject, path }: Pick<PlannedObject, 'subject' | 'path'>,
  from: number,
  to: number,
): KubernetesRequest => ({
  kind: 'kubernetes',
  method: 'PATCH',
  path: `${path}/scale?fieldManager=midwatch`,
  contentType: 'application/json-patch+json',
  body: JSON.stringify([
    ...(subject.uid === null ? [] : [{ op: 'test', path: '/metadata/uid', value: subject.uid }]),
    // The server leaves a zero out, and what is left out tests as null.
    { op: 'test', path: '/spec/replicas', value: from === 0 ? null : from },
    { op: 'add', path: '/spec/replicas', value: to },
  ]),
});

/** The deletion of the very object that was looked at. Without a uid nothing can be deleted. */
export const deletionOf = ({
  subject,
  path,
}: Pick<PlannedObject, 'subject' | 'path'>): KubernetesRequest => ({
  kind: 'kubernetes',
  method: 'DELETE',
  path,
  contentType: 'application/json',
  body: JSON.stringify({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: subject.uid ?? '' },
  }),
});
