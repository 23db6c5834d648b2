import { z } from 'zod';
import { sourceAlertSchema } from './alert-fact.ts';

const text = z.string().max(4000);
const short = z.string().max(1000);
const count = z.number().nonnegative();

/** An alerting rule: what may fire, and whether it is evaluated at all. */
export const alertRuleSchema = z.object({
  /** `group/name`, and a number behind it where a group has the name twice. */
  key: short,
  group: short,
  name: short,
  file: short,
  labels: z.record(short, text),
  annotations: z.record(short, text),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: text,
  /**
   * Epoch milliseconds, coarse to a minute; 0 when never. Every rule is evaluated every minute, so that alone is told
   * every 10 minutes only: a rule is not evaluated any more when this is older than about 15.
   */
  lastEvaluation: z.number(),
});
export type AlertRule = Readonly<z.infer<typeof alertRuleSchema>>;

/** A target that cannot be scraped. */
export const downTargetSchema = z.object({
  /** `pool/scrapeUrl` */
  key: short,
  job: short,
  instance: short,
  labels: z.record(short, text),
  lastError: text,
});
export type DownTarget = Readonly<z.infer<typeof downTargetSchema>>;

/** Targets of one job. */
export const jobTargetsSchema = z.object({ job: short, up: count, total: count });
export type JobTargets = Readonly<z.infer<typeof jobTargetsSchema>>;

/** Jobs of which totals are told: those with targets that are not up before the others. */
export const jobsKept = 100;

export const prometheusInfoSchema = z.object({
  where: short,
  version: short,
  rules: count,
  targets: count,
  targetsUp: count,
  /** By name. At most `jobsKept`; missing in recordings that do not have it. */
  jobs: z.array(jobTargetsSchema).max(1000).readonly().optional(),
  /** Alertmanagers that it sends to. */
  alertmanagers: z.array(short).readonly(),
  externalLabels: z.record(short, text),
  /** Its clock minus ours in milliseconds; null when it does not say. */
  clockSkew: z.number().nullable(),
});
export type PrometheusInfo = Readonly<z.infer<typeof prometheusInfoSchema>>;

/** What a Prometheus says; the scope is its name. `id` names what a newer one replaces. */
export const prometheusDataSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('info'), id: z.literal('info'), info: prometheusInfoSchema }),
  /** `id` is `alert/<fingerprint>`, also of `gone`. */
  z.object({ kind: z.literal('alert'), id: short, alert: sourceAlertSchema }),
  z.object({ kind: z.literal('gone'), id: short, fingerprint: short }),
  /** `id` is `rule/<key>`. */
  z.object({ kind: z.literal('rule'), id: short, rule: alertRuleSchema }),
  z.object({ kind: z.literal('ruleGone'), id: short, key: short }),
  /** `id` is `target/<key>`. */
  z.object({ kind: z.literal('down'), id: short, target: downTargetSchema }),
  z.object({ kind: z.literal('up'), id: short, key: short }),
  /** Everything there is, after we began to ask it anew: what is not in it is gone. */
  z.object({
    kind: z.literal('listed'),
    id: z.literal('listed'),
    fingerprints: z.array(short).max(100_000).readonly(),
    rules: z.array(short).max(100_000).readonly(),
    down: z.array(short).max(100_000).readonly(),
  }),
  /** It is not asked any more. */
  z.object({ kind: z.literal('left'), id: z.literal('info') }),
]);
export type PrometheusData = Readonly<z.infer<typeof prometheusDataSchema>>;
