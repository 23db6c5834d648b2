import type { Clock, Random } from '../../kernel/clock.ts';
import type { Signal } from '../../kernel/fact.ts';
import { failed, ok, type Result } from '../../kernel/failure.ts';
import type { AnyKind } from '../../kernel/kind.ts';
import type { Access, ApiResource, KubernetesPort, LinkBeat } from '../../kernel/ports.ts';
import type { ApiClient } from './api-client.ts';
import { IngestOrder } from './ingest-order.ts';
import { ApiError } from './network-failure.ts';
import type { Reach } from './reach.ts';
import { refusalOf, statusIn } from './reflector-refusal.ts';
import type { Effects } from './reflector-rest.ts';
import { reflectKind } from './reflector-scopes.ts';
import { kindSource } from './reflector-source.ts';
import { tableSource } from './table-source.ts';

export interface IngestPortOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with the link; without it every watch finds out by itself when the server is back. */
  readonly reach?: Reach;
  /** By resource name: the kinds that `watch` knows. */
  readonly kinds: ReadonlyMap<string, AnyKind>;
  /** Resources to read before all others. */
  readonly first?: readonly string[];
  discover(client: ApiClient, signal: AbortSignal): Promise<Result<readonly ApiResource[]>>;
  may(client: ApiClient, access: Access, signal: AbortSignal): Promise<Result<boolean>>;
  link(
    client: ApiClient,
    clock: Clock,
    emit: (beat: LinkBeat) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Asks, and reads the whole answer. */
const ask = async (
  client: ApiClient,
  path: string,
  signal: AbortSignal,
): Promise<Result<{ readonly status: number; readonly body: string }>> => {
  const accept = 'application/json, text/plain;q=0.9, */*;q=0.1';
  const result = await client.request({ method: 'GET', path, accept }, signal);
  if (!result.ok) return result;
  try {
    return ok({ status: result.value.status, body: await result.value.text() });
  } catch (error) {
    if (error instanceof ApiError) return failed(error.failure);
    throw error;
  }
};

/** The port that does the work where it stands: inside the worker, in one-shot commands, and in tests. */
export const ingestPort = (options: IngestPortOptions): KubernetesPort => {
  const { client, kinds } = options;
  const effects: Effects = options;
  const order = new IngestOrder(options.clock, options.first ?? []);
  return {
    watch: async (resource, emit, signal) => {
      const kind = kinds.get(resource);
      if (kind === undefined) throw new Error(`no kind ${resource}`);
      const { turn, settled } = order.enter(resource);
      const tell = (signals: readonly Signal<never>[]) => {
        emit(signals);
        if (signals.some((s) => s.kind !== 'observed')) settled();
      };
      try {
        await turn(signal);
        await reflectKind(
          effects,
          {
            title: resource,
            namespaced: kind.ref.namespaced,
            info: client.info,
            source: (namespace) => kindSource(kind, namespace),
          },
          tell as Parameters<typeof reflectKind>[2],
          signal,
        );
      } finally {
        settled();
      }
    },
    watchTable: (ref, namespace, emit, signal) =>
      reflectKind(
        effects,
        {
          title: ref.resource,
          namespaced: ref.namespaced,
          info: namespace === '' ? client.info : { namespace, namespaceOnly: true },
          source: (inside) => tableSource(ref, inside),
        },
        emit,
        signal,
      ),
    link: (emit, signal) => options.link(client, options.clock, emit, signal),
    get: async (path, signal) => {
      const asked = await ask(client, path, signal);
      if (!asked.ok) return asked;
      const { status, body } = asked.value;
      if (status >= 200 && status < 300) return ok(body);
      return failed(refusalOf({ op: 'get', path }, statusIn(status, body)));
    },
    probe: (path, signal) => ask(client, path, signal),
    discover: (signal) => options.discover(client, signal),
    may: (access, signal) => options.may(client, access, signal),
  };
};
