import { type EpochMs, seconds } from '../kernel/units.ts';
import type { Slice } from '../kernel/world.ts';
import type { EndpointState } from '../probes/control-plane.ts';
import type { EtcdClusterState, EtcdState } from '../probes/etcd.ts';
import { memberName } from '../probes/etcd-member.ts';
import { isEtcdCheck } from './control-plane-problem.ts';
import { isStacked, podOf } from './etcd-places.ts';
import { type EtcdQuorum, etcdQuorum } from './etcd-quorum.ts';
import { type EtcdSight, etcdHeard, etcdHearing, isVoter } from './etcd-sight.ts';
import { etcdStrays } from './etcd-strays.ts';
import type { Facts } from './facts.ts';
import { podState } from './pod-problem.ts';
import type { Trust } from './trust.ts';

/** What the API server says of its own etcd. */
export interface EtcdReadyz {
  readonly state: EndpointState | null;
  readonly trust: Trust;
}

export interface EtcdInput {
  readonly etcd: Slice<EtcdState>;
  readonly facts: Facts;
  readonly readyz: EtcdReadyz;
  readonly now: EpochMs;
}

/** Everything that is judged of one cluster, gathered once. */
export interface EtcdCase {
  readonly cluster: EtcdClusterState;
  readonly sights: readonly EtcdSight[];
  readonly quorum: EtcdQuorum;
  readonly facts: Facts;
  readonly readyz: EtcdReadyz;
  /** It is the one that the API server keeps its objects in. */
  readonly own: boolean;
  /** Nobody of it has been heard for long: it is judged as it was then. */
  readonly stale: boolean;
  readonly heard: EpochMs | null;
  readonly now: EpochMs;
}

/** Names that people give to the etcd of a control plane when they watch no other one. */
const ownName = /^(etcd|main|default|kubernetes|kube(-.*)?|k8s(-.*)?|(.*-)?control-?plane)$/i;

/**
 * Whether the checks of readyz are about this cluster. Members that run beside API servers, as kubeadm sets them up,
 * prove it. Of members without a known pod it is believed when there is no other cluster and its name does not say
 * that it is somebody else's.
 */
const isOwn = (name: string, sights: readonly EtcdSight[], all: number, facts: Facts): boolean => {
  if (sights.some((s) => s.pod !== null && isStacked(s.pod, facts.pods))) return true;
  const placed = sights.some((s) => s.pod !== null || s.state.info.pod !== null);
  return !placed && all === 1 && ownName.test(name);
};

/** The checks of etcd within readyz; null when there are none, or when they are not heard now. */
export const etcdChecks = ({ state, trust }: EtcdReadyz): 'pass' | 'fail' | null => {
  if (trust.kind !== 'fresh' || state === null) return null;
  const own = [...state.checks].filter(([name]) => isEtcdCheck(name));
  if (own.length === 0) return null;
  return own.every(([, c]) => c.ok) ? 'pass' : 'fail';
};

/** The API server asks its etcd with every poll of readyz; what it says is as old as that. */
const readyzLags = seconds(10);

/**
 * When nobody answers us, that may be our way to them. It is called so unless somebody has answered before and
 * nothing else contradicts, or the pods of the members are in trouble as well.
 */
const orOurWay = (
  sights: readonly EtcdSight[],
  own: boolean,
  readyz: EtcdReadyz,
): readonly EtcdSight[] => {
  const lost = sights.filter((s) => s.hearing.kind !== 'unstarted');
  const down = lost.flatMap(({ hearing }) => (hearing.kind === 'down' ? [hearing.since] : []));
  if (down.length === 0 || down.length < lost.length) return sights;
  const never = sights.every((s) => s.state.answeredAt === null);
  const asked =
    readyz.trust.kind === 'fresh' && readyz.trust.heard > Math.max(...down) + readyzLags;
  if (!never && !(own && asked && etcdChecks(readyz) === 'pass')) return sights;
  return sights.map((s) =>
    s.hearing.kind === 'down' && s.trouble === null
      ? { ...s, hearing: { ...s.hearing, kind: 'barred' as const } }
      : s,
  );
};

export const etcdCase = (cluster: EtcdClusterState, input: EtcdInput): EtcdCase => {
  const { etcd, facts, readyz, now } = input;
  const { newest, stale, asOf } = etcdHeard(etcd, cluster, now);
  const strays = etcdStrays(cluster);
  const seen = [...cluster.members.values()].map((state): EtcdSight => {
    const pod = podOf(state.info, facts.pods);
    const standing = pod === null ? null : podState(pod, facts);
    return {
      ...etcdHearing(etcd, cluster.name, state, asOf),
      key: state.info.key,
      name: memberName(state),
      state,
      voter: isVoter(state) && !strays.has(state.info.key),
      pod,
      trouble: standing?.kind === 'trouble' ? standing.trouble : null,
      node: facts.nodes.get(pod?.node ?? state.info.pod?.node ?? '') ?? null,
    };
  });
  const own = isOwn(cluster.name, seen, etcd.state.size, facts);
  const sights = orOurWay(seen, own, readyz);
  return {
    cluster,
    sights,
    quorum: etcdQuorum(sights),
    facts,
    readyz,
    own,
    stale,
    heard: newest,
    now: asOf,
  };
};
