import { mib, minutes, seconds } from '../kernel/units.ts';

/** From where on something about an etcd cluster is worth a word, and why there. */
export const etcdLimits = {
  /** Metrics are read every 15 s; two that are missed make them old. */
  metricsFor: seconds(35),
  /** A heartbeat is 100 ms: a member that answers a second later and has not heard of a new term is cut off. */
  termSpreads: seconds(1),
  /** An alarm that a member listed before another one listed none was disarmed in between. */
  alarmSpreads: seconds(10),
  /** More entries than a busy cluster writes in the 5 s between two questions. */
  indexLag: 20_000,
  /** etcd itself refuses requests when it has committed 5 000 entries more than it has applied. */
  appliedLag: 5000,
  /** A member notes its revision and its index one after the other; it is not written as much as this in between. */
  revisionLag: 1000,
  /** A log this short against one of at least `grown` entries has begun anew. */
  beginning: 0.01,
  grown: 1000,
  /** Share of the quota; at 1 NOSPACE is raised and writes are refused. */
  quota: 0.8,
  /** Half of the file is free, and it is large enough for that to matter. */
  fragmentation: 0.5,
  fragmented: mib(256),
  /** The clock of an answer is known to a second. */
  clockSkew: seconds(2),
  /** The bounds that etcd's own hardware guidance gives for the 99th percentile. */
  fsyncP99: 10,
  commitP99: 25,
  /** One and a half heartbeats: elections follow when it grows further. */
  peerRoundTripP99: 150,
  /** Of the latest four scrapes, so many are beyond the bound: a disk that is slow, not one slow moment. */
  slowWindows: 3,
  /** Writes that wait for the others at one moment. */
  proposalsPending: 100,
  /** A few fail with every election; so many within one scrape, and lately, do not. */
  failedWrites: 5,
  failedWithin: minutes(2),
  /** A leader changes when a node is restarted; so often it does not by itself. */
  elections: 3,
  electionsWithin: minutes(15),
} as const;
