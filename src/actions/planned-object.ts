import type { ActRight, ActSubject, Intent } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { keyOf, type ResourceRef, resourcePath, type Slim } from '../kernel/kind.ts';
import { type Slice, sliceFreshness, sliceOf, type World } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import { kindByResource, objectProbes } from '../probes/index.ts';
import type { ObjectProbe, Objects } from '../probes/object-probe.ts';
import type { PlanScene } from './action.ts';

export type ObjectSubject = Extract<ActSubject, { kind: 'object' }>;

/** An object that something is to be done to, as far as the world knows it. */
export interface PlannedObject {
  /** With the uid of the world where the wish has none. */
  readonly subject: ObjectSubject;
  readonly ref: ResourceRef;
  /** `deployment` */
  readonly word: string;
  readonly path: string;
  readonly object: Slim | undefined;
  /** Why nothing may be done to it. */
  readonly refusals: readonly string[];
  /** What is not known of it. */
  readonly unknown: readonly string[];
}

const refOf = (resource: string, world: World): ResourceRef | undefined =>
  kindByResource.get(resource)?.ref ??
  sliceOf(world, discovery).state.find((r) => resourceKey(r) === resource);

const probeOf = (resource: string): ObjectProbe<Slim> | undefined =>
  objectProbes.find((p) => p.id === resource) as ObjectProbe<Slim> | undefined;

/** What is watched of a kind, and why that may be old; '' when it is not. */
export const watched = <S extends Slim>(
  { world, now }: Pick<PlanScene, 'world' | 'now'>,
  probe: ObjectProbe<S>,
): { readonly objects: Objects<S>; readonly old: string } => {
  const slice: Slice<Objects<S>> = sliceOf(world, probe);
  const { kind } = sliceFreshness(slice, probe, now);
  return { objects: slice.state, old: kind === 'fresh' ? '' : `${probe.title} are not seen now` };
};

/** The object of a wish, of one of these kinds; [] is any kind that the server serves. */
export const plannedObject = (
  { action, subject }: Intent,
  scene: Pick<PlanScene, 'world' | 'now'>,
  resources: readonly string[],
): Result<PlannedObject> => {
  const wrong = (why: string): Result<never> => failed(failure('misconfigured', action, why));
  if (subject.kind !== 'object' || (resources.length > 0 && !resources.includes(subject.resource)))
    return wrong(`it is about ${resources.length === 0 ? 'objects' : resources.join(', ')} only`);
  const ref = refOf(subject.resource, scene.world);
  if (ref === undefined) return wrong(`the server is not known to serve ${subject.resource}`);
  if (subject.name === '' || (ref.namespaced && subject.namespace === ''))
    return wrong('it has to be one object, with its namespace');
  const word = ref.kind.toLowerCase();
  const probe = probeOf(subject.resource);
  const seen = probe === undefined ? null : watched(scene, probe);
  const object = seen?.objects.get(keyOf(subject));
  const uid = subject.uid ?? object?.uid ?? null;
  const replaced = object !== undefined && subject.uid !== null && object.uid !== subject.uid;
  const gone = seen !== null && seen.old === '' && object === undefined;
  return ok({
    subject: { ...subject, uid },
    ref,
    word,
    // Names of roles may have a colon, which a path may have too.
    path: resourcePath(ref, subject.namespace, subject.name).replaceAll('%3A', ':'),
    object,
    refusals: [
      ...(replaced ? [`${subject.name} has been replaced by another of the same name`] : []),
      ...(gone ? [`there is no ${word} ${keyOf(subject)}`] : []),
    ],
    unknown: seen === null || seen.old === '' ? [] : [seen.old],
  });
};

/** What the server has to allow. */
export const rightTo = (
  verb: string,
  { ref, subject }: Pick<PlannedObject, 'ref' | 'subject'>,
  sub = '',
): ActRight => ({
  verb,
  group: ref.group,
  resource: sub === '' ? ref.resource : `${ref.resource}/${sub}`,
  namespace: subject.namespace,
  name: subject.name,
});

/** `payments/gateway`, `worker-1` */
export const nameOf = ({ subject }: Pick<PlannedObject, 'subject'>): string => keyOf(subject);
