import { Command, InvalidArgumentError } from 'commander';
import { ensureBinaries } from './binaries.ts';
import { chaosCase, chaosCases } from './chaos/chaos-cases.ts';
import { churn } from './churn.ts';
import { type ClusterOptions, modulesFor, openCluster, startCluster } from './cluster.ts';
import type { Cluster } from './cluster-handle.ts';
import { ensureHostTools } from './debian-packages.ts';
import { fetchDebianEtcd } from './etcd-cluster-debian.ts';
import {
  clusterForIncident,
  describeStages,
  ensureForIncidents,
  tellIncident,
} from './incidents/incident-command.ts';
import { incidentNamed, incidents } from './incidents/incidents.ts';
import { processRecords } from './process.ts';
import { isAlive } from './process-identity.ts';
import { isAbandoned, listRuns, type Run } from './run-dir.ts';
import { reapAbandonedRuns, tearDown } from './tear-down.ts';

const started = performance.now();
/** Progress goes to stderr: stdout is for what a shell may want to use. */
const report = (line: string): void =>
  console.error(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('must be a number');
  return value;
};

const detachedRuns = (): readonly Run[] =>
  listRuns().filter(({ ownership }) => ownership.kind === 'detached');

const chooseRun = (id: string | undefined): Run => {
  const runs = id ? listRuns().filter((run) => run.id === id) : detachedRuns();
  const [run, second] = runs;
  if (!run) throw new Error(id ? `no cluster ${id}` : 'no cluster is up: npm run cluster up');
  if (second) {
    throw new Error(`several clusters are up, choose one with --id: ${runs.map((one) => one.id)}`);
  }
  return run;
};

const chooseCluster = ({ id }: { id?: string }): Cluster => {
  const run = chooseRun(id);
  const cluster = openCluster(run);
  if (!cluster) throw new Error(`cluster ${run.id} is not up yet, or never came up`);
  return cluster;
};

const program = new Command('cluster').description('A real Kubernetes cluster on this machine.');

const addCommand = (name: string, description: string): Command =>
  program.command(name).description(description);

const allModules = modulesFor({ realNode: true, metrics: true });

addCommand('ensure', 'install the Debian packages and build the binaries that are missing').action(
  async () => {
    await ensureHostTools(report);
    await ensureBinaries([...allModules, 'loki'], report);
    await ensureForIncidents(report);
    // Only tests against an older etcd need it, and only Debian has it.
    await fetchDebianEtcd(report).catch(({ message }: Error) =>
      report(`no older etcd to test with: ${message}`),
    );
    report('everything is there');
  },
);

addCommand('up', 'start a cluster and leave it running')
  .option('--pods <n>', 'simulated pods', count, 0)
  .option('--nodes <n>', 'simulated nodes (default: one for 100 pods, at least 3)', count)
  .option('--failing <n>', 'how many of the pods fail', count, 0)
  .option('--real-node', 'a real kubelet with containerd (root)')
  .option('--metrics', 'metrics.k8s.io')
  .option('--node-grace <seconds>', 'silence after which a node is NotReady', count, 40)
  .action(async ({ nodeGrace, ...options }: ClusterOptions & { nodeGrace: number }) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => interrupted.abort(new Error('interrupted')));
    }
    if (options.realNode) await ensureHostTools(report, 'certificates', 'real-node');
    await ensureBinaries(modulesFor(options), report, interrupted.signal);
    const cluster = await startCluster(
      { ...options, nodeGraceSeconds: nodeGrace, detached: true, report },
      interrupted.signal,
    );
    await cluster.client.close();
    report(`cluster ${cluster.run.id} is up; take it down with: npm run cluster down`);
    console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  });

addCommand('down', 'take down the cluster that is up, and what killed runs left behind')
  .option('--id <id>', 'this one, where several are up')
  .option('--all', 'every one that is up')
  .action(async ({ id, all }: { id?: string; all?: boolean }) => {
    const reaped = await reapAbandonedRuns();
    for (const one of reaped) report(`cleaned up after ${one}`);
    if (!id && detachedRuns().length === 0) return report('no cluster is up');
    for (const run of all ? detachedRuns() : [chooseRun(id)]) {
      await tearDown(run);
      report(`cluster ${run.id} is down`);
    }
  });

addCommand('kubeconfig', 'print the path of the admin kubeconfig')
  .option('--id <id>', 'of this cluster')
  .action((options: { id?: string }) => console.log(chooseCluster(options).kubeconfig));

addCommand('status', 'what runs').action(() => {
  for (const run of listRuns()) {
    const kind = isAbandoned(run) ? 'abandoned, the next up or down cleans up' : run.ownership.kind;
    console.log(`${run.id}  ${kind}  ${run.dir}`);
    for (const { name, identity, log } of processRecords(run)) {
      const state = isAlive(identity) ? `pid ${identity.pid}` : 'not running';
      console.log(`  ${name.padEnd(24)} ${state.padEnd(14)} ${log}`);
    }
  }
});

addCommand('chaos', 'break something')
  .argument('[name]', 'which case')
  .option('--undo', 'put it right again')
  .option('--list', 'name the cases')
  .option('--id <id>', 'in this cluster')
  .action(
    async (name: string | undefined, options: { undo?: boolean; list?: boolean; id?: string }) => {
      if (options.list || !name) {
        for (const one of chaosCases) {
          console.log(`${one.name.padEnd(20)} ${one.needs.padEnd(10)} ${one.summary}`);
        }
        return;
      }
      const one = chaosCase(name);
      const cluster = chooseCluster(options);
      if (one.needs === 'real-node' && cluster.record.realNodes.length === 0) {
        throw new Error(`${name} needs a real node: npm run cluster up -- --real-node`);
      }
      await (options.undo ? one.undo(cluster) : one.apply(cluster));
      await cluster.client.close();
      report(`${name} ${options.undo ? 'undone' : 'applied'}`);
    },
  );

const factor = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('must be a number');
  return value;
};

interface IncidentCommandOptions {
  readonly id?: string;
  readonly list?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly hold: number;
}

addCommand('incident', 'let a whole incident happen, in a new cluster, which stays up')
  .argument('[name]', 'which one')
  .option('--list', 'name the incidents and their stages')
  .option(
    '--from <stage>',
    'take it up at this stage, in a cluster where the ones before have been',
  )
  .option('--to <stage>', 'stop after this stage and leave things as they are')
  .option('--hold <factor>', 'how long each stage is looked at: 1 as told, 0 not at all', factor, 1)
  .option('--id <id>', 'in this cluster, not in a new one')
  .action(async (name: string | undefined, options: IncidentCommandOptions) => {
    if (options.list || !name) {
      for (const one of incidents) {
        console.log([`${one.name}: ${one.summary}`, ...describeStages(one)].join('\n'));
      }
      return;
    }
    const incident = incidentNamed(name);
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
    if (options.from !== undefined && options.id === undefined) {
      throw new Error('--from needs --id: the cluster where the stages before have been');
    }
    // Never whatever happens to be up: an incident takes a cluster apart, and it may be somebody else's.
    const cluster =
      options.id === undefined
        ? await clusterForIncident(incident, report, interrupted.signal)
        : chooseCluster(options);
    report(`in cluster ${cluster.run.id}`);
    try {
      await tellIncident(incident, cluster, options, report, interrupted.signal);
    } finally {
      await cluster.client.close();
      console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
    }
  });

addCommand('churn', 'change the status of simulated pods at a steady rate')
  .option('--rate <n>', 'changes a second', count, 200)
  .option('--seconds <n>', 'for how long', count, 60)
  .option('--namespace <name>', 'only pods of this namespace')
  .option('--id <id>', 'in this cluster')
  .action(async (options: { rate: number; seconds: number; namespace?: string; id?: string }) => {
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort());
    const { api } = chooseCluster(options);
    const result = await churn(api, options, interrupted.signal);
    report(
      `${result.sent} changes, ${result.failed} failed, ${result.achievedPerSecond.toFixed(0)} a second`,
    );
  });

try {
  await program.parseAsync();
} catch (error) {
  const { message, cause } = error as Error;
  console.error(`cluster: ${message}`);
  if (cause instanceof Error) console.error(`  because: ${cause.message}`);
  process.exitCode = 1;
}
