import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostTool, monitoringObstacle } from '../debian-packages.ts';
import { freePort } from '../free-port.ts';
import { startOwnedRun } from '../owned-run.ts';
import type { ProcessSpec } from '../process.ts';
import { type Run, writeJson } from '../run-dir.ts';
import { type AlertmanagerConfig, defaultAlertmanagerConfig } from './alertmanager-config.ts';
import { createWebClient, type WebAccess, type WebClient, type WebObject } from './web-client.ts';
import { type WebConfig, writeWebConfig } from './web-config.ts';
import { claimPlace, type WebServer, webServer } from './web-server.ts';

export interface AlertmanagerOptions {
  /** A run to be part of, whose owner ends it; default one of its own. */
  readonly run?: Run;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default a free one. */
  readonly port?: number;
  /** Such as `/alertmanager`. */
  readonly routePrefix?: string;
  readonly webConfig?: WebConfig;
  readonly config?: AlertmanagerConfig;
  /** Default one in the run, which goes with it. */
  readonly dataDir?: string;
  /** Gossips with those at these addresses; default with nobody. */
  readonly cluster?: { readonly address: string; readonly peers: readonly string[] };
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** ISO times; default now, and five minutes after the last post. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex?: boolean;
  /** Default true. */
  readonly isEqual?: boolean;
}

export interface SilenceRequest {
  readonly matchers: readonly Matcher[];
  /** Default an hour. */
  readonly minutes?: number;
  readonly createdBy?: string;
  readonly comment?: string;
}

/** A running Alertmanager. Alerts it knows until it is killed; silences are on disk a second later. */
export interface Alertmanager extends Omit<WebServer, 'start'> {
  readonly run: Run;
  readonly url: string;
  readonly dataDir: string;
  /** How its clients get in, Prometheus among them. */
  readonly access: WebAccess;
  readonly exchange: WebClient['exchange'];
  readonly request: WebClient['request'];
  readonly post: (alerts: readonly PostedAlert[], signal?: AbortSignal) => Promise<void>;
  readonly alerts: (signal?: AbortSignal) => Promise<readonly WebObject[]>;
  /** @returns the id of the silence. */
  readonly silence: (request: SilenceRequest, signal?: AbortSignal) => Promise<string>;
  readonly expire: (id: string, signal?: AbortSignal) => Promise<void>;
  readonly start: (
    options?: { readonly state: 'kept' | 'lost' },
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const MINUTE_MS = 60_000;

const argumentsOf = (
  { cluster, routePrefix }: AlertmanagerOptions,
  at: { listen: string; url: string; config: string; data: string; web: string | undefined },
): readonly string[] => [
  `--config.file=${at.config}`,
  `--storage.path=${at.data}`,
  `--web.listen-address=${at.listen}`,
  `--web.external-url=${at.url}`,
  ...(routePrefix ? [`--web.route-prefix=${routePrefix}`] : []),
  ...(at.web ? [`--web.config.file=${at.web}`] : []),
  // By default silences are written down every fifteen minutes, so that a crash would lose those of a test.
  '--data.maintenance-interval=1s',
  `--cluster.listen-address=${cluster?.address ?? ''}`,
  ...(cluster
    ? [
        ...cluster.peers.map((peer) => `--cluster.peer=${peer}`),
        '--cluster.pushpull-interval=1s',
        '--cluster.probe-interval=500ms',
        '--cluster.reconnect-interval=1s',
        '--cluster.settle-timeout=2s',
      ]
    : []),
  '--log.level=info',
];

const bringUp = async (
  run: Run,
  end: () => Promise<void>,
  options: AlertmanagerOptions,
  signal?: AbortSignal,
): Promise<Alertmanager> => {
  const { name, dir } = claimPlace(run, 'alertmanager');
  const { host = '127.0.0.1', routePrefix = '', webConfig, dataDir = join(dir, 'data') } = options;
  const config = join(dir, 'alertmanager.yml');
  writeJson(config, options.config ?? defaultAlertmanagerConfig);
  const web = webConfig && (await writeWebConfig(run, dir, webConfig));
  const listen = `${host}:${options.port ?? (await freePort())}`;
  const url = `${webConfig?.tls ? 'https' : 'http'}://${listen}${routePrefix}`;
  const access: WebAccess = { url, ...web?.access };
  const spec: ProcessSpec = {
    name,
    command: hostTool('alertmanager'),
    args: argumentsOf(options, { listen, url, config, data: dataDir, web: web?.path }),
  };
  const client = createWebClient(access);
  const { request } = client;
  const server = webServer(run, spec, client);
  const start = async (by?: AbortSignal): Promise<void> => {
    mkdirSync(dataDir, { recursive: true });
    await server.start(by);
  };
  const stop = async (): Promise<void> => {
    await client.close();
    await server.kill();
    await end();
  };
  try {
    await start(signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...server,
    run,
    url,
    dataDir,
    access,
    exchange: client.exchange,
    request,
    post: async (alerts, by) => {
      await request('/api/v2/alerts', { method: 'POST', body: alerts }, by);
    },
    alerts: (by) => request('/api/v2/alerts', {}, by),
    silence: async ({ matchers, minutes = 60, createdBy = 'jo', comment = 'a test' }, by) => {
      const now = Date.now();
      const body = {
        matchers: matchers.map((one) => ({ isRegex: false, isEqual: true, ...one })),
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + minutes * MINUTE_MS).toISOString(),
        createdBy,
        comment,
      };
      return (await request('/api/v2/silences', { method: 'POST', body }, by)).silenceID;
    },
    expire: async (id, by) => {
      await request(`/api/v2/silence/${id}`, { method: 'DELETE' }, by);
    },
    start: async ({ state } = { state: 'kept' }, by) => {
      if (state === 'lost') rmSync(dataDir, { recursive: true, force: true });
      await start(by);
    },
    stop,
  };
};

/**
 * Starts Debian's Alertmanager. Half a second.
 * @throws with the end of its log when it does not come up, as with a configuration it does not like.
 */
export const startAlertmanager = async (
  options: AlertmanagerOptions = {},
  signal?: AbortSignal,
): Promise<Alertmanager> => {
  const obstacle = monitoringObstacle();
  if (obstacle) throw new Error(obstacle);
  if (options.run) return bringUp(options.run, async () => {}, options, signal);
  return startOwnedRun((run, end) => bringUp(run, end, options, signal));
};
