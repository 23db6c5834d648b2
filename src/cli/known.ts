import { catalogue } from '../actions/catalogue.ts';
import type { World } from '../kernel/world.ts';
import { sliceOf } from '../kernel/world.ts';
import { discovery, resourceKey } from '../probes/discovery.ts';
import { objectKinds } from '../probes/index.ts';
import { namespaces } from '../probes/namespaces.ts';
import { glassCommands } from '../views/act/act-commands.ts';
import type { Known, KnownResource } from '../views/command.ts';
import { themeNames } from '../views/parts/theme.ts';
import type { View } from '../views/view.ts';

/** Short names of the kinds that are always there, known before the server has been asked. */
const shortNames: Readonly<Record<string, readonly string[]>> = {
  namespaces: ['ns'],
  nodes: ['no'],
  pods: ['po'],
  deployments: ['deploy', 'dp'],
  replicasets: ['rs'],
  statefulsets: ['sts'],
  daemonsets: ['ds'],
  jobs: ['job'],
  cronjobs: ['cj'],
  services: ['svc'],
  endpointslices: ['eps'],
  events: ['ev'],
  persistentvolumeclaims: ['pvc'],
  leases: ['lease'],
  customresourcedefinitions: ['crd', 'crds'],
};

const builtIn: readonly KnownResource[] = objectKinds.map(({ ref }) => ({
  resource: ref.resource,
  namespaced: ref.namespaced,
  names: [
    ref.resource,
    ...(shortNames[ref.resource] ?? []),
    ref.kind.toLowerCase(),
    ...(ref.group === '' ? [] : [`${ref.resource}.${ref.group}`]),
  ],
}));

/** Names for command mode, from the built-in kinds, the server's discovery and the configuration. */
export const knownOf = (
  views: readonly View[],
  contexts: () => readonly string[],
  aliases: Readonly<Record<string, string>>,
): ((world: World) => Known) => {
  let last: { readonly served: unknown; readonly resources: readonly KnownResource[] } | undefined;
  return (world) => {
    const served = sliceOf(world, discovery).state;
    if (last?.served !== served) {
      const extra = served
        .filter(
          (r) =>
            !builtIn.some((b) => b.resource === resourceKey(r) || b.names.includes(resourceKey(r))),
        )
        .map((r) => ({
          resource: resourceKey(r),
          namespaced: r.namespaced,
          names: [
            resourceKey(r),
            r.resource,
            ...r.shortNames,
            r.singular,
            r.kind.toLowerCase(),
          ].filter((n) => n !== ''),
        }));
      const all = [...builtIn, ...extra];
      const aliased = all.map((r) => ({
        ...r,
        names: [
          ...r.names,
          ...Object.keys(aliases).filter((a) => r.names.includes(aliases[a] ?? '')),
        ],
      }));
      last = { served, resources: aliased };
    }
    return {
      resources: last.resources,
      namespaces: [...sliceOf(world, namespaces).state.keys()],
      contexts: contexts(),
      views: views.map(({ id, aliases: names }) => ({ id, aliases: names })),
      actions: [
        ...catalogue.map(({ id, aliases: names }) => ({ id, aliases: names })),
        ...glassCommands,
      ],
      themes: themeNames,
    };
  };
};
