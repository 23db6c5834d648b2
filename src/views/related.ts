import { probeId } from '../kernel/fact.ts';
import { keyOf, type Slim } from '../kernel/kind.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { kindByResource } from '../probes/index.ts';
import { jobs } from '../probes/jobs.ts';
import type { Owner } from '../probes/meta.ts';
import type { Objects } from '../probes/object-probe.ts';
import { type Pod, pods } from '../probes/pods.ts';
import { replicasets } from '../probes/replicasets.ts';
import { type Labels, selects } from './parts/label-selector.ts';
import type { ObjectRef } from './view.ts';

interface Owned extends Slim {
  readonly owner?: Owner | null;
}

/** Plural name of a built-in kind: `Deployment` → `deployments`; null when it is none. */
export const resourceOfKind = (kind: string): string | null => {
  for (const k of kindByResource.values()) if (k.ref.kind === kind) return k.ref.resource;
  return null;
};

/** The slim object behind a reference, when its kind is watched and it is known. */
export const objectOf = (world: World, ref: ObjectRef): Slim | null => {
  if (!kindByResource.has(ref.resource)) return null;
  const slice = world.slices.get(probeId(ref.resource));
  return (slice?.state as Objects<Slim> | undefined)?.get(keyOf(ref)) ?? null;
};

/** The object that controls this one; null when there is none or its kind is not watched. */
export const ownerOf = (world: World, ref: ObjectRef): ObjectRef | null => {
  const owner = (objectOf(world, ref) as Owned | null)?.owner;
  if (owner == null) return null;
  const resource = resourceOfKind(owner.kind);
  if (resource === null) return null;
  const namespaced = kindByResource.get(resource)?.ref.namespaced === true;
  return { resource, namespace: namespaced ? ref.namespace : '', name: owner.name };
};

/** Owners from the nearest up. Cycles cannot come from a server, but from a recording; four levels are plenty. */
export const ownersOf = (world: World, ref: ObjectRef): readonly ObjectRef[] => {
  const chain: ObjectRef[] = [];
  let at = ownerOf(world, ref);
  while (at !== null && chain.length < 4) {
    chain.push(at);
    at = ownerOf(world, at);
  }
  return chain;
};

/** The node that this object runs on or is about; null when there is none. */
export const nodeOf = (world: World, ref: ObjectRef): ObjectRef | null => {
  if (ref.resource === 'nodes') return ref;
  if (ref.resource !== 'pods') return null;
  const pod = sliceOf(world, pods).state.get(keyOf(ref));
  return pod === undefined || pod.node === ''
    ? null
    : { resource: 'nodes', namespace: '', name: pod.node };
};

/** Which pods belong to an object, and what the answer was computed from. */
export interface PodsOf {
  readonly belongs: (pod: Pod) => boolean;
  /** Identities of the states that were looked at: the answer holds while they are the same. */
  readonly from: readonly unknown[];
}

const none = () => false;

const ownedBy = (uids: ReadonlySet<string>) => (pod: Pod) =>
  pod.owner !== null && uids.has(pod.owner.uid);

const uidsOwnedBy = (objects: Objects<Owned>, owner: Slim): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const o of objects.values()) if (o.owner?.uid === owner.uid) found.add(o.uid);
  return found;
};

/** By the labels that an object selects, where no owner can tell: a service, or replica sets that may not be read. */
const selectedBy = (world: World, ref: ObjectRef): ((pod: Pod) => boolean) => {
  const { selector = {} } = objectOf(world, ref) as { selector?: Labels } & Slim;
  const wanted = Object.entries(selector).map(
    ([key, value]) => ({ kind: 'in', key, values: [value] }) as const,
  );
  if (wanted.length === 0) return none;
  return (pod) => pod.namespace === ref.namespace && selects(wanted, pod.labels);
};

/** Names outlive uids: pods of a node, or of an object that is not known, are found by name. */
export const podsOfObject = (world: World, ref: ObjectRef): PodsOf => {
  const { resource, namespace, name } = ref;
  if (resource === 'nodes') return { belongs: (pod) => pod.node === name, from: [] };
  if (resource === 'namespaces') return { belongs: (pod) => pod.namespace === name, from: [] };
  if (resource === 'persistentvolumeclaims') {
    return { belongs: (pod) => pod.namespace === namespace && pod.claims.includes(name), from: [] };
  }
  const object = objectOf(world, ref);
  if (object === null) return { belongs: none, from: [object] };
  if (resource === 'deployments') {
    const { state } = sliceOf(world, replicasets);
    const sets = uidsOwnedBy(state, object);
    return {
      belongs: sets.size > 0 ? ownedBy(sets) : selectedBy(world, ref),
      from: [object, state],
    };
  }
  if (resource === 'cronjobs') {
    const { state } = sliceOf(world, jobs);
    return {
      belongs: ownedBy(uidsOwnedBy(state as Objects<Owned>, object)),
      from: [object, state],
    };
  }
  if (resource === 'services') return { belongs: selectedBy(world, ref), from: [object] };
  return { belongs: ownedBy(new Set([object.uid])), from: [object] };
};
