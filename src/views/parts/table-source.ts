import type { ScopedFreshness } from '../../kernel/freshness.ts';
import type { Slim } from '../../kernel/kind.ts';
import type { ApiResource } from '../../kernel/ports.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { sliceOf, type World } from '../../kernel/world.ts';
import { discovery, resourceKey } from '../../probes/discovery.ts';
import { tableScope, tables } from '../../probes/tables.ts';
import { dynamicTable } from '../resources/dynamic.ts';
import { kindTable } from '../resources/index.ts';
import type { ResourceTable } from '../resources/resource-table.ts';
import { relevantScopes, type Scoped } from './freshness-notes.ts';

/** Where the rows of a resource come from. */
export type Source =
  | {
      readonly kind: 'known';
      readonly table: ResourceTable<Slim>;
      readonly objects: ReadonlyMap<string, Slim>;
      readonly scopes: readonly Scoped[];
    }
  /** Not a kind that is watched, and the server is not known to serve it. */
  | { readonly kind: 'unserved'; readonly looked: boolean };

const noObjects: ReadonlyMap<string, Slim> = new Map();
const noColumns: readonly never[] = [];

/** The part of a table's scopes that bears on a namespace, without the resource's name in front. */
const tableScopes = (
  scopes: ScopedFreshness,
  resource: string,
  namespace: string,
): ScopedFreshness => {
  const own = scopes.get(tableScope(resource, namespace));
  const whole = scopes.get(resource);
  if (own !== undefined) return new Map([[namespace, own]]);
  return whole === undefined ? new Map() : new Map([['', whole]]);
};

const fromTables = (
  world: World,
  resource: ApiResource,
  namespace: string,
  now: EpochMs,
): Source => {
  const key = resourceKey(resource);
  const slice = sliceOf(world, tables);
  const table = slice.state.get(tableScope(key, namespace)) ?? slice.state.get(tableScope(key, ''));
  const scopes = table === undefined ? new Map() : tableScopes(slice.scopes, key, namespace);
  return {
    kind: 'known',
    // biome-ignore lint/suspicious/noExplicitAny: the rows of a table are given only to the table they belong to
    table: dynamicTable(resource, table?.columns ?? noColumns) as ResourceTable<any>,
    objects: table?.rows ?? noObjects,
    scopes: relevantScopes(scopes, namespace, now, tables.patience),
  };
};

/** Finds the rows of a resource: a watched kind's own slice, else the server's table of it. */
export const sourceOf = (
  world: World,
  resource: string,
  namespace: string,
  now: EpochMs,
): Source => {
  const kind = kindTable.get(resource);
  if (kind !== undefined) {
    const slice = sliceOf(world, kind.probe);
    return {
      kind: 'known',
      table: kind,
      objects: slice.state,
      scopes: relevantScopes(slice.scopes, namespace, now, kind.probe.patience),
    };
  }
  const served = sliceOf(world, discovery);
  const found = served.state.find((r) => resourceKey(r) === resource);
  return found === undefined
    ? { kind: 'unserved', looked: served.scopes.get('')?.kind === 'fresh' }
    : fromTables(world, found, namespace, now);
};
