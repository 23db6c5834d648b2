import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostTool, monitoringObstacle } from '../debian-packages.ts';
import { freePort } from '../free-port.ts';
import { startOwnedRun } from '../owned-run.ts';
import type { ProcessSpec } from '../process.ts';
import { type Run, writeJson } from '../run-dir.ts';
import { createWebClient, type WebAccess, type WebClient, type WebObject } from './web-client.ts';
import { type WebConfig, writeWebConfig } from './web-config.ts';
import { claimPlace, type WebServer, webServer } from './web-server.ts';

export interface Rule {
  /** Exactly one of the two. */
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly interval?: string;
}

/** What may change while it runs. Durations as Prometheus writes them. */
export interface PrometheusConfig {
  readonly rules?: readonly RuleGroup[];
  /** `scrape_configs`. */
  readonly scrape?: readonly Readonly<Record<string, unknown>>[];
  /** How each lets its clients in: `alertmanager.access`. */
  readonly alertmanagers?: readonly WebAccess[];
  /** Default 1s. */
  readonly evaluationInterval?: string;
  /** Default 1s. */
  readonly scrapeInterval?: string;
  readonly externalLabels?: Readonly<Record<string, string>>;
}

export interface PrometheusOptions extends PrometheusConfig {
  /** A run to be part of, whose owner ends it; default one of its own. */
  readonly run?: Run;
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default a free one. */
  readonly port?: number;
  /** Such as `/prometheus`. */
  readonly routePrefix?: string;
  readonly webConfig?: WebConfig;
}

/** A running Prometheus. */
export interface Prometheus extends Omit<WebServer, 'start'> {
  readonly run: Run;
  readonly url: string;
  readonly access: WebAccess;
  readonly exchange: WebClient['exchange'];
  readonly request: WebClient['request'];
  /** The result of an instant query. */
  readonly query: (promql: string, signal?: AbortSignal) => Promise<readonly WebObject[]>;
  /** Pending and firing ones. */
  readonly alerts: (signal?: AbortSignal) => Promise<readonly WebObject[]>;
  /** Puts what changes into the configuration. @throws when Prometheus refuses it; the old one stays. */
  readonly reload: (change?: PrometheusConfig, signal?: AbortSignal) => Promise<void>;
  readonly start: (
    options?: { readonly data: 'kept' | 'lost' },
    signal?: AbortSignal,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const tlsOf = ({ ca, cert, key }: WebAccess) => ({
  ...(ca ? { ca_file: ca } : {}),
  ...(cert && key ? { cert_file: cert, key_file: key } : {}),
});

const alertmanagerSection = (access: WebAccess) => {
  const { protocol, host, pathname } = new URL(access.url);
  const { basicAuth } = access;
  return {
    scheme: protocol.replace(':', ''),
    path_prefix: pathname,
    timeout: '2s',
    static_configs: [{ targets: [host] }],
    ...(basicAuth
      ? { basic_auth: { username: basicAuth.user, password: basicAuth.password } }
      : {}),
    ...(access.ca ? { tls_config: tlsOf(access) } : {}),
  };
};

const writeConfig = (dir: string, config: PrometheusConfig): void => {
  const { evaluationInterval = '1s', scrapeInterval = '1s' } = config;
  // JSON is YAML.
  writeJson(join(dir, 'rules.yml'), { groups: config.rules ?? [] });
  writeJson(join(dir, 'prometheus.yml'), {
    global: {
      evaluation_interval: evaluationInterval,
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval,
      ...(config.externalLabels ? { external_labels: config.externalLabels } : {}),
    },
    rule_files: [join(dir, 'rules.yml')],
    scrape_configs: config.scrape ?? [],
    alerting: { alertmanagers: (config.alertmanagers ?? []).map(alertmanagerSection) },
  });
};

const specOf = (
  { name, dir }: { name: string; dir: string },
  at: { listen: string; url: string; routePrefix: string; web: string | undefined },
): ProcessSpec => ({
  name,
  command: hostTool('prometheus'),
  args: [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    '--storage.tsdb.retention.time=2h',
    `--web.listen-address=${at.listen}`,
    `--web.external-url=${at.url}`,
    ...(at.routePrefix ? [`--web.route-prefix=${at.routePrefix}`] : []),
    ...(at.web ? [`--web.config.file=${at.web}`] : []),
    '--web.enable-lifecycle',
    // An Alertmanager that comes back is told again within a second, not a minute.
    '--rules.alert.resend-delay=1s',
    // At more than this, the reason why it does not come up is lost among what it stops meanwhile.
    '--log.level=warn',
  ],
});

const bringUp = async (
  run: Run,
  end: () => Promise<void>,
  { host = '127.0.0.1', port, routePrefix = '', webConfig, run: _, ...first }: PrometheusOptions,
  signal?: AbortSignal,
): Promise<Prometheus> => {
  const place = claimPlace(run, 'prometheus');
  let config: PrometheusConfig = first;
  writeConfig(place.dir, config);
  const web = webConfig && (await writeWebConfig(run, place.dir, webConfig));
  const listen = `${host}:${port ?? (await freePort())}`;
  const url = `${webConfig?.tls ? 'https' : 'http'}://${listen}${routePrefix}`;
  const access: WebAccess = { url, ...web?.access };
  const client = createWebClient(access);
  const { request } = client;
  const spec = specOf(place, { listen, url, routePrefix, web: web?.path });
  const server = webServer(run, spec, client);
  const stop = async (): Promise<void> => {
    await client.close();
    await server.kill();
    await end();
  };
  try {
    await server.start(signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...server,
    run,
    url,
    access,
    exchange: client.exchange,
    request,
    query: async (promql, by) => {
      const path = `/api/v1/query?query=${encodeURIComponent(promql)}`;
      return (await request(path, {}, by)).data.result;
    },
    alerts: async (by) => (await request('/api/v1/alerts', {}, by)).data.alerts,
    reload: async (change = {}, by) => {
      const before = config;
      config = { ...config, ...change };
      writeConfig(place.dir, config);
      try {
        await request('/-/reload', { method: 'POST' }, by);
      } catch (error) {
        config = before;
        writeConfig(place.dir, config);
        throw error;
      }
    },
    start: async ({ data } = { data: 'kept' }, by) => {
      if (data === 'lost') rmSync(join(place.dir, 'data'), { recursive: true, force: true });
      await server.start(by);
    },
    stop,
  };
};

/**
 * Starts Debian's Prometheus, which scrapes, evaluates and tells its Alertmanagers every second. About a
 * second.
 * @throws with the end of its log when it does not come up, as with a rule it does not like.
 */
export const startPrometheus = async (
  options: PrometheusOptions = {},
  signal?: AbortSignal,
): Promise<Prometheus> => {
  const obstacle = monitoringObstacle();
  if (obstacle) throw new Error(obstacle);
  if (options.run) return bringUp(options.run, async () => {}, options, signal);
  return startOwnedRun((run, end) => bringUp(run, end, options, signal));
};
