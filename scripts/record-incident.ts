/**
 * Records the bundled incidents: starts a real cluster, lets an incident happen in it, and records what midwatch sees.
 * Needs Go and Debian packages, and root where a real kubelet takes part; see test/cluster/README.md.
 * `npm run record-incident` records all of them, in half an hour; `npm run record-incident -- NAME …` those.
 */
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openClusterSession, startWatching } from '../src/cli/cluster-session.ts';
import { recordSession } from '../src/cli/record-session.ts';
import { namedSources } from '../src/cli/sources.ts';
import { mib } from '../src/kernel/units.ts';
import { startCluster } from '../test/cluster/cluster.ts';
import type { Cluster } from '../test/cluster/cluster-handle.ts';
import type { Incident } from '../test/cluster/incidents/incident.ts';
import { incidentNamed, incidents } from '../test/cluster/incidents/incidents.ts';
import { runIncident } from '../test/cluster/incidents/run-incident.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text: string): void =>
  void process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
const context = 'prod-eu';

/** The recording is about a cluster that has a name, as those of its viewers have. */
const namedKubeconfig = async (cluster: Cluster): Promise<string> => {
  const kubeconfig = `${cluster.kubeconfig}.named`;
  copyFileSync(cluster.kubeconfig, kubeconfig);
  await cluster.kubectl([
    'config',
    'rename-context',
    `midwatch-${cluster.run.id}`,
    context,
    '--kubeconfig',
    kubeconfig,
  ]);
  return kubeconfig;
};

const openSession = async (incident: Incident, cluster: Cluster) => {
  const told = incident.sources?.(cluster) ?? {};
  const sources = namedSources(told.flags ?? {}, {}, told.config ?? {});
  if (!sources.ok) throw new Error(sources.failure.message);
  const kubeconfig = await namedKubeconfig(cluster);
  const watching = startWatching({ kubeconfig }, [], 'recorder', sources.value);
  const opened = await openClusterSession(watching, 'recorder');
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
};

const recordIncident = async (incident: Incident): Promise<void> => {
  const { name, nodes, realNode = true, summary, opensAt } = incident;
  const path = join(root, 'recordings', `${name}.mwr`);
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const cluster = await startCluster({ nodes, realNode, report: say });
  const stop = new AbortController();
  try {
    say(`${name}: preparing`);
    await incident.prepare(cluster);
    const session = await openSession(incident, cluster);
    const running = session.run(stop.signal);
    const recording = recordSession(
      {
        cluster: session,
        path: draft,
        version: 'recorder',
        maxSize: mib(64),
        about: { title: summary, ...(opensAt === undefined ? {} : { opensAt }) },
        overwrite: true,
      },
      stop.signal,
      (trouble) => say(trouble),
    );
    await runIncident(
      incident,
      cluster,
      { hold: 1 },
      {
        begins: ({ mark }) => {
          if (mark === '') return;
          say(mark);
          session.journal.append([{ kind: 'mark', label: mark }]);
        },
      },
    );
    stop.abort();
    const ended = await recording;
    await running;
    await session.close();
    if (!ended.ok || ended.value.kind !== 'ended')
      throw new Error('the recording did not end in order');
    renameSync(draft, path);
    say(
      `${path}: ${ended.value.acknowledged} entries, ${Math.ceil(statSync(path).size / 1024)} KiB`,
    );
  } finally {
    stop.abort();
    await incident.close?.();
    await cluster.stop();
  }
};

const asked = process.argv.slice(2);
for (const incident of asked.length === 0 ? incidents : asked.map(incidentNamed)) {
  await recordIncident(incident);
}
