import { systemClock } from '../adapters/clock.ts';
import { failureText } from '../kernel/failure.ts';
import type { Milliseconds } from '../kernel/units.ts';
import { acknowledgements } from '../probes/acknowledgements.ts';
import { alerts } from '../probes/alerts.ts';
import { controlPlane } from '../probes/control-plane.ts';
import { etcd } from '../probes/etcd.ts';
import { objectProbes } from '../probes/index.ts';
import { prometheus } from '../probes/prometheus.ts';
import { askedSources } from './ask-sources.ts';
import { checkJson, runCheck } from './check.ts';
import { openClusterSession, startWatching } from './cluster-session.ts';
import type { Config } from './config.ts';
import type { ClusterFlags, Io } from './io.ts';
import type { WebhookFlags } from './local-sources.ts';
import { usageError } from './program.ts';
import type { SourceFlags } from './sources.ts';
import { untilSignal } from './until-signal.ts';

export interface CheckCommand {
  readonly flags: ClusterFlags &
    SourceFlags &
    WebhookFlags & { readonly json?: boolean; readonly timeout?: Milliseconds };
  readonly config: Config;
  readonly io: Pick<Io, 'out' | 'err' | 'env'>;
  readonly version: string;
}

const couldNotTell = 2;

/** One look at a live cluster, as text or JSON. */
export const runCheckCommand = async (options: CheckCommand): Promise<number> => {
  const { flags, config, io, version } = options;
  const sources = askedSources(flags, config, io);
  if (sources === null) return usageError;
  const opened = await openClusterSession(
    startWatching(flags, ['pods', 'nodes'], version, sources.named),
    version,
    sources.local,
  );
  if (!opened.ok) {
    const { failure } = opened;
    if (flags.json === true)
      io.out(`${JSON.stringify({ schema: 'midwatch.check/v1', code: couldNotTell, failure })}\n`);
    io.err(`midwatch: ${failureText(failure)}\n${failure.hint ?? ''}\n`);
    return couldNotTell;
  }
  const cluster = opened.value;
  try {
    const result = await runCheck(
      {
        clock: systemClock,
        world: cluster.store.world,
        subscribe: cluster.store.subscribe,
        needed: [controlPlane, ...objectProbes],
        wanted: [acknowledgements, etcd, alerts, prometheus],
        run: (signal) => cluster.run(signal),
      },
      {
        ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
        ...(flags.timeout === undefined ? {} : { deadline: flags.timeout }),
      },
      untilSignal(),
    );
    io.out(flags.json === true ? checkJson(result.json) : result.text);
    return result.code;
  } finally {
    await cluster.close();
  }
};
