import type { EtcdMetrics } from '../kernel/etcd-fact.ts';
import { epochMs } from '../kernel/units.ts';
import { bytesText, countText } from '../probes/etcd-words.ts';
import type { EtcdCase } from './etcd-case.ts';
import { etcdLimits as limits } from './etcd-limits.ts';
import { etcdLoss } from './etcd-loss.ts';
import type { EtcdReason } from './etcd-report.ts';
import { type EtcdSight, statusOf } from './etcd-sight.ts';
import { etcdSpace } from './etcd-space.ts';
import { namesText, shareText } from './etcd-words.ts';
import { proofOf } from './facts.ts';

const look = (key: string, text: string, proof: string, since = 0): EtcdReason => ({
  key,
  tone: 'warn',
  text,
  since: epochMs(since),
  proof: [proofOf('etcd', proof, since)],
});

/** Metrics of a member that lives, and of now; what it measured before it went says nothing of the present. */
const metricsNow = ({ hearing, state }: EtcdSight, { now }: EtcdCase): EtcdMetrics | null => {
  const { metrics, metricsAt } = state;
  const lives = hearing.kind === 'answers' || hearing.kind === 'metrics';
  return lives && metricsAt !== null && now - metricsAt <= limits.metricsFor ? metrics : null;
};

type Wear = (sight: EtcdSight, c: EtcdCase) => EtcdReason | null;

const each =
  (rule: Wear) =>
  (c: EtcdCase): readonly EtcdReason[] =>
    c.sights.flatMap((s) => rule(s, c) ?? []);

const behind: Wear = (s, c) => {
  const status = statusOf(s);
  const { furthest, clusterId } = c.quorum;
  if (status === null || furthest === null || status.clusterId !== clusterId) return null;
  const lag = furthest - status.index;
  if (lag <= limits.indexLag || etcdLoss(s, c) !== null) return null;
  const text = `${s.name} is ${countText(lag)} entries behind, more than ${countText(limits.indexLag)}`;
  return look(
    `lag/${s.key}`,
    text,
    `raft index ${countText(status.index)} of ${countText(furthest)}`,
  );
};

const unapplied: Wear = (s) => {
  const status = statusOf(s);
  const lag = status === null ? 0 : status.index - status.applied;
  if (lag <= limits.appliedLag) return null;
  const text = `${s.name} has ${countText(lag)} entries not applied; beyond ${countText(limits.appliedLag)} etcd refuses requests`;
  return look(`applied/${s.key}`, text, `applied index ${countText(status?.applied ?? 0)}`);
};

/** The database in words that stay the same while it grows a little. */
const filling: Wear = (s) => {
  const { used, size, quota, fragmentation } = etcdSpace(s);
  if (used === null || used <= limits.quota) return null;
  const free = fragmentation !== null && fragmentation > limits.fragmentation;
  const hint = free ? '; most of it is free inside, a defragmentation would help' : '';
  const text = `db of ${s.name} takes ${shareText(used)} of its quota; at 100 % writes are refused${hint}`;
  return look(`quota/${s.key}`, text, `db ${bytesText(size ?? 0)} of ${bytesText(quota ?? 0)}`);
};

const fragmented: Wear = (s) => {
  const { used, size, fragmentation } = etcdSpace(s);
  if (size === null || fragmentation === null || size < limits.fragmented) return null;
  if (fragmentation <= limits.fragmentation || (used ?? 0) > limits.quota) return null;
  const text = `${shareText(fragmentation)} of the db of ${s.name} is free inside: it was not defragmented for long`;
  return look(`fragments/${s.key}`, text, `db ${bytesText(size)}`);
};

/** Against the leader's, since ours may be the one that is wrong. */
const skewed: Wear = (s, { quorum, sights }) => {
  const own = statusOf(s)?.clockSkew ?? null;
  const leader = quorum.leader ?? sights.find((o) => (statusOf(o)?.clockSkew ?? null) !== null);
  const other = leader === undefined || leader === s ? null : statusOf(leader)?.clockSkew;
  if (own === null || other === null || other === undefined) return null;
  const off = own - other;
  if (Math.abs(off) <= limits.clockSkew) return null;
  const text = `the clock of ${s.name} is ${Math.round(Math.abs(off) / 1000)} s ${off > 0 ? 'ahead of' : 'behind'} that of ${leader?.name}`;
  return look(`clock/${s.key}`, text, 'as the Date of their answers says, within a second');
};

type Latency = 'fsyncP99' | 'commitP99' | 'peerRoundTripP99';

const latencyWords: Readonly<Record<Latency, string>> = {
  fsyncP99: 'writes of its log to disk (fsync)',
  commitP99: 'commits of its database',
  peerRoundTripP99: 'round trips to its peers',
};

const ms = (n: number): string => `${n >= 10 ? Math.round(n) : Math.round(n * 10) / 10} ms`;

/** One slow window is an accident, and would only make the screen restless. */
const lasts = ({ state }: Parameters<Wear>[0], what: Latency): boolean =>
  (state.windows ?? []).filter((w) => (w[what] ?? 0) > limits[what]).length >= limits.slowWindows;

const slow =
  (what: Latency): Wear =>
  (s, c) => {
    const found = metricsNow(s, c)?.[what] ?? null;
    if (found === null || found <= limits[what] || !lasts(s, what)) return null;
    const text = `${s.name}: ${latencyWords[what]} take ${ms(found)} at p99, more than ${limits[what]} ms`;
    return look(
      `slow-${what}/${s.key}`,
      text,
      `p99 ${ms(found)} since the scrape before, and in most of the last minute`,
    );
  };

const pending: Wear = (s, c) => {
  const n = metricsNow(s, c)?.proposalsPending ?? 0;
  if (n <= limits.proposalsPending) return null;
  const text = `${countText(n)} writes wait on ${s.name} to be agreed on`;
  return look(`pending/${s.key}`, text, `${countText(n)} proposals pending`);
};

const failing: Wear = (s, { now }) => {
  const failed = s.state.failedWrites;
  if (failed === undefined || failed.more < limits.failedWrites) return null;
  if (now - failed.at > limits.failedWithin) return null;
  const text = `${countText(failed.more)} more writes failed on ${s.name} than at the scrape before`;
  return look(`failed/${s.key}`, text, text, failed.at);
};

const restless = ({ cluster, now }: EtcdCase): readonly EtcdReason[] => {
  const lately = cluster.elections.filter((at) => now - at <= limits.electionsWithin);
  if (lately.length < limits.elections) return [];
  const since = lately[0] ?? 0;
  const within = Math.round(limits.electionsWithin / 60_000);
  const text = `the leader changed ${lately.length} times within ${within} minutes`;
  return [look('elections', text, `last change of leader`, lately.at(-1) ?? since)];
};

const minorOf = (version: string): string => /^\d{1,4}\.\d{1,4}/.exec(version)?.[0] ?? '';

const versions = ({ sights }: EtcdCase): readonly EtcdReason[] => {
  const known = sights.flatMap((s) => {
    const version = statusOf(s)?.version ?? '';
    return minorOf(version) === '' ? [] : [{ name: s.name, version: version.slice(0, 20) }];
  });
  if (new Set(known.map((k) => minorOf(k.version))).size < 2) return [];
  const said = [...Map.groupBy(known, (k) => k.version)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, of]) => `${version} on ${namesText(of.map((k) => k.name))}`)
    .join(', ');
  return [look('versions', `members run different versions: ${said}`, said)];
};

/** What does not stop a cluster yet, and wears it down. */
export const etcdWearRules: readonly ((c: EtcdCase) => readonly EtcdReason[])[] = [
  each(filling),
  each(behind),
  each(unapplied),
  restless,
  each(slow('fsyncP99')),
  each(slow('commitP99')),
  each(slow('peerRoundTripP99')),
  each(pending),
  each(failing),
  each(skewed),
  each(fragmented),
  versions,
];
