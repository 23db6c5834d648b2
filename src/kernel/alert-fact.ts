import { z } from 'zod';

/** Longer texts are cut where they come in. */
export const alertTextKept = 4000;
const text = z.string().max(alertTextKept);
const short = z.string().max(1000);
const epoch = z.number();

/** Labels or annotations. At most `pairsKept` are kept. */
export const pairsKept = 64;
const pairs = z.record(short, text);
export type Labels = Readonly<Record<string, string>>;

export const matcherSchema = z.object({
  name: short,
  value: text,
  isRegex: z.boolean(),
  isEqual: z.boolean(),
});
export type Matcher = Readonly<z.infer<typeof matcherSchema>>;

/** An alert as one source tells it. */
export const sourceAlertSchema = z.object({
  /** As Alertmanager computes it: 16 hex digits. */
  fingerprint: short,
  labels: pairs,
  annotations: pairs,
  startsAt: epoch,
  /** `pending` only from a Prometheus; `unprocessed` is not routed yet. */
  state: z.enum(['firing', 'suppressed', 'unprocessed', 'pending']),
  /** Ids of silences. */
  silencedBy: z.array(short).readonly(),
  /** Fingerprints of alerts. */
  inhibitedBy: z.array(short).readonly(),
  /** Names of time intervals. */
  mutedBy: z.array(short).readonly(),
  receivers: z.array(short).readonly(),
  /** Labels that the source groups it by, as `{a="b", c="d"}`; '' where it does not group. */
  group: text,
  generatorUrl: text,
});
export type SourceAlert = Readonly<z.infer<typeof sourceAlertSchema>>;

export const silenceSchema = z.object({
  id: short,
  state: z.enum(['active', 'pending', 'expired']),
  matchers: z.array(matcherSchema).readonly(),
  author: short,
  comment: text,
  startsAt: epoch,
  endsAt: epoch,
});
export type Silence = Readonly<z.infer<typeof silenceSchema>>;

/** Who tells. */
export const alertSourceSchema = z.object({
  kind: z.enum(['alertmanager', 'webhook']),
  /** For people: URL or `service monitoring/alertmanager`; without credentials. */
  where: short,
  version: short,
  /** Instances that gossip share silences and notifications, and count as one; sorted names, [] when alone. */
  peers: z.array(short).readonly(),
  /** `ready`, `settling`, `disabled`; '' where that is not said. */
  clusterStatus: short,
  /** Its clock minus ours in milliseconds; null when it does not say. */
  clockSkew: z.number().nullable(),
  /** By its own clock; missing where it does not say, and in recordings that do not have it. */
  startedAt: epoch.optional(),
});
export type AlertSourceInfo = Readonly<z.infer<typeof alertSourceSchema>>;

/** What is told about alerts; the scope is the name of the source. `id` names what a newer one replaces. */
export const alertDataSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('source'), id: z.literal('source'), source: alertSourceSchema }),
  /** `id` is `alert/<fingerprint>`, also of `gone`. */
  z.object({ kind: z.literal('alert'), id: short, alert: sourceAlertSchema }),
  /** The source has said that it is over: it was not in a whole answer any more. */
  z.object({ kind: z.literal('gone'), id: short, fingerprint: short }),
  /** `id` is `silence/<id>`. */
  z.object({ kind: z.literal('silence'), id: short, silence: silenceSchema }),
  z.object({ kind: z.literal('unsilenced'), id: short, silence: short }),
  /** Everything that the source has, after we began to ask it anew: what is not in it is over. */
  z.object({
    kind: z.literal('listed'),
    id: z.literal('listed'),
    fingerprints: z.array(short).max(100_000).readonly(),
    silences: z.array(short).max(100_000).readonly(),
  }),
  /** More than is kept: how many alerts were left out. 0 when none is any more. */
  z.object({ kind: z.literal('cut'), id: z.literal('cut'), left: z.number().nonnegative() }),
  /** The source is not asked any more. */
  z.object({ kind: z.literal('left'), id: z.literal('source') }),
]);
export type AlertData = Readonly<z.infer<typeof alertDataSchema>>;

/** Alerts kept of one source; beyond that `cut` tells how many there are more. */
export const alertsKept = 20_000;
