import { z } from 'zod';
import type { ObjectKind } from '../kernel/kind.ts';
import { bool, metadata, msg, msgs, type Read, str, time } from '../kernel/shape.ts';
import { joinParts, type Part, part } from './change-parts.ts';
import { deletingSince, epochOrNull, meta, metaSchema } from './meta.ts';
import { objectProbe } from './object-probe.ts';
import { countSchema, epochSchema, type Parsed } from './schema.ts';

const fields = {
  metadata,
  spec: msg(2, { schedule: str(1), suspend: bool(4), timeZone: str(8) }),
  status: msg(3, {
    active: msgs(1, { name: str(3) }),
    lastScheduleTime: time(4),
    lastSuccessfulTime: time(5),
  }),
} as const;

export const cronJobSchema = metaSchema.extend({
  schedule: z.string(),
  /** '' for the controller manager's own. */
  timeZone: z.string(),
  suspended: z.boolean(),
  /** Jobs running now. */
  active: countSchema,
  lastSchedule: epochSchema.nullable(),
  lastSuccess: epochSchema.nullable(),
  deleting: epochSchema.nullable(),
});
export type CronJob = Parsed<typeof cronJobSchema>;

const slim = ({ metadata: m, spec = {}, status = {} }: Read<typeof fields>): CronJob => ({
  ...meta(m),
  schedule: spec.schedule ?? '',
  timeZone: spec.timeZone ?? '',
  suspended: spec.suspend ?? false,
  active: status.active?.length ?? 0,
  lastSchedule: epochOrNull(status.lastScheduleTime),
  lastSuccess: epochOrNull(status.lastSuccessfulTime),
  deleting: deletingSince(m),
});

const scheduleText = (c: CronJob): string =>
  `${c.schedule}${c.timeZone === '' ? '' : ` ${c.timeZone}`}`;

const change = (before: CronJob | undefined, after: CronJob | undefined): Part | null => {
  if (after === undefined) return part('warn', 'cron job deleted');
  if (before === undefined) return part('info', 'cron job created');
  return joinParts([
    before.suspended === after.suspended
      ? null
      : part(after.suspended ? 'warn' : 'info', after.suspended ? 'suspended' : 'resumed'),
    scheduleText(before) === scheduleText(after)
      ? null
      : part('info', `schedule ${scheduleText(before)} → ${scheduleText(after)}`),
  ]);
};

export const cronJobKind: ObjectKind<CronJob, typeof fields> = {
  ref: { group: 'batch', version: 'v1', resource: 'cronjobs', kind: 'CronJob', namespaced: true },
  fields,
  slim,
  schema: cronJobSchema,
  change,
};

export const cronjobs = objectProbe<CronJob>(cronJobKind);
