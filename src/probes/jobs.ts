import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { bool, int, metadata, msg, msgs, type Read, str, time } from '../kernel/shape.ts';
import { joinParts, type Part, part, withDetail } from './change-parts.ts';
import { conditionOf, conditionSchema, conditions, conditionText, isTrue } from './condition.ts';
import { deletingSince, epochOrNull, meta, metaSchema, ownerOf, ownerSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, {
    parallelism: int(1),
    completions: int(2),
    backoffLimit: int(7),
    suspend: bool(10),
  }),
  status: msg(3, {
    conditions: msgs(1, {
      type: str(1),
      status: str(2),
      lastTransitionTime: time(4),
      reason: str(5),
      message: str(6),
    }),
    startTime: time(2),
    completionTime: time(3),
    active: int(4),
    succeeded: int(5),
    failed: int(6),
  }),
} as const;

export const jobSchema = metaSchema.extend({
  owner: ownerSchema.nullable(),
  parallelism: countSchema,
  /** 0: any one success completes it. */
  completions: countSchema,
  backoffLimit: countSchema,
  suspended: z.boolean(),
  active: countSchema,
  succeeded: countSchema,
  failed: countSchema,
  started: epochSchema.nullable(),
  completed: epochSchema.nullable(),
  conditions: z.array(conditionSchema),
  deleting: epochSchema.nullable(),
});
export type Job = Parsed<typeof jobSchema>;

const slim = ({ metadata: m, spec = {}, status = {} }: Read<typeof fields>): Job => ({
  ...meta(m),
  owner: ownerOf(m),
  parallelism: spec.parallelism ?? 0,
  completions: spec.completions ?? 0,
  backoffLimit: spec.backoffLimit ?? 0,
  suspended: spec.suspend ?? false,
  active: status.active ?? 0,
  succeeded: status.succeeded ?? 0,
  failed: status.failed ?? 0,
  started: epochOrNull(status.startTime),
  completed: epochOrNull(status.completionTime),
  conditions: conditions(status.conditions),
  deleting: deletingSince(m),
});

const endChange = (before: Job, after: Job): Part | null => {
  const failed = conditionOf(after, 'Failed');
  if (failed?.status === 'True' && !isTrue(before, 'Failed')) {
    return part('bad', withDetail('job failed', conditionText(failed)));
  }
  return isTrue(after, 'Complete') && !isTrue(before, 'Complete')
    ? part('good', 'job completed')
    : null;
};

const attemptChange = (before: Job, after: Job): Part | null =>
  after.failed > before.failed && !isTrue(after, 'Failed')
    ? part('warn', `failed pods ${before.failed} → ${after.failed}, limit ${after.backoffLimit}`)
    : null;

const suspendChange = (before: Job, after: Job): Part | null =>
  before.suspended === after.suspended
    ? null
    : part('info', after.suspended ? 'suspended' : 'resumed');

/** Jobs that a cron job makes come and go by the minute: only their outcome is worth a line. */
const change = (before: Job | undefined, after: Job | undefined): Part | null => {
  if (after === undefined || before === undefined) {
    if ((after ?? before)?.owner?.kind === 'CronJob') return null;
    return part('info', after === undefined ? 'job deleted' : 'job created');
  }
  if (before.uid !== after.uid) return part('info', 'job deleted and created again');
  return joinParts([
    endChange(before, after),
    attemptChange(before, after),
    suspendChange(before, after),
  ]);
};

export const jobKind: ObjectKind<Job, typeof fields> = {
  ref: { group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', namespaced: true },
  fields,
  slim,
  schema: jobSchema,
  change,
};

export const jobs = objectProbe<Job>(jobKind);
