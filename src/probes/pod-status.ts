import type {
  ReadContainer,
  ReadContainerStatus,
  ReadPod,
  ReadPodSpec,
  ReadPodStatus,
  ReadTerminated,
} from './pod-fields.ts';

/** What `kubectl get pods` says in its READY, STATUS and RESTARTS columns. */
export interface PodColumns {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** Epoch milliseconds of the end of the last run; 0 when there was none. */
  readonly lastRestart: number;
}

interface Restarts {
  readonly count: number;
  readonly last: number;
}

interface Phase {
  /** Says why the pod is not further; undefined when this part of the pod has nothing to say. */
  readonly reason: string | undefined;
  readonly ready: number;
  readonly restarts: Restarts;
}

const noRestarts: Restarts = { count: 0, last: 0 };

const addRestarts = (to: Restarts, of: ReadContainerStatus): Restarts => ({
  count: to.count + (of.restartCount ?? 0),
  last: Math.max(to.last, of.lastState?.terminated?.finishedAt ?? 0),
});

export const isSidecar = (container: ReadContainer | undefined): boolean =>
  container?.restartPolicy === 'Always';

const endedBecause = (ended: ReadTerminated): string => {
  if (ended.reason !== undefined) return ended.reason;
  return ended.signal === undefined ? `ExitCode:${ended.exitCode ?? 0}` : `Signal:${ended.signal}`;
};

/** How the init containers stand: `blocked` when one of them still holds the others up. */
const initPhase = (
  spec: ReadPodSpec,
  status: ReadPodStatus,
): Phase & { readonly blocked: boolean; readonly sidecars: Restarts } => {
  const declared = spec.initContainers ?? [];
  let restarts = noRestarts;
  let sidecars = noRestarts;
  let ready = 0;
  for (const [done, c] of (status.initContainerStatuses ?? []).entries()) {
    const sidecar = isSidecar(declared.find((d) => d.name === c.name));
    restarts = addRestarts(restarts, c);
    if (sidecar) sidecars = addRestarts(sidecars, c);
    const { terminated, waiting } = c.state ?? {};
    if (terminated !== undefined && (terminated.exitCode ?? 0) === 0) continue;
    if (sidecar && c.started === true) {
      if (c.ready === true) ready += 1;
      continue;
    }
    const wait = waiting?.reason;
    const why =
      terminated !== undefined
        ? endedBecause(terminated)
        : wait !== undefined && wait !== 'PodInitializing'
          ? wait
          : `${done}/${declared.length}`;
    return { reason: `Init:${why}`, ready, restarts, sidecars, blocked: true };
  }
  return { reason: undefined, ready, restarts, sidecars, blocked: false };
};

/** How the main containers stand. The first one in the pod that has something to say is heard. */
const mainPhase = (status: ReadPodStatus, before: string): Phase => {
  let reason: string | undefined;
  let failedBecause: string | undefined;
  let restarts = noRestarts;
  let ready = 0;
  for (const c of (status.containerStatuses ?? []).toReversed()) {
    restarts = addRestarts(restarts, c);
    const { waiting, terminated, running } = c.state ?? {};
    if (waiting?.reason !== undefined) reason = waiting.reason;
    else if (terminated !== undefined) {
      reason = endedBecause(terminated);
      if ((terminated.exitCode ?? 0) !== 0) failedBecause = reason;
    } else if (c.ready === true && running !== undefined) ready += 1;
  }
  if ((reason ?? before) === 'Completed') {
    if (ready > 0 && holds(status, 'Ready')) reason = 'Running';
    else if (failedBecause !== undefined) reason = failedBecause;
    else if (ready > 0) reason = 'NotReady';
  }
  return { reason, ready, restarts };
};

const holds = (status: ReadPodStatus, type: string): boolean =>
  (status.conditions ?? []).some((c) => c.type === type && c.status === 'True');

/**
 * The columns of kubectl for a pod. They are computed by the API server and not stored, hence here once more;
 * the tests compare with the real server's.
 */
export const podColumns = ({ metadata, spec = {}, status = {} }: ReadPod): PodColumns => {
  const gated = status.conditions?.some(
    (c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated',
  );
  let reason = gated ? 'SchedulingGated' : (status.reason ?? status.phase ?? '');
  const init = initPhase(spec, status);
  reason = init.reason ?? reason;
  let { ready, restarts } = init;
  if (!init.blocked || holds(status, 'Initialized')) {
    const main = mainPhase(status, reason);
    reason = main.reason ?? reason;
    ready += main.ready;
    restarts = {
      count: init.sidecars.count + main.restarts.count,
      last: Math.max(init.sidecars.last, main.restarts.last),
    };
  }
  if (metadata?.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') reason = 'Terminating';
  }
  return {
    status: reason,
    ready,
    total: (spec.containers?.length ?? 0) + (spec.initContainers ?? []).filter(isSidecar).length,
    restarts: restarts.count,
    lastRestart: restarts.last,
  };
};
