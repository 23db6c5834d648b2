/**
 * Records a bundled incident: starts a real cluster with a real kubelet, lets the incident happen, and records what
 * midwatch sees of it. Needs root, Go and Debian packages; see test/cluster/README.md. About ten minutes.
 */
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openClusterSession, startWatching } from '../src/cli/cluster-session.ts';
import { recordSession } from '../src/cli/record-session.ts';
import { mib } from '../src/kernel/units.ts';
import { startCluster } from '../test/cluster/cluster.ts';
import type { Incident } from '../test/cluster/incidents/incident.ts';
import { paymentGateway } from '../test/cluster/incidents/payment-gateway.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text: string): void =>
  void process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
const context = 'prod-eu';

const recordIncident = async (incident: Incident): Promise<void> => {
  const path = join(root, 'recordings', `${incident.name}.mwr`);
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const cluster = await startCluster({ nodes: incident.nodes, realNode: true, report: say });
  const stop = new AbortController();
  try {
    // The recording is about a cluster that has a name, as those of its viewers have.
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
    say('preparing');
    await incident.prepare(cluster);
    const opened = await openClusterSession(
      startWatching({ kubeconfig }, [], 'recorder'),
      'recorder',
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    const session = opened.value;
    const running = session.run(stop.signal);
    const recording = recordSession(
      { cluster: session, path: draft, version: 'recorder', maxSize: mib(64), overwrite: true },
      stop.signal,
      (trouble) => say(trouble),
    );
    for (const stage of incident.stages) {
      if (stage.mark !== '') {
        say(stage.mark);
        session.journal.append([{ kind: 'mark', label: stage.mark }]);
      }
      await stage.act(cluster);
      await stage.until?.(cluster);
      await wait(stage.thenSeconds * 1000);
    }
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
    await cluster.stop();
  }
};

await recordIncident(paymentGateway);
