import { z } from 'zod';
import { failureSchema } from './failure.ts';

const text = z.string().max(1000);
/** Ids are 64 bits wide: decimal text, never a number. '' for none. */
const id = z.string().max(24);
const count = z.number().nonnegative();

/** A member as its cluster's configuration, a static pod or a person names it. */
export const etcdMemberSchema = z.object({
  /** Unique in its cluster and stable: the name, or host and port of the first client URL. */
  key: text,
  /** '' when it has none: added, and never started. */
  name: text,
  /** '' until it is known. */
  id,
  clientUrls: z.array(text).readonly(),
  peerUrls: z.array(text).readonly(),
  /** Where metrics are served in the plain. */
  metricsUrls: z.array(text).readonly(),
  learner: z.boolean(),
  /** Who says that it exists. */
  foundBy: z.enum(['setting', 'static pod', 'member list']),
  /** The pod it runs in; null where that is not known. */
  pod: z.object({ namespace: text, name: text, node: text }).nullable(),
  /** Directory of its data, on the node where a hostPath is mounted; '' when not known. */
  dataDir: text,
});
export type EtcdMemberInfo = Readonly<z.infer<typeof etcdMemberSchema>>;

export const etcdStatusSchema = z.object({
  clusterId: id,
  memberId: id,
  /** '' when it knows of none. */
  leader: id,
  version: text,
  term: count,
  index: count,
  applied: count,
  revision: count,
  /** Bytes. */
  dbSize: count,
  dbInUse: count,
  /** Bytes; null where the server does not say (before 3.6). */
  quota: count.nullable(),
  learner: z.boolean(),
  /** The server's own words, trimmed. */
  errors: z.array(text).readonly(),
  alarms: z.array(z.object({ memberId: id, alarm: text })).readonly(),
  /** Its clock minus ours in milliseconds, within about a second; null when it does not say. */
  clockSkew: z.number().nullable(),
});
export type EtcdStatus = Readonly<z.infer<typeof etcdStatusSchema>>;

/** Latencies in milliseconds, over the time since the scrape before; null where nothing was measured. */
export const etcdMetricsSchema = z.object({
  fsyncP99: count.nullable(),
  commitP99: count.nullable(),
  /** Slowest round trip to any other member, p99. */
  peerRoundTripP99: count.nullable(),
  leaderChanges: count.nullable(),
  proposalsFailed: count.nullable(),
  proposalsPending: count.nullable(),
  hasLeader: z.boolean().nullable(),
  quota: count.nullable(),
  dbSize: count.nullable(),
  dbInUse: count.nullable(),
  /** Epoch milliseconds. */
  startedAt: count.nullable(),
});
export type EtcdMetrics = Readonly<z.infer<typeof etcdMetricsSchema>>;

/**
 * What is seen of etcd. The scope of `cluster` and `lost` is the cluster's name, that of the others is `cluster/member`.
 * `id` names what a newer one replaces.
 */
export const etcdDataSchema = z.discriminatedUnion('kind', [
  /** Which members there are, each time that changes. */
  z.object({
    kind: z.literal('cluster'),
    id: z.literal('cluster'),
    cluster: text,
    members: z.array(etcdMemberSchema).max(200).readonly(),
    /** What is in the way of knowing more, e.g. a certificate that cannot be read. */
    problems: z.array(failureSchema).max(20).readonly(),
  }),
  /** A cluster that is no longer there to be asked. */
  z.object({ kind: z.literal('lost'), id: z.literal('cluster'), cluster: text }),
  /** One answer of one member. */
  z.object({
    kind: z.literal('status'),
    id: z.literal('status'),
    cluster: text,
    member: text,
    /** Milliseconds for the answer. */
    latency: count,
    status: etcdStatusSchema,
  }),
  /** One question without an answer. */
  z.object({
    kind: z.literal('down'),
    id: z.literal('status'),
    cluster: text,
    member: text,
    failure: failureSchema,
  }),
  z.object({
    kind: z.literal('metrics'),
    id: z.literal('metrics'),
    cluster: text,
    member: text,
    metrics: etcdMetricsSchema,
  }),
]);
export type EtcdData = Readonly<z.infer<typeof etcdDataSchema>>;
