import type { AnyProbe } from '../kernel/probe.ts';
import { type EpochMs, epochMs, seconds } from '../kernel/units.ts';
import { type Slice, sliceOf, type World } from '../kernel/world.ts';
import { controlPlane } from '../probes/control-plane.ts';
import { cronjobs } from '../probes/cronjobs.ts';
import { daemonsets } from '../probes/daemonsets.ts';
import { deployments } from '../probes/deployments.ts';
import { endpointslices } from '../probes/endpointslices.ts';
import { etcd } from '../probes/etcd.ts';
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
import type { AlertStream } from './alert-stream.ts';
import { alertStream } from './alerts.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { etcdStanding } from './etcd-standing.ts';
import { coverage, evidenceOf, unaskedEtcd } from './evidence.ts';
import type { Observed } from './facts.ts';
import type { Finding, Health } from './finding.ts';
import { type Beats, type Judgement, judge } from './judgement.ts';
import { rank } from './rank.ts';
import { apiSaying, apiStanding, nodesSaying, podsSaying, standing } from './standings.ts';
import { streamStanding } from './stream-standing.ts';
import { cutOff, heardOf, type Trust, trustOf } from './trust.ts';
import { type Unexplained, unexplained } from './unexplained.ts';
import { verdictOf } from './verdict.ts';

/** Rules look at the clock no finer than this, so that a screen that paints at 4 Hz asks them once. */
const step = seconds(10);

const floor = (at: EpochMs): EpochMs => epochMs(Math.floor(at / step) * step);

/** Probes of the API server whose word `health` rests on. What is asked besides it may be there or not. */
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

const observedOf = (world: World): Observed => ({
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

/** By the world: the same question about the same world has the same answer. */
const answered = new WeakMap<World, { readonly now: EpochMs; readonly health: Health }>();

interface Diagnosed {
  readonly observed: Observed;
  readonly asOf: EpochMs;
  readonly podsKnown: boolean;
  readonly diagnosis: Diagnosis;
}
/** By the state of the pods: a world in which only heartbeats are new does not diagnose again. */
const diagnosed = new WeakMap<object, Diagnosed>();

const sameObjects = (a: Observed, b: Observed): boolean =>
  (Object.keys(a) as (keyof Observed)[]).every((key) => a[key] === b[key]);

const diagnosisOf = (observed: Observed, asOf: EpochMs, podsKnown: boolean): Diagnosis => {
  const had = diagnosed.get(observed.pods);
  if (had?.asOf === asOf && had.podsKnown === podsKnown && sameObjects(had.observed, observed)) {
    return had.diagnosis;
  }
  const diagnosis = diagnose(observed, asOf, podsKnown);
  diagnosed.set(observed.pods, { observed, asOf, podsKnown, diagnosis });
  return diagnosis;
};

interface Judged {
  readonly beats: Beats;
  readonly at: EpochMs;
  readonly readyz: Trust['kind'];
  readonly judgement: Judgement;
}
/** By the diagnosis: alerts and objects that do not count here come more often than etcd and readyz answer. */
const judged = new WeakMap<Diagnosis, Judged>();

const sameBeats = (a: Beats, b: Beats): boolean =>
  a.link === b.link &&
  a.controlPlane === b.controlPlane &&
  a.etcd.state === b.etcd.state &&
  a.etcd.scopes === b.etcd.scopes;

const judgementOf = (diagnosis: Diagnosis, beats: Beats, readyz: Trust, at: EpochMs): Judgement => {
  const had = judged.get(diagnosis);
  if (had?.at === at && had.readyz === readyz.kind && sameBeats(had.beats, beats)) {
    return had.judgement;
  }
  const judgement = judge(diagnosis, beats, readyz, at);
  judged.set(diagnosis, { beats, at, readyz: readyz.kind, judgement });
  return judgement;
};

interface Told {
  readonly stream: AlertStream;
  readonly unexplained: Unexplained;
  readonly findings: readonly Finding[];
}
/** By the findings without alerts. */
const told = new WeakMap<readonly Finding[], Told>();

const withAlerts = (findings: readonly Finding[], stream: AlertStream): Told => {
  const had = told.get(findings);
  if (had?.stream === stream) return had;
  const alone = unexplained(stream);
  const all = alone.findings.length === 0 ? findings : rank([...findings, ...alone.findings]);
  const found = { stream, unexplained: alone, findings: all };
  told.set(findings, found);
  return found;
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

const etcdSlice = (world: World): Slice<typeof etcd.empty> => sliceOf(world, etcd);

const assess = (world: World, now: EpochMs): Health => {
  const connection = sliceOf(world, link).state;
  const plane = sliceOf(world, controlPlane).state;
  const trust = (probe: AnyProbe): Trust => cutOff(trustOf(world, probe, now), connection);
  const podTrust = trust(pods);
  const own = trust(controlPlane);
  const known = diagnosisOf(
    observedOf(world),
    knownUntil(podTrust, now),
    heardOf(podTrust) !== null,
  );
  const beats = { link: connection, controlPlane: plane, etcd: etcdSlice(world) };
  const judgement = judgementOf(known, beats, own, now);
  const stream = alertStream(world, now, judgement.findings);
  const all = withAlerts(judgement.findings, stream);
  const { findings } = all;
  const within = coverage(world);
  const counted = { findings, counts: known.counts };
  return {
    verdict: verdictOf(
      { ...counted, unexplained: all.unexplained, unasked: unaskedEtcd(judgement.etcd) },
      evidenceOf(world, now),
      within,
      now,
    ),
    standings: [
      apiStanding(own, apiSaying(counted, beats), connection),
      etcdStanding(world, judgement.etcd, counted, plane, own),
      standing('nodes', trust(nodes), nodesSaying(counted)),
      standing('pods', podTrust, podsSaying(counted, within)),
      streamStanding(stream, findings),
    ],
    findings,
    progress: judgement.progress,
    counts: known.counts,
    etcd: judgement.etcd,
    alerts: stream,
  };
};
