import type { Random } from '../../kernel/clock.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import type { AnyKind } from '../../kernel/kind.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { accessReviews } from './access.ts';
import { discover } from './discovery.ts';
import { ingestPort } from './ingest-port.ts';
import { link } from './link.ts';
import { type OpenedCluster, type OpenOptions, openCluster } from './open-cluster.ts';
import { Reach } from './reach.ts';

export interface OpenIngestOptions extends OpenOptions {
  readonly random: Random;
  /** By resource name: the kinds that can be watched. */
  readonly kinds: ReadonlyMap<string, AnyKind>;
  readonly first?: readonly string[];
}

export interface OpenedIngest extends OpenedCluster {
  readonly port: KubernetesPort;
}

/**
 * From the command line and the environment to a port that works in this thread: for the worker, for one-shot
 * commands and for tests. Nothing is dialled yet; everything ends when the signal aborts.
 */
export const openIngest = async (
  options: OpenIngestOptions,
  signal: AbortSignal,
): Promise<Result<OpenedIngest>> => {
  const opened = await openCluster(options, signal);
  if (!opened.ok) return opened;
  const { client } = opened.value;
  const received = () => client.stats().bytesReceived;
  const reach = new Reach();
  const port = ingestPort({
    ...options,
    client,
    reach,
    discover,
    may: accessReviews(options.clock),
    link: link({ random: options.random, received, reach }),
  });
  return ok({ ...opened.value, port });
};
