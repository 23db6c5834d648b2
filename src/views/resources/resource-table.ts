import type { Slim } from '../../kernel/kind.ts';
import type { ObjectProbe } from '../../probes/object-probe.ts';
import type { Labels } from '../parts/label-selector.ts';
import type { Column, Table } from '../parts/table.ts';
import { ageOf } from '../parts/words.ts';
import type { Target } from '../view.ts';

/** What every kind here has besides the minimum. */
export interface Labelled extends Slim {
  readonly labels: Labels;
}

/** How a kind is listed, as data. */
export interface ResourceTable<S extends Slim> extends Table<S> {
  /** Key of the resource in commands and references: `pods`. */
  readonly resource: string;
  /** `pod`, for sentences. */
  readonly singular: string;
  readonly title: string;
  readonly namespaced: boolean;
  /** Further names in command mode, besides the plural, the singular and the kind. */
  readonly shortNames: readonly string[];
  /** Id of the column that rows are sorted by unless another is chosen. */
  readonly sortedBy: string;
  /** Where Enter leads; the description when it says nothing. */
  open?(object: S): Target['open'];
  /** The object that the keys are about, where that is not the row's own. */
  about?(object: S): Target['object'];
}

/** A table of a kind that is watched. */
export interface KindTable<S extends Slim> extends ResourceTable<S> {
  readonly probe: ObjectProbe<S>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds tables of many kinds, each given only its own objects
export type AnyKindTable = KindTable<any>;

type Shared = Pick<
  KindTable<Labelled>,
  'resource' | 'title' | 'namespaced' | 'labels' | 'sortedBy' | 'shortNames'
>;

/** What follows from the probe of a kind. */
export const fromProbe = <S extends Labelled>(
  probe: ObjectProbe<S>,
  shortNames: string,
): Shared & { readonly probe: ObjectProbe<S> } => ({
  probe,
  resource: probe.kind.ref.resource,
  title: probe.kind.ref.resource,
  namespaced: probe.kind.ref.namespaced,
  labels: (object) => object.labels,
  sortedBy: probe.kind.ref.namespaced ? 'namespace' : 'name',
  shortNames: shortNames === '' ? [] : shortNames.split(' '),
});

export const namespaceColumn: Column<Slim> = {
  id: 'namespace',
  title: 'NAMESPACE',
  min: 6,
  max: 30,
  rank: 0,
  value: (o) => o.namespace,
};

export const nameColumn: Column<Slim> = {
  id: 'name',
  title: 'NAME',
  min: 12,
  max: 63,
  rank: 0,
  value: (o) => o.name,
};

export const ageColumn: Column<Slim> = {
  id: 'age',
  title: 'AGE',
  align: 'right',
  min: 4,
  max: 4,
  rank: 1,
  volatile: true,
  sort: (o) => -o.created,
  value: (o, { now }) => ageOf(o.created, now),
};

/** Labels, where there is room to spare. */
export const labelsColumn: Column<Labelled> = {
  id: 'labels',
  title: 'LABELS',
  min: 20,
  max: 120,
  rank: 90,
  flex: true,
  wide: true,
  value: (o) =>
    Object.entries(o.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
};

/** Where Enter leads to the pods of an object. */
export const podsOf =
  (resource: string) =>
  (o: Slim): NonNullable<Target['open']> => ({
    view: 'explorer',
    args: {
      resource: 'pods',
      of: `${resource}/${o.namespace}/${o.name}`,
      // Said even where it is empty: pods of a node are in all namespaces, whichever one is being looked at.
      namespace: o.namespace,
    },
  });
