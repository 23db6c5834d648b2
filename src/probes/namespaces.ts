import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { metadata, msg, type Read, str } from '../kernel/shape.ts';
import { type Part, part } from './change-parts.ts';
import { deletingSince, meta, metaSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { epochSchema, type Parsed } from './schema.ts';

const fields = { metadata, status: msg(3, { phase: str(1) }) } as const;

export const namespaceSchema = metaSchema.extend({
  phase: z.string(),
  deleting: epochSchema.nullable(),
});
export type Namespace = Parsed<typeof namespaceSchema>;

const slim = ({ metadata: m, status }: Read<typeof fields>): Namespace => ({
  ...meta(m),
  phase: status?.phase ?? '',
  deleting: deletingSince(m),
});

const change = (before: Namespace | undefined, after: Namespace | undefined): Part | null => {
  if (after === undefined) return part('warn', 'namespace deleted');
  if (before === undefined) return part('info', 'namespace created');
  return before.phase !== after.phase && after.phase === 'Terminating'
    ? part('warn', 'namespace terminating')
    : null;
};

export const namespaceKind: ObjectKind<Namespace, typeof fields> = {
  ref: { group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false },
  fields,
  slim,
  schema: namespaceSchema,
  change,
};

export const namespaces = objectProbe<Namespace>(namespaceKind);
