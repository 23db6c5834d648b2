import type { z } from 'zod';
import type { Tone } from './probe.ts';
import type { Fields, Read } from './shape.ts';

/** Where a resource is served: `''` is the core group. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case, as in the path: `pods`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** What every slim object has. */
export interface Slim {
  readonly uid: string;
  readonly name: string;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  /** Epoch milliseconds; 0 when the server did not say. */
  readonly created: number;
}

/**
 * A built-in kind that is watched: which fields come off the wire, and the slim, flat object made of them.
 * Only the slim object is kept, compared, recorded and shown; two updates with equal slim objects are one.
 */
export interface ObjectKind<S extends Slim, F extends Fields = Fields> {
  readonly ref: ResourceRef;
  /** Server-side selection, e.g. `type!=Normal` for events. */
  readonly fieldSelector?: string;
  readonly fields: F;
  /** Pure. Total: a missing field is an empty value, never an error. */
  slim(object: Read<F>): S;
  readonly schema: z.ZodType<S>;
  /**
   * What a person would call this change, or null when it is not worth a line in the timeline.
   * `undefined` before: created. `undefined` after: deleted.
   */
  change(
    before: S | undefined,
    after: S | undefined,
  ): { readonly tone: Tone; readonly text: string } | null;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of many types, each given only its own objects
export type AnyKind = ObjectKind<any, any>;

export const keyOf = (o: Pick<Slim, 'namespace' | 'name'>): string =>
  o.namespace === '' ? o.name : `${o.namespace}/${o.name}`;

/** `apps/v1/deployments`, `v1/pods` */
export const refText = (ref: ResourceRef): string =>
  `${ref.group === '' ? '' : `${ref.group}/`}${ref.version}/${ref.resource}`;

/** Path of a collection, or of one object, on the API server. */
export const resourcePath = (ref: ResourceRef, namespace = '', name = ''): string =>
  [
    ref.group === '' ? `/api/${ref.version}` : `/apis/${ref.group}/${ref.version}`,
    ...(ref.namespaced && namespace !== '' ? ['namespaces', encodeURIComponent(namespace)] : []),
    ref.resource,
    ...(name === '' ? [] : [encodeURIComponent(name)]),
  ].join('/');

/** Data of an object probe. */
export type ObjectData<S> = { readonly put: S } | { readonly del: string };
