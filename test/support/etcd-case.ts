import type { EtcdReport } from '../../src/findings/etcd-report.ts';
import { etcdReports } from '../../src/findings/etcd-reports.ts';
import { factsOf, type Observed } from '../../src/findings/facts.ts';
import type { Trust } from '../../src/findings/trust.ts';
import { type EpochMs, epochMs } from '../../src/kernel/units.ts';
import { sliceOf, type World } from '../../src/kernel/world.ts';
import type { ControlPlaneState } from '../../src/probes/control-plane.ts';
import { etcd } from '../../src/probes/etcd.ts';
import { type TimedFacts, withEtcd } from './etcd-world.ts';
import { ago, now, pod } from './objects.ts';
import { controlPlaneState, type Listed, objectsOf, worldOf } from './world-of.ts';

const kinds = [
  'pods',
  'nodes',
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'services',
  'endpointslices',
  'persistentvolumeclaims',
  'leases',
  'events',
] as const;

const observedOf = (listed: Listed): Observed =>
  Object.fromEntries(kinds.map((kind) => [kind, objectsOf(listed[kind] ?? [])])) as never;

export interface Around {
  readonly listed?: Listed;
  readonly readyz?: ControlPlaneState['readyz'];
  readonly trust?: Trust;
  readonly at?: EpochMs;
}

/** The reports of a world in which only these facts of etcd, and what is around it, have come. */
export const reportsOf = (facts: TimedFacts, around: Around = {}): readonly EtcdReport[] => {
  const at = around.at ?? now;
  const world: World = withEtcd(worldOf({}), facts);
  return etcdReports({
    etcd: sliceOf(world, etcd),
    facts: factsOf(observedOf(around.listed ?? {}), at),
    readyz: {
      state: around.readyz ?? controlPlaneState().readyz,
      trust: around.trust ?? { kind: 'fresh', heard: ago(5) },
    },
    now: epochMs(at),
  });
};

export const reportOf = (facts: TimedFacts, around: Around = {}): EtcdReport => {
  const [report] = reportsOf(facts, around);
  if (report === undefined) throw new Error('no cluster has been told of');
  return report;
};

export const reasonKeys = (report: EtcdReport): readonly string[] =>
  report.reasons.map((r) => r.key);

/** The static pod of a member, as kubeadm labels it. */
export const memberPod = (name: string, over: Parameters<typeof pod>[1] = {}) =>
  pod(name, {
    namespace: 'kube-system',
    hostNetwork: true,
    labels: { component: 'etcd', tier: 'control-plane' },
    ...over,
  });
