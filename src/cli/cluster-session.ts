import type { Acknowledgements } from '../adapters/acknowledgements.ts';
import { systemClock, systemRandom } from '../adapters/clock.ts';
import type { ClusterInfo } from '../adapters/kubernetes/api-client.ts';
import type { ConnectionFlags } from '../adapters/kubernetes/kubeconfig.ts';
import { type WorkerKubernetes, workerKubernetes } from '../adapters/kubernetes/kubernetes-port.ts';
import { ingestUrl, startIngestThread } from '../adapters/kubernetes/worker-port-thread.ts';
import { liveFeed } from '../adapters/live-feed.ts';
import type { Runs } from '../adapters/runs.ts';
import type { Acknowledgement } from '../kernel/acknowledgement.ts';
import { keepCheckpoints } from '../kernel/checkpoints.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { Feed } from '../kernel/feed.ts';
import { Journal } from '../kernel/journal.ts';
import { noSource } from '../kernel/no-source.ts';
import { pace } from '../kernel/pace.ts';
import type { Ports } from '../kernel/ports.ts';
import { type NamedSources, noNamedSources } from '../kernel/source-target.ts';
import { Store } from '../kernel/store.ts';
import type { ClusterFlags } from './io.ts';
import { allProbes } from './probes.ts';

/** The world of one cluster, as it comes in: what a screen, a recorder and a one-shot check have in common. */
export interface ClusterSession {
  readonly info: ClusterInfo;
  readonly ports: Ports;
  readonly journal: Journal;
  readonly store: Store;
  readonly feed: Feed;
  /** Says whether somebody looks at the alerts now: then they are asked for more often. */
  attend(near: boolean): void;
  /** Notes that somebody takes care of an alert; resolves when the note is safe, or with why it is not. */
  acknowledge(acknowledgement: Acknowledgement): Promise<Result<void>>;
  /** Asks a Prometheus that is watched one question; '' is the first of them. */
  readonly query: WorkerKubernetes['query'];
  /** Where runs of runbooks are written down, and the texts that they follow. */
  readonly runs: Omit<Runs, 'port'>;
  /** Feeds the journal and the store until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export const connectionFlags = (flags: ClusterFlags): ConnectionFlags => ({
  kubeconfig: flags.kubeconfig,
  context: flags.context,
  namespace: flags.namespace,
  as: flags.as,
  asGroups: flags.asGroup,
  asUid: flags.asUid,
});

/** Starts the thread that watches. Call it first of all: it reads the kubeconfig and dials while the rest is loaded. */
export const startWatching = (
  flags: ClusterFlags,
  first: readonly string[],
  version: string,
  sources: NamedSources = noNamedSources,
): WorkerKubernetes =>
  workerKubernetes({
    start: () =>
      startIngestThread(ingestUrl(mainModule()), {
        flags: connectionFlags(flags),
        version,
        first,
        sources,
      }),
    clock: systemClock,
    random: systemRandom,
  });

/** From source this file is beside main.tsx's folder; bundled, all files are in one. */
const mainModule = (): string =>
  import.meta.url.endsWith('.ts') ? new URL('../main.tsx', import.meta.url).href : import.meta.url;

/** What is of this machine and not of the cluster, once it is known which context it is for. */
export type LocalSources = (
  context: string,
  remote: WorkerKubernetes['sources'],
) => {
  readonly acknowledgements: Acknowledgements;
  readonly runs: Runs;
  /** What was done in this context; without it nothing is told of that. */
  readonly acts?: Ports['acts'];
  /** What is told of alerts, when more than the remote sources tell. */
  readonly alerts?: Ports['alerts'];
};

const keepsNone = async (op: string, what: string) =>
  failed(failure('misconfigured', op, `this session keeps no ${what}`));

const noLocalSources: LocalSources = () => ({
  acknowledgements: { port: noSource, put: () => keepsNone('acknowledge', 'acknowledgements') },
  runs: {
    port: noSource,
    put: () => keepsNone('write down the run', 'runs'),
    keepText: () => keepsNone('keep the runbook', 'runs'),
    textOf: () => keepsNone('read the kept runbook', 'runs'),
  },
});

/** Joins a watching thread to a journal and a store, once it knows which cluster it is. */
export const openClusterSession = async (
  watching: WorkerKubernetes,
  version: string,
  local: LocalSources = noLocalSources,
): Promise<Result<ClusterSession>> => {
  const info = await watching.info;
  if (!info.ok) {
    await watching.close();
    return info;
  }
  const journal = new Journal({ clock: systemClock });
  const store = new Store(allProbes);
  const { acknowledgements, runs, alerts, acts } = local(info.value.context, watching.sources);
  const ports: Ports = {
    clock: systemClock,
    kubernetes: watching.port,
    ...watching.sources,
    ...(alerts === undefined ? {} : { alerts }),
    acknowledgements: acknowledgements.port,
    runs: runs.port,
    acts: acts ?? noSource,
  };
  const feed = liveFeed({
    probes: allProbes,
    ports,
    journal,
    origin: { cluster: info.value.cluster, context: info.value.context, by: `midwatch ${version}` },
    random: systemRandom,
  });
  return ok({
    info: info.value,
    ports,
    journal,
    store,
    feed,
    run: async (signal) => {
      keepCheckpoints(journal, store, signal);
      await Promise.all([feed.start(signal), pace({ journal, store, clock: systemClock }, signal)]);
    },
    attend: (near) => watching.attend(near),
    acknowledge: (acknowledgement) => acknowledgements.put(acknowledgement),
    runs,
    query: (source, query, until) => watching.query(source, query, until),
    close: () => watching.close(),
  });
};
