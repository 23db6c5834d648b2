import type { MessagePort } from 'node:worker_threads';
import { everywhere } from '../../kernel/fact.ts';
import { type Failure, failed, ok } from '../../kernel/failure.ts';
import { noSources } from '../../kernel/no-source.ts';
import type { KubernetesPort } from '../../kernel/ports.ts';
import { type NamedSources, sourcesFor } from '../../kernel/source-target.ts';
import { Attention } from '../sources/attention.ts';
import { openSources } from '../sources/open-sources.ts';
import { IngestHost } from './ingest-host.ts';
import { type OpenIngestOptions, openIngest } from './ingest-open.ts';
import type { FromWorker, ToWorker } from './worker-port.ts';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Stands in where there is no connection to be made: everything fails with the reason. */
const noCluster = (failure: Failure): KubernetesPort => {
  const fail = async () => failed(failure);
  const watch = async (
    emit: (signals: readonly [{ kind: 'failed'; scope: string; failure: Failure }]) => void,
    signal: AbortSignal,
  ) => {
    emit([{ kind: 'failed', scope: everywhere, failure }]);
    await aborted(signal);
  };
  return {
    watch: (_, emit, signal) => watch(emit, signal),
    watchTable: (_, __, emit, signal) => watch(emit, signal),
    link: async (emit, signal) => {
      emit({ kind: 'missed', inARow: 1, why: failure.message });
      await aborted(signal);
    },
    get: fail,
    probe: fail,
    discover: fail,
    may: fail,
  };
};

/** Serves the other end of the port until the signal aborts. What is asked before the cluster is known waits. */
export const serveIngest = async (
  parent: Pick<MessagePort, 'on' | 'postMessage'>,
  options: OpenIngestOptions & { readonly sources: NamedSources },
  signal: AbortSignal,
): Promise<void> => {
  const post = (message: FromWorker) => parent.postMessage(message);
  const early: ToWorker[] = [];
  let receive = (message: ToWorker): void => void early.push(message);
  parent.on('message', (message: ToWorker) => receive(message));
  const opened = await openIngest(options, signal);
  post({ kind: 'connected', info: opened.ok ? ok(opened.value.client.info) : opened });
  const port = opened.ok ? opened.value.port : noCluster(opened.failure);
  const attention = new Attention();
  const sources = opened.ok
    ? openSources({
        ...options,
        ...opened.value,
        settings: sourcesFor(options.sources, opened.value.client.info.context),
        attention,
        kubernetes: port,
      })
    : { ports: noSources, query: async () => opened };
  const host = new IngestHost(
    {
      kubernetes: port,
      sources: sources.ports,
      query: sources.query,
      attend: (near) => attention.set(near),
    },
    options.clock,
    post,
    signal,
  );
  receive = (message) => host.receive(message);
  for (const message of early) receive(message);
  await aborted(signal);
};
