import type { AnyProbe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, seconds } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { controlPlane } from '../probes/control-plane.ts';
import { cronjobs } from '../probes/cronjobs.ts';
import { daemonsets } from '../probes/daemonsets.ts';
import { deployments } from '../probes/deployments.ts';
import { endpointslices } from '../probes/endpointslices.ts';
import { events } from '../probes/events.ts';
import { jobs } from '../probes/jobs.ts';
import { leases } from '../probes/leases.ts';
import { link } from '../probes/link.ts';
import { nodes } from '../probes/nodes.ts';
import { persistentvolumeclaims } from '../probes/persistentvolumeclaims.ts';
import { pods } from '../probes/pods.ts';
import { replicasets } from '../probes/replicasets.ts';
import { services } from '../probes/services.ts';
import { statefulsets } from '../probes/statefulsets.ts';
import { emptyStream } from './alert-stream.ts';
import type { ControlPlane } from './control-plane-problem.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { coverage, evidenceOf } from './evidence.ts';
import type { Observed } from './facts.ts';
import type { Health } from './finding.ts';
import {
  alertsSaying,
  apiSaying,
  apiStanding,
  etcdSaying,
  nodesSaying,
  podsSaying,
  standing,
} from './standings.ts';
import { cutOff, heardOf, type Trust, trustOf } from './trust.ts';
import { verdictOf } from './verdict.ts';

/** Rules look at the clock no finer than this, so that a screen that paints at 4 Hz asks them once. */
const step = seconds(10);

const floor = (at: EpochMs): EpochMs => epochMs(Math.floor(at / step) * step);

/** Probes whose word `health` rests on. */
export const healthProbes: readonly AnyProbe[] = [
  link,
  controlPlane,
  pods,
  nodes,
  deployments,
  replicasets,
  statefulsets,
  daemonsets,
  jobs,
  cronjobs,
  services,
  endpointslices,
  persistentvolumeclaims,
  leases,
  events,
];

const observedOf = (world: World): Seen => ({
  link: sliceOf(world, link).state,
  controlPlane: sliceOf(world, controlPlane).state,
  pods: sliceOf(world, pods).state,
  nodes: sliceOf(world, nodes).state,
  deployments: sliceOf(world, deployments).state,
  replicasets: sliceOf(world, replicasets).state,
  statefulsets: sliceOf(world, statefulsets).state,
  daemonsets: sliceOf(world, daemonsets).state,
  jobs: sliceOf(world, jobs).state,
  cronjobs: sliceOf(world, cronjobs).state,
  services: sliceOf(world, services).state,
  endpointslices: sliceOf(world, endpointslices).state,
  persistentvolumeclaims: sliceOf(world, persistentvolumeclaims).state,
  leases: sliceOf(world, leases).state,
  events: sliceOf(world, events).state,
});

type Seen = Observed & ControlPlane;

/** By the world: the same question about the same world has the same answer. */
const answered = new WeakMap<World, { readonly now: EpochMs; readonly health: Health }>();

interface Remembered {
  readonly observed: Seen;
  readonly asOf: EpochMs;
  readonly podsKnown: boolean;
  readonly diagnosis: Diagnosis;
}
/** By the state of the pods: a world in which only heartbeats are new does not diagnose again. */
const diagnosed = new WeakMap<object, Remembered>();

const sameObjects = (a: Seen, b: Seen): boolean =>
  (Object.keys(a) as (keyof Seen)[]).every((key) => a[key] === b[key]);

const diagnosisOf = (observed: Seen, asOf: EpochMs, podsKnown: boolean): Diagnosis => {
  const had = diagnosed.get(observed.pods);
  if (had?.asOf === asOf && had.podsKnown === podsKnown && sameObjects(had.observed, observed)) {
    return had.diagnosis;
  }
  const diagnosis = diagnose(observed, asOf, podsKnown);
  diagnosed.set(observed.pods, { observed, asOf, podsKnown, diagnosis });
  return diagnosis;
};

/** Rules that wait for time to pass stop where the news stopped: silence does not make a pod worse. */
const knownUntil = (trust: Trust, now: EpochMs): EpochMs =>
  trust.kind === 'stale' ? floor(epochMs(Math.min(now, trust.heard))) : now;

/**
 * What is broken, what stands how, and the whole in one sentence. Pure; remembered by the identity of the world and
 * of the slices it reads, and by `now` in steps of ten seconds.
 */
export const health = (world: World, now: EpochMs): Health => {
  const at = floor(now);
  const had = answered.get(world);
  if (had?.now === at) return had.health;
  const found = assess(world, at);
  answered.set(world, { now: at, health: found });
  return found;
};

const assess = (world: World, now: EpochMs): Health => {
  const seen = observedOf(world);
  const trust = (probe: AnyProbe): Trust => cutOff(trustOf(world, probe, now), seen.link);
  const podTrust = trust(pods);
  const known = diagnosisOf(seen, knownUntil(podTrust, now), heardOf(podTrust) !== null);
  const within = coverage(world);
  const own = trust(controlPlane);
  return {
    verdict: verdictOf(known, evidenceOf(world, now), within, now),
    standings: [
      apiStanding(own, apiSaying(known, seen), seen.link),
      standing('etcd', own, etcdSaying(known, seen)),
      standing('nodes', trust(nodes), nodesSaying(known)),
      standing('pods', podTrust, podsSaying(known, within)),
      standing('alerts', trust(events), alertsSaying(known)),
    ],
    findings: known.findings,
    progress: known.progress,
    counts: known.counts,
    etcd: [],
    alerts: emptyStream,
  };
};
