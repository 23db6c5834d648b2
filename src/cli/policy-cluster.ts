import { systemClock } from '../adapters/clock.ts';
import { openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { whoAmI } from '../adapters/kubernetes/self-review.ts';
import { glassAt } from '../kernel/acts.ts';
import { failed, failure, type Result } from '../kernel/failure.ts';
import type { AnyProbe } from '../kernel/probe.ts';
import { seconds } from '../kernel/units.ts';
import { sliceOf } from '../kernel/world.ts';
import { acts } from '../probes/acts.ts';
import { alerts } from '../probes/alerts.ts';
import { discovery } from '../probes/discovery.ts';
import { etcd } from '../probes/etcd.ts';
import { objectProbes } from '../probes/index.ts';
import { askedSources } from './ask-sources.ts';
import { isSettled } from './check.ts';
import {
  type ClusterSession,
  connectionFlags,
  openClusterSession,
  startWatching,
} from './cluster-session.ts';
import type { ExplainCluster, ExplainOptions } from './policy-explain.ts';

/** What has not come by then counts as not known. */
const deadline = seconds(30);

const neededFor = (target: string): readonly AnyProbe[] => [
  discovery,
  ...objectProbes,
  ...(target.startsWith('etcd') ? [etcd] : []),
  ...(target.startsWith('alerts') ? [alerts] : []),
];

const untilSettled = async (
  { store }: Pick<ClusterSession, 'store'>,
  probes: readonly AnyProbe[],
  running: Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const settled = Promise.withResolvers<void>();
  const look = (): void => {
    if (probes.every((probe) => isSettled(store.world(), probe))) settled.resolve();
  };
  const leave = store.subscribe(look);
  look();
  try {
    await Promise.race([settled.promise, systemClock.sleep(deadline, signal), running]);
  } finally {
    leave();
  }
};

/** Watches a cluster until what plans are made of is there, and gives it away for a moment. Only reads. */
export const withExplainCluster = async <T>(
  { flags, config, io, version, target }: ExplainOptions,
  use: (cluster: ExplainCluster) => Promise<Result<T>>,
  signal: AbortSignal,
): Promise<Result<T>> => {
  const sources = askedSources({}, config, io);
  if (sources === null)
    return failed(failure('misconfigured', 'explain', 'the sources cannot be understood'));
  const opened = await openClusterSession(
    startWatching(flags, ['namespaces', 'pods'], version, sources.named),
    version,
    sources.local,
  );
  if (!opened.ok) return opened;
  const session = opened.value;
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  const running = session.run(both);
  try {
    await untilSettled(session, neededFor(target), running, both);
    const { context, namespace } = session.info;
    const { kubernetes } = session.ports;
    const own = await openCluster(
      { flags: connectionFlags(flags), env: io.env, clock: systemClock, version },
      both,
    );
    const world = session.store.world();
    return await use({
      context,
      namespace,
      world,
      read: (path, until) => kubernetes.get(path, until),
      may: (access, until) => kubernetes.may(access, until),
      identity: async (until) => (own.ok ? await whoAmI(own.value.client, until) : own),
      glass: () => glassAt(sliceOf(world, acts).state, context, systemClock.now()),
    });
  } finally {
    done.abort();
    await running;
    await session.close();
  }
};
