import { type EpochMs, epochMs } from '../../kernel/units.ts';
import { sliceOf, type World } from '../../kernel/world.ts';
import { events } from '../../probes/events.ts';
import { pods } from '../../probes/pods.ts';

/** Something that happened to a pod whose logs are read. */
export interface LogMoment {
  readonly at: EpochMs;
  readonly text: string;
}

const podsOf = (sources: Iterable<string>): ReadonlySet<string> =>
  new Set([...sources].map((s) => s.split('/').slice(0, 2).join('/')));

/** Events of the pods that are read, and the ends and starts of their containers, oldest first. */
export const logMoments = (world: World, sources: Iterable<string>): readonly LogMoment[] => {
  const wanted = podsOf(sources);
  const found: LogMoment[] = [];
  for (const { about, reason, message, lastSeen } of sliceOf(world, events).state.values()) {
    if (about.kind !== 'Pod' || !wanted.has(`${about.namespace}/${about.name}`)) continue;
    found.push({ at: epochMs(lastSeen), text: `${reason}: ${message}` });
  }
  for (const pod of sliceOf(world, pods).state.values()) {
    if (!wanted.has(`${pod.namespace}/${pod.name}`)) continue;
    for (const { name, startedAt, finishedAt, exitCode, last } of pod.containers) {
      if (startedAt !== null) found.push({ at: epochMs(startedAt), text: `${name} started` });
      if (finishedAt !== null)
        found.push({ at: epochMs(finishedAt), text: `${name} ended with ${exitCode ?? '?'}` });
      if (last?.finishedAt != null)
        found.push({
          at: epochMs(last.finishedAt),
          text: `${name} ended with ${last.exitCode} ${last.reason}`.trimEnd(),
        });
    }
  }
  return found.sort((a, b) => a.at - b.at);
};

/** The first moment after a time; the first of all where none is after it; null where there is none. */
export const momentAfter = (moments: readonly LogMoment[], at: EpochMs): LogMoment | null =>
  moments.find((m) => m.at > at) ?? moments[0] ?? null;

/** When the oldest of the containers that are read began; null where that is not known. */
export const startOf = (world: World, sources: Iterable<string>): EpochMs | null => {
  const wanted = podsOf(sources);
  const starts = [...sliceOf(world, pods).state.values()]
    .filter((p) => wanted.has(`${p.namespace}/${p.name}`))
    .flatMap((p) => p.containers.map((c) => c.startedAt))
    .filter((at) => at !== null);
  return starts.length === 0 ? null : epochMs(Math.min(...starts));
};
