import type { ActSubject } from '../kernel/act.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import { kindByResource } from '../probes/index.ts';
import { refOfName } from './step-subject.ts';

const wrong = (message: string): Result<never> =>
  failed(
    failure('misconfigured', 'read the target', message, {
      hint: 'write it as deploy/cart -n shop, node/worker-1, etcd/main/member-1, or alerts',
    }),
  );

/** Key of a resource by any of its names; what nobody knows is taken as it is written. */
const resourceOf = (world: World, written: string): Pick<Known, 'resource' | 'namespaced'> => {
  const ref = refOfName(world, written);
  if (ref !== null) return { resource: resourceKey(ref), namespaced: ref.namespaced };
  return { resource: written, namespaced: null };
};

interface Known {
  readonly resource: string;
  readonly namespaced: boolean | null;
}

/** What an action would be about: `deploy/cart`, `node/worker-1`, `etcd/main`, `alerts`. */
export const policyTarget = (
  written: string,
  namespace: string,
  world: World,
): Result<ActSubject> => {
  const [kind = '', name = '', member = '', ...rest] = written.split('/');
  if (rest.length > 0 || kind === '') return wrong(`'${written}' is no target`);
  if (kind === 'etcd') return ok({ kind: 'etcd', cluster: name, member });
  if (member !== '') return wrong(`'${written}' is no target`);
  if (kind === 'alerts') return ok({ kind: 'alerts', cluster: name });
  if (name === '') return wrong(`'${written}' has no name`);
  const { resource, namespaced } = resourceOf(world, kind);
  if (namespaced === true && namespace === '') return wrong(`${kind} need a namespace`);
  const within = namespaced === false ? '' : namespace;
  return ok({
    kind: 'object',
    resource: keyOf(world, resource),
    namespace: within,
    name,
    uid: null,
  });
};

/** Built-in kinds go by their plural alone, also those of a group. */
const keyOf = (world: World, resource: string): string => {
  const [plural = ''] = resource.split('.');
  const builtIn = kindByResource.get(plural);
  if (builtIn === undefined) return resource;
  const served = sliceOf(world, discovery).state.find((r) => resourceKey(r) === resource);
  return served === undefined || served.group === builtIn.ref.group ? plural : resource;
};
