import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster-handle.ts';
import type { Incident, Stage } from './incident.ts';

/** What is told of an incident while it goes on. The incident waits for whoever listens. */
export interface IncidentListener {
  /** Before the stage acts: the moment of its mark. */
  begins?(stage: Stage): void | Promise<void>;
  /** The stage has had its effect; what is to be looked at is there. */
  reached?(stage: Stage): void | Promise<void>;
}

export interface IncidentPace {
  /** Factor on how long each stage is looked at; 1 as told, 0 not at all. */
  readonly hold: number;
  /** First and last stage by name; default the first and the last there are. */
  readonly from?: string;
  readonly to?: string;
}

const indexOf = (incident: Incident, name: string): number => {
  const index = incident.stages.findIndex((stage) => stage.name === name);
  if (index >= 0) return index;
  const names = incident.stages.flatMap((stage) => stage.name ?? []).join(', ');
  throw new Error(`${incident.name} has no stage ${name}; it has ${names || 'none with a name'}`);
};

/** The stages from one to another, both included. @throws when there is no stage of that name. */
export const stagesBetween = (
  incident: Incident,
  { from, to }: Pick<IncidentPace, 'from' | 'to'>,
): readonly Stage[] =>
  incident.stages.slice(
    from === undefined ? 0 : indexOf(incident, from),
    to === undefined ? undefined : indexOf(incident, to) + 1,
  );

/**
 * Lets an incident happen in a cluster that has been prepared for it. It may be stopped after any stage and
 * taken up from the next one by another program: stages keep nothing but what is in the cluster.
 */
export const runIncident = async (
  incident: Incident,
  cluster: Cluster,
  pace: IncidentPace,
  listener: IncidentListener,
  signal?: AbortSignal,
): Promise<void> => {
  for (const stage of stagesBetween(incident, pace)) {
    signal?.throwIfAborted();
    await listener.begins?.(stage);
    await stage.act(cluster, signal);
    await stage.until?.(cluster, signal);
    await listener.reached?.(stage);
    await sleep(stage.thenSeconds * 1000 * pace.hold, undefined, signal ? { signal } : {});
  }
};
