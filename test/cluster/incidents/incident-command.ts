import { ensureBinaries } from '../binaries.ts';
import { modulesFor, startCluster } from '../cluster.ts';
import type { Cluster } from '../cluster-handle.ts';
import { ensureHostTools } from '../debian-packages.ts';
import type { Report } from '../go-build.ts';
import type { Incident } from './incident.ts';
import { incidentModules } from './incident-programs.ts';
import { type IncidentPace, runIncident, stagesBetween } from './run-incident.ts';

const options = { realNode: true } as const;

/** What an incident needs on this machine: installed and built where it is missing. */
export const ensureForIncidents = async (report: Report, signal?: AbortSignal): Promise<void> => {
  await ensureHostTools(report, 'certificates', 'real-node', 'monitoring');
  await ensureBinaries([...modulesFor(options), ...incidentModules], report, signal);
};

/** A cluster for the incident, which stays up when it is over. */
export const clusterForIncident = async (
  incident: Incident,
  report: Report,
  signal?: AbortSignal,
): Promise<Cluster> => {
  await ensureForIncidents(report, signal);
  const { nodes, realNode = true } = incident;
  return startCluster({ nodes, realNode, detached: true, report }, signal);
};

/** One line for each stage. */
export const describeStages = (incident: Incident): readonly string[] =>
  incident.stages.map(({ name = '-', mark, thenSeconds }) =>
    `  ${name.padEnd(17)} ${`${thenSeconds} s`.padStart(6)}  ${mark}`.trimEnd(),
  );

/** Lets the incident happen, from its preparation on unless it is taken up at a later stage. */
export const tellIncident = async (
  incident: Incident,
  cluster: Cluster,
  pace: IncidentPace,
  report: Report,
  signal?: AbortSignal,
): Promise<void> => {
  if (incident.realNode !== false && cluster.record.realNodes.length === 0) {
    throw new Error(`${incident.name} needs a real node: npm run cluster -- up --real-node`);
  }
  // A stage that is misspelt is told at once, not after the preparation.
  stagesBetween(incident, pace);
  if (pace.from === undefined) {
    report(`preparing ${incident.name}`);
    await incident.prepare(cluster, signal);
  }
  try {
    await runIncident(
      incident,
      cluster,
      pace,
      {
        begins: ({ name, mark }) => report(`${name ?? 'stage'}: ${mark || 'begins'}`),
        reached: ({ name, thenSeconds }) =>
          report(`${name ?? 'stage'}: reached, looked at for ${thenSeconds * pace.hold} s`),
      },
      signal,
    );
  } finally {
    await incident.close?.();
  }
  report(`${incident.name}: done`);
};
