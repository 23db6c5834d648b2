import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from '../binaries.ts';
import { freePort } from '../free-port.ts';
import { startOwnedRun } from '../owned-run.ts';
import { endProcess, type ProcessSpec, startProcess, waitReady } from '../process.ts';
import { writeJson } from '../run-dir.ts';
import { createWebClient, type WebClient } from './web-client.ts';
import { claimPlace } from './web-server.ts';

/** Lines of one stream: nanoseconds since 1970, and text. */
export interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [bigint, string])[];
}

export interface LokiOptions {
  /** It keeps the logs of several tenants apart, and wants to be told whose are meant. */
  readonly tenants?: boolean;
}

/** A running Loki in one process, with its data in a directory. */
export interface Loki {
  readonly url: string;
  readonly request: WebClient['request'];
  readonly push: (streams: readonly LokiStream[], tenant?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const configOf = (dir: string, http: number, grpc: number, tenants: boolean) => ({
  auth_enabled: tenants,
  analytics: { reporting_enabled: false },
  server: {
    http_listen_address: '127.0.0.1',
    http_listen_port: http,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpc,
    log_level: 'warn',
  },
  common: {
    instance_addr: '127.0.0.1',
    path_prefix: join(dir, 'data'),
    replication_factor: 1,
    storage: {
      filesystem: { chunks_directory: join(dir, 'chunks'), rules_directory: join(dir, 'rules') },
    },
    ring: { kvstore: { store: 'inmemory' } },
  },
  schema_config: {
    configs: [
      {
        from: '2020-01-01',
        store: 'tsdb',
        object_store: 'filesystem',
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ],
  },
});

const READY_TIMEOUT_MS = 120_000;

/** Why there is no Loki here, with what would help; undefined when one can be started. */
export const lokiObstacle = (): string | undefined => {
  const found = findBinaries(['loki']);
  return found.kind === 'missing' ? found.reason : undefined;
};

/** Starts a Loki that ends with this process at the latest. About twenty seconds: it waits for others like it. */
export const startLoki = (
  { tenants = false }: LokiOptions = {},
  signal?: AbortSignal,
): Promise<Loki> =>
  startOwnedRun(async (run, end) => {
    const found = findBinaries(['loki']);
    if (found.kind === 'missing') throw new Error(found.reason);
    const { name, dir } = claimPlace(run, 'loki');
    mkdirSync(join(dir, 'data'));
    const port = await freePort();
    writeJson(join(dir, 'loki.yaml'), configOf(dir, port, await freePort(), tenants));
    const url = `http://127.0.0.1:${port}`;
    const client = createWebClient({ url });
    const spec: ProcessSpec = {
      name,
      command: found.binaries.path('loki'),
      args: [`-config.file=${join(dir, 'loki.yaml')}`, '-target=all'],
    };
    const stop = async (): Promise<void> => {
      await client.close();
      await endProcess(run, name, 0);
      await end();
    };
    try {
      const record = await startProcess(run, spec);
      const ready = async () => (await client.exchange('/ready')).status === 200;
      await waitReady(record, READY_TIMEOUT_MS, ready, signal);
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      url,
      request: client.request,
      push: async (streams, tenant) => {
        const body = {
          streams: streams.map(({ stream, values }) => ({
            stream,
            values: values.map(([at, text]) => [String(at), text]),
          })),
        };
        await client.request('/loki/api/v1/push', {
          method: 'POST',
          body,
          ...(tenant === undefined ? {} : { headers: { 'x-scope-orgid': tenant } }),
        });
      },
      stop,
    };
  });
