import type { EpochMs } from '../kernel/units.ts';
import { hours, minutes, seconds } from '../kernel/units.ts';
import { conditionOf, conditionText } from '../probes/condition.ts';
import type { Event } from '../probes/events.ts';
import type { Container } from '../probes/pod-containers.ts';
import type { Pod } from '../probes/pods.ts';
import {
  type ContainerProblem,
  containerProblem,
  eventFor,
  recentEnd,
  relapsing,
  type TroubleKind,
} from './container-problem.ts';
import { exitText } from './exit-code.ts';
import { earliest, type Facts } from './facts.ts';
import { tellingWords } from './telling-words.ts';

/**
 * How a pod stands. `well`: it serves. `starting`: on its way, not yet for long. `over`: finished, leaving, or
 * remains that nobody waits for; it is not counted. `trouble`: it should serve, or leave, and does not.
 */
export type PodState =
  | { readonly kind: 'well' | 'over' }
  /** `waits`: what it waits for, where somebody says so; else ''. */
  | { readonly kind: 'starting'; readonly waits: string }
  | ({ readonly kind: 'trouble'; readonly trouble: PodTrouble } & { readonly counted: boolean });

export interface PodTrouble extends Omit<ContainerProblem, 'kind'> {
  readonly kind: TroubleKind;
  readonly since: EpochMs;
}

type Context = Pick<Facts, 'now' | 'eventsOf' | 'downNodes'>;

/** A pod may take this long to start before a reason to wait is a reason to worry. */
export const startAllowed = seconds(60);
/** Pulling a large image, attaching a volume: this long without an event that says it fails is normal. */
const createAllowed = minutes(2);
const initAllowed = minutes(10);
/** Beyond the end of its grace period, which is what the deletion time of a pod says. */
const leaveAllowed = seconds(60);
const recently = minutes(10);
/** Remains of pods: those of a controller were replaced long ago, a bare one was nobody's but its own. */
const remainsKept = hours(1);
const bareRemainsKept = hours(24);
/** A container that ended badly must run for this long before it is believed: crash loops are ready for moments. */
const steadyAfter = seconds(60);
/** Fewer restarts than this, and ready again: it waited for something at its start. */
const restartsToMind = 3;

const well: PodState = { kind: 'well' };
const starting: PodState = { kind: 'starting', waits: '' };
const over: PodState = { kind: 'over' };

const trouble = (
  kind: TroubleKind,
  since: number,
  reason: string,
  detail: string,
  counted = true,
): PodState => ({
  kind: 'trouble',
  counted,
  trouble: { kind, since: since as EpochMs, reason, detail },
});

export const podState = (pod: Pod, context: Context): PodState => {
  if (pod.phase === 'Succeeded') return over;
  if (pod.deleting !== null) return leaving(pod, pod.deleting, context);
  if (pod.phase === 'Failed') return remains(pod, context);
  const ready = pod.status === 'Running' && pod.ready === pod.total;
  // Conditions are only kept when they are faults: of a pod that is well there are none.
  if (ready && (pod.conditions.length === 0 || conditionOf(pod, 'Ready') === undefined)) {
    return pod.lastRestart !== null && context.now - pod.lastRestart < recently
      ? restarted(pod, context)
      : well;
  }
  if (isLost(pod, context)) {
    const since = conditionOf(pod, 'Ready')?.since ?? 0;
    return trouble('node-lost', since, 'its node does not answer', `runs on ${pod.node}`);
  }
  return notReady(pod, ready, context);
};

/**
 * The node controller takes Ready away and leaves the containers as the kubelet last described them. That, on a node
 * which is not ready, is the proof that the node is the cause and not the pod.
 */
const isLost = (pod: Pod, { downNodes }: Context): boolean =>
  pod.status === 'Unknown' ||
  pod.phase === 'Unknown' ||
  (downNodes.has(pod.node) && pod.status === 'Running' && pod.ready === pod.total);

const leaving = (pod: Pod, deadline: number, context: Context): PodState => {
  if (context.now - deadline < leaveAllowed) return over;
  if (context.downNodes.has(pod.node) || pod.status === 'Unknown') {
    const detail = `was to end on ${pod.node}`;
    return trouble('node-lost', deadline, 'cannot end, its node does not answer', detail, false);
  }
  const why = eventFor(context.eventsOf('Pod', pod.namespace, pod.name), [
    'FailedKillPod',
    'FailedPreStopHook',
    'FailedUnmount',
  ]);
  const detail = why?.message ?? '';
  return trouble('terminating', deadline, 'stuck Terminating, its grace is over', detail, false);
};

const remains = (pod: Pod, { now }: Context): PodState => {
  // A failed pod of a job is how jobs count attempts; the job itself says when it gives up.
  if (pod.owner?.kind === 'Job') return over;
  const ended = pod.containers.map((c) => c.finishedAt ?? 0);
  const since = Math.max(conditionOf(pod, 'Ready')?.since ?? 0, ...ended);
  if (now - since > (pod.owner === null ? bareRemainsKept : remainsKept)) return over;
  if (pod.reason === 'Evicted') return trouble('evicted', since, 'Evicted', pod.message, false);
  const own = pod.containers.map((c) => containerProblem(c, [])).find((p) => p !== null);
  const reason = own?.reason ?? (pod.reason || pod.status);
  const said = own === undefined || own.detail === '' ? pod.message : own.detail;
  return trouble('failed', since, `failed: ${reason}`, said, false);
};

const restarted = (pod: Pod, context: Context): PodState => {
  const { now } = context;
  const events = context.eventsOf('Pod', pod.namespace, pod.name);
  for (const c of pod.containers) {
    const problem = relapsing(c, now - steadyAfter, events);
    if (problem === null) continue;
    if (c.restarts === 1 && now - pod.created < 2 * startAllowed) return starting;
    const since = backOffSince(events, now) || c.last?.finishedAt || 0;
    return trouble(problem.kind, since, named(pod, c, problem.reason), problem.detail);
  }
  for (const c of pod.containers) {
    const end = recentEnd(c, now - recently);
    if (end === null || c.kind === 'ephemeral' || c.kind === 'init') continue;
    const oom = end.reason === 'OOMKilled';
    if (!oom && c.restarts < restartsToMind) continue;
    const reason = `runs again, was ${oom ? '' : 'at '}${exitText(end)}, restarts ${c.restarts}`;
    const said = tellingWords(end.message);
    return trouble(oom ? 'oom' : 'restarted', end.finishedAt ?? 0, reason, said, false);
  }
  return well;
};

const notReady = (pod: Pod, allReady: boolean, context: Context): PodState => {
  const young = context.now - pod.created < startAllowed;
  const events = context.eventsOf('Pod', pod.namespace, pod.name);
  const ready = conditionOf(pod, 'Ready');
  const since = earliest([ready?.since ?? 0, backOffSince(events, context.now)]) || pod.created;
  const waits = pod.node === '' ? unscheduled(pod, young) : null;
  if (waits !== null) return waits;
  for (const c of pod.containers) {
    const problem = containerProblem(c, events);
    if (problem === null) continue;
    // One crash right after the start is what waiting for a dependency looks like.
    const first = c.restarts === 0 && problem.kind === 'crash' && c.state === 'terminated';
    if (first && young) return starting;
    const kind = c.kind === 'init' ? 'init' : problem.kind;
    return trouble(kind, since, named(pod, c, problem.reason), problem.detail);
  }
  if (pod.containers.some((c) => c.state === 'running' && c.kind !== 'ephemeral')) {
    return running(pod, allReady, since, events, context);
  }
  return creating(pod, since, events, context);
};

/** Which container it is, where that is a question. */
const named = (pod: Pod, c: Container, reason: string): string => {
  if (c.kind === 'init') return `init container ${c.name}: ${reason}`;
  return mains(pod) > 1 ? `${c.name}: ${reason}` : reason;
};

const mains = (pod: Pod): number =>
  pod.containers.reduce((n, c) => (c.kind === 'main' || c.kind === 'sidecar' ? n + 1 : n), 0);

/** A crash loop lets a pod be ready for moments; its back-off events remember when it began. */
const backOffSince = (events: readonly Event[], now: number): number => {
  const event = eventFor(events, ['BackOff']);
  return event !== undefined && now - event.lastSeen < recently ? event.firstSeen : 0;
};

const unscheduled = (pod: Pod, young: boolean): PodState | null => {
  const condition = conditionOf(pod, 'PodScheduled');
  if (pod.status === 'SchedulingGated' || condition?.reason === 'SchedulingGated') return starting;
  // A node for it may be on its way; that it has none yet is told from the first moment on.
  if (young) {
    return condition === undefined
      ? starting
      : { kind: 'starting', waits: schedulingReason(condition.message) };
  }
  if (condition === undefined) {
    return trouble('unscheduled', pod.created, 'no scheduler has looked at it', '');
  }
  const { message } = condition;
  if (/unbound.*PersistentVolumeClaim/i.test(message)) {
    const claims = pod.claims.join(', ');
    return trouble('unscheduled', condition.since, `volume claim not bound: ${claims}`, message);
  }
  return trouble('unscheduled', condition.since, schedulingReason(message), message);
};

/** `FailedScheduling: 0/12 nodes, 12 Insufficient cpu`: the scheduler's counts, without what it says of preemption. */
export const schedulingReason = (message: string): string => {
  const parts =
    /^(\d+\/\d+ nodes)(?: are available)?:\s*(.*?)\.?(?:\s+(?:no new claims|preemption).*)?$/i.exec(
      message,
    );
  return parts === null
    ? 'FailedScheduling'
    : `FailedScheduling: ${parts[1]}, ${parts[2]?.replace(/\.\s*$/, '')}`;
};

const running = (
  pod: Pod,
  allReady: boolean,
  since: EpochMs,
  events: readonly Event[],
  { now }: Context,
): PodState => {
  const init = pod.containers.find((c) => c.kind === 'init' && c.state === 'running');
  if (init !== undefined) {
    return now - (init.startedAt ?? pod.created) < initAllowed
      ? starting
      : trouble('init', init.startedAt ?? since, `init container ${init.name} still runs`, '');
  }
  // Containers of a job that are done are not ready, and are not to be.
  if (pod.owner?.kind === 'Job') return well;
  const newest = pod.containers.reduce(
    (at, c) => (c.ready || c.kind === 'ephemeral' ? at : Math.max(at, c.startedAt ?? 0)),
    pod.created as number,
  );
  if (allReady) return gated(pod, since, now);
  const probe = eventFor(events, ['Unhealthy', 'ProbeWarning', 'ProbeError']);
  const current = probe !== undefined && now - probe.lastSeen < recently;
  if (now - newest < startAllowed) return starting;
  const condition = conditionOf(pod, 'Ready');
  if (!current) {
    return trouble(
      'unready',
      since,
      'not ready',
      condition === undefined ? '' : conditionText(condition),
    );
  }
  const which = /^(Liveness|Startup)/.exec(probe.message)?.[1]?.toLowerCase() ?? 'readiness';
  return trouble('unready', since, `not ready, ${which} probe fails`, probe.message);
};

const gated = (pod: Pod, since: EpochMs, now: EpochMs): PodState => {
  if (now - since < startAllowed) return starting;
  const gate = pod.readinessGates.find((type) => conditionOf(pod, type) !== undefined);
  const said = conditionOf(pod, gate ?? 'Ready');
  const detail = said === undefined ? '' : conditionText(said);
  const which = gate ?? pod.readinessGates[0];
  return trouble(
    'gate',
    since,
    which === undefined ? 'containers ready, pod is not' : `readiness gate ${which} does not hold`,
    detail,
  );
};

const createReasons = [
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreatePodSandBox',
  'FailedCreatePodContainer',
  'NetworkNotReady',
] as const;

const creating = (
  pod: Pod,
  since: EpochMs,
  events: readonly Event[],
  { now }: Context,
): PodState => {
  const event = eventFor(events, createReasons);
  const current = event !== undefined && now - event.lastSeen < recently;
  const waited = now - since;
  if (waited < startAllowed || (!current && waited < createAllowed)) return starting;
  return current
    ? trouble('creating', since, event.reason, event.message)
    : trouble('creating', since, `stuck in ${pod.status || 'Pending'}`, '');
};
