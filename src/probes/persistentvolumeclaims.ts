import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { metadata, msg, msgs, quantityMap, type Read, str, strs, time } from '../kernel/shape.ts';
import { joinParts, type Part, part, withDetail } from './change-parts.ts';
import { conditionSchema, conditions, conditionText, isTrue } from './condition.ts';
import { deletingSince, meta, metaSchema, noStrings } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { bytesOf } from './quantity.ts';
import { bytesSchema, epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, {
    accessModes: strs(1),
    resources: msg(2, { requests: quantityMap(2, ['storage']) }),
    volumeName: str(3),
    storageClassName: str(5),
  }),
  status: msg(3, {
    phase: str(1),
    capacity: quantityMap(3, ['storage']),
    conditions: msgs(4, {
      type: str(1),
      status: str(2),
      lastTransitionTime: time(4),
      reason: str(5),
      message: str(6),
    }),
  }),
} as const;

export const claimSchema = metaSchema.extend({
  /** `Pending`, `Bound` or `Lost`. */
  phase: z.string(),
  volume: z.string(),
  storageClass: z.string(),
  /** 0 until it is bound. */
  capacity: bytesSchema,
  request: bytesSchema,
  accessModes: z.array(z.string()),
  conditions: z.array(conditionSchema),
  deleting: epochSchema.nullable(),
});
export type PersistentVolumeClaim = Parsed<typeof claimSchema>;

const slim = ({
  metadata: m,
  spec = {},
  status = {},
}: Read<typeof fields>): PersistentVolumeClaim => ({
  ...meta(m),
  phase: status.phase ?? '',
  volume: spec.volumeName ?? '',
  storageClass: spec.storageClassName ?? '',
  capacity: bytesOf(status.capacity?.storage),
  request: bytesOf(spec.resources?.requests?.storage),
  accessModes: spec.accessModes ?? noStrings,
  conditions: conditions(status.conditions),
  deleting: deletingSince(m),
});

const phaseChange = (before: PersistentVolumeClaim, after: PersistentVolumeClaim): Part | null => {
  if (before.phase === after.phase) return null;
  if (after.phase === 'Bound') return part('good', withDetail('bound', after.volume));
  return after.phase === 'Lost'
    ? part('bad', withDetail('volume lost', after.volume))
    : part('warn', `${before.phase || 'new'} → ${after.phase}`);
};

const change = (
  before: PersistentVolumeClaim | undefined,
  after: PersistentVolumeClaim | undefined,
): Part | null => {
  if (after === undefined) return part('warn', 'volume claim deleted');
  if (before === undefined) return part('info', 'volume claim created');
  return joinParts([
    phaseChange(before, after),
    before.deleting === null && after.deleting !== null
      ? part('warn', 'volume claim terminating')
      : null,
    ...after.conditions
      .filter((c) => c.status === 'True' && !isTrue(before, c.type))
      .map((c) =>
        part(c.type.includes('Error') ? 'bad' : 'info', withDetail(c.type, conditionText(c))),
      ),
  ]);
};

export const claimKind: ObjectKind<PersistentVolumeClaim, typeof fields> = {
  ref: {
    group: '',
    version: 'v1',
    resource: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    namespaced: true,
  },
  fields,
  slim,
  schema: claimSchema,
  change,
};

export const persistentvolumeclaims = objectProbe<PersistentVolumeClaim>(claimKind);
