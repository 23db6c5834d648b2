import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { bool, metadata, msg, msgs, type Read, str, strs } from '../kernel/shape.ts';
import { joinParts, type Part, part } from './change-parts.ts';
import { deletingSince, meta, metaSchema, noStrings } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, {
    group: str(1),
    names: msg(3, { plural: str(1), shortNames: strs(3), kind: str(4) }),
    scope: str(4),
    versions: msgs(7, { name: str(1), served: bool(2), storage: bool(3) }),
  }),
  status: msg(3, { conditions: msgs(1, { type: str(1), status: str(2) }) }),
} as const;

export const crdSchema = metaSchema.extend({
  group: z.string(),
  kind: z.string(),
  plural: z.string(),
  shortNames: z.array(z.string()),
  namespaced: z.boolean(),
  versions: z.array(z.object({ name: z.string(), served: z.boolean(), storage: z.boolean() })),
  /** Its objects can be read. */
  established: z.boolean(),
  deleting: epochSchema.nullable(),
});
export type CustomResourceDefinition = Parsed<typeof crdSchema>;

const slim = ({
  metadata: m,
  spec = {},
  status = {},
}: Read<typeof fields>): CustomResourceDefinition => ({
  ...meta(m),
  group: spec.group ?? '',
  kind: spec.names?.kind ?? '',
  plural: spec.names?.plural ?? '',
  shortNames: spec.names?.shortNames ?? noStrings,
  namespaced: spec.scope === 'Namespaced',
  versions: (spec.versions ?? []).map((v) => ({
    name: v.name ?? '',
    served: v.served ?? false,
    storage: v.storage ?? false,
  })),
  established: (status.conditions ?? []).some(
    (c) => c.type === 'Established' && c.status === 'True',
  ),
  deleting: deletingSince(m),
});

const servedText = (crd: CustomResourceDefinition): string =>
  crd.versions
    .filter((v) => v.served)
    .map((v) => v.name)
    .join(' ') || 'none';

const change = (
  before: CustomResourceDefinition | undefined,
  after: CustomResourceDefinition | undefined,
): Part | null => {
  if (after === undefined) return part('bad', 'resource definition deleted, and all its objects');
  if (before === undefined) return part('info', 'resource definition created');
  return joinParts([
    before.established && !after.established ? part('bad', 'is no longer served') : null,
    before.deleting === null && after.deleting !== null
      ? part('bad', 'resource definition terminating, its objects are being deleted')
      : null,
    servedText(before) === servedText(after)
      ? null
      : part('warn', `versions served ${servedText(before)} → ${servedText(after)}`),
  ]);
};

export const crdKind: ObjectKind<CustomResourceDefinition, typeof fields> = {
  ref: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
  },
  fields,
  slim,
  schema: crdSchema,
  change,
};

export const customresourcedefinitions = objectProbe<CustomResourceDefinition>(crdKind);
