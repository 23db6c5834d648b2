import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { int, metadata, msg, type Read, str, time } from '../kernel/shape.ts';
import { epochMs, seconds } from '../kernel/units.ts';
import { type Part, part } from './change-parts.ts';
import { epochOrNull, meta, metaSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, {
    holderIdentity: str(1),
    leaseDurationSeconds: int(2),
    renewTime: time(4),
    leaseTransitions: int(5),
  }),
} as const;

/** Renewals are told apart no finer than this: a hundred nodes renew theirs ten times a second. */
export const renewStep = seconds(30);

export const leaseSchema = metaSchema.extend({
  holder: z.string(),
  /** Last renewal, rounded down to `renewStep`. */
  renewed: epochSchema.nullable(),
  durationSeconds: countSchema,
  /** How often the holder has changed. */
  transitions: countSchema,
});
export type Lease = Parsed<typeof leaseSchema>;

const slim = ({ metadata: m, spec = {} }: Read<typeof fields>): Lease => ({
  ...meta(m),
  holder: spec.holderIdentity ?? '',
  renewed: epochOrNull(
    spec.renewTime === undefined
      ? undefined
      : epochMs(Math.floor(spec.renewTime / renewStep) * renewStep),
  ),
  durationSeconds: spec.leaseDurationSeconds ?? 0,
  transitions: spec.leaseTransitions ?? 0,
});

/** Only a change of hands; leases of nodes never change theirs. */
const change = (before: Lease | undefined, after: Lease | undefined): Part | null => {
  if (before === undefined || after === undefined || before.holder === after.holder) return null;
  return part(
    'warn',
    `lease passed from ${before.holder || 'nobody'} to ${after.holder || 'nobody'}`,
  );
};

export const leaseKind: ObjectKind<Lease, typeof fields> = {
  ref: {
    group: 'coordination.k8s.io',
    version: 'v1',
    resource: 'leases',
    kind: 'Lease',
    namespaced: true,
  },
  fields,
  slim,
  schema: leaseSchema,
  change,
};

export const leases = objectProbe<Lease>(leaseKind);
