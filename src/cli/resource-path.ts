import { type ResourceRef, resourcePath } from '../kernel/kind.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import { kindByResource } from '../probes/index.ts';
import type { ObjectRef } from '../views/view.ts';

/** Where a resource is served, by its key (`pods`, `certificates.cert-manager.io`); null when the server does not say. */
export const refOfResource = (world: World, key: string): ResourceRef | null =>
  kindByResource.get(key)?.ref ??
  sliceOf(world, discovery).state.find((r) => resourceKey(r) === key || r.resource === key) ??
  null;

/** Path of one object on the API server. */
export const objectPath = (world: World, object: ObjectRef): string | null => {
  const ref = refOfResource(world, object.resource);
  return ref === null ? null : resourcePath(ref, object.namespace, object.name);
};

/** Path of all events about one object, warnings or not. */
export const eventsPath = (world: World, object: ObjectRef): string | null => {
  const ref = refOfResource(world, object.resource);
  if (ref === null) return null;
  const selector = [
    `involvedObject.kind=${ref.kind}`,
    `involvedObject.name=${object.name}`,
    ...(object.namespace === '' ? [] : [`involvedObject.namespace=${object.namespace}`]),
  ].join(',');
  // Events about cluster-scoped objects are kept in `default`, those about others beside them.
  const path =
    object.namespace === ''
      ? '/api/v1/events'
      : `/api/v1/namespaces/${encodeURIComponent(object.namespace)}/events`;
  return `${path}?limit=200&fieldSelector=${encodeURIComponent(selector)}`;
};
