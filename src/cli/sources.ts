import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type {
  EtcdTarget,
  NamedSources,
  Scoped,
  SourceAuth,
  SourceTarget,
  SourceTls,
  SourceWay,
} from '../kernel/source-target.ts';
import type { Config } from './config.ts';
import type { EtcdConfig, HttpSourceConfig, LokiSourceConfig } from './source-config.ts';

export interface SourceFlags {
  /** Comma-separated. */
  readonly etcdEndpoints?: string;
  readonly etcdCacert?: string;
  readonly etcdCert?: string;
  readonly etcdKey?: string;
  readonly alertmanager?: readonly string[];
  readonly prometheus?: readonly string[];
  /** False for `--no-discover`. */
  readonly discover?: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

const wrong = (message: string, hint: string): Result<never> =>
  failed(failure('misconfigured', 'read the sources', message, { hint }));

/** What is set wins over what is not: flags, then the environment as etcdctl reads it. */
const etcdTlsOf = (flags: SourceFlags, env: Env): SourceTls => ({
  ca: flags.etcdCacert ?? (env.ETCDCTL_CACERT || null),
  cert: flags.etcdCert ?? (env.ETCDCTL_CERT || null),
  key: flags.etcdKey ?? (env.ETCDCTL_KEY || null),
  serverName: null,
  verify: env.ETCDCTL_INSECURE_SKIP_TLS_VERIFY !== 'true',
});

const hostOf = (url: string): string => {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
};

/** A URL without credentials in it: those belong in files, and would otherwise stand in every message. */
const checkedUrl = (text: string, what: string): Result<string> => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return wrong(`${what} is no URL`, 'give it as http://host:port or https://host:port/prefix');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return wrong(`${what} must begin with http:// or https://`, 'correct the URL');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong(
      `${what} has credentials in its URL`,
      'take them out, and set username and passwordFile in the configuration',
    );
  }
  return ok(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
};

/** etcdctl takes an endpoint without a scheme; with certificates it speaks TLS to it. */
const etcdEndpoint = (text: string, tls: SourceTls): Result<string> => {
  const secure = tls.ca !== null || tls.cert !== null;
  const full = /^[a-z]+:\/\//.test(text) ? text : `${secure ? 'https' : 'http'}://${text}`;
  return checkedUrl(full, 'the etcd endpoint');
};

const all = <T>(results: readonly Result<T>[]): Result<readonly T[]> => {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
};

const tlsOf = (c: EtcdConfig | HttpSourceConfig): SourceTls => ({
  ca: c.caFile ?? null,
  cert: c.certFile ?? null,
  key: c.keyFile ?? null,
  serverName: c.serverName ?? null,
  verify: c.insecureSkipVerify !== true,
});

const etcdOf = (c: EtcdConfig, index: number): Result<Scoped<EtcdTarget>> => {
  const tls = tlsOf(c);
  const endpoints = all(c.endpoints.map((e) => etcdEndpoint(e, tls)));
  if (!endpoints.ok) return endpoints;
  const name = c.name ?? (index === 0 ? 'etcd' : `etcd-${index + 1}`);
  return ok({ target: { name, endpoints: endpoints.value, tls }, contexts: c.contexts ?? [] });
};

const placePattern = /^([a-z0-9-]+)\/([a-z0-9.-]+):([a-z0-9-]+)$/i;

const wayOf = (c: HttpSourceConfig, what: string): Result<SourceWay> => {
  if (c.url !== undefined) {
    const url = checkedUrl(c.url, what);
    return url.ok ? ok({ kind: 'direct', url: url.value }) : url;
  }
  const [, namespace = '', name = '', port = ''] =
    placePattern.exec(c.service ?? c.pod ?? '') ?? [];
  const rest = { namespace, name, scheme: c.scheme ?? 'http', path: pathOf(c.path) } as const;
  if (name === '') {
    return wrong(
      `${what} is not written as namespace/name:port`,
      'e.g. monitoring/alertmanager:web',
    );
  }
  if (c.service !== undefined) return ok({ kind: 'service', ...rest, port });
  return /^\d+$/.test(port)
    ? ok({ kind: 'pod', ...rest, port: Number(port) })
    : wrong(`${what}: the port of a pod is a number`, 'e.g. monitoring/alertmanager-0:9093');
};

const pathOf = (path = ''): string => {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
};

const authOf = (c: HttpSourceConfig): SourceAuth => {
  if (c.username !== undefined && c.passwordFile !== undefined) {
    return { kind: 'basic', username: c.username, passwordFile: c.passwordFile };
  }
  return c.tokenFile === undefined ? { kind: 'none' } : { kind: 'bearer', tokenFile: c.tokenFile };
};

const nameOf = (c: HttpSourceConfig): string =>
  c.name ?? (c.url === undefined ? (c.service ?? c.pod ?? '').replace(/^.*\//, '') : hostOf(c.url));

const httpOf = (c: HttpSourceConfig, what: string): Result<Scoped<SourceTarget>> => {
  const way = wayOf(c, `${what} ${c.name ?? ''}`.trim());
  if (!way.ok) return way;
  const target = { name: nameOf(c), way: way.value, auth: authOf(c), tls: tlsOf(c) };
  return ok({ target, contexts: c.contexts ?? [] });
};

/** The same name twice would make two sources one. */
const named = <T extends { readonly name: string }>(
  targets: readonly Scoped<T>[],
): readonly Scoped<T>[] => {
  const seen = new Map<string, number>();
  return targets.map((scoped) => {
    const { name } = scoped.target;
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? scoped : { ...scoped, target: { ...scoped.target, name: `${name}#${n}` } };
  });
};

const lokiOf = (c: LokiSourceConfig): Result<Scoped<SourceTarget>> => {
  const source = httpOf(c, 'Loki');
  if (!source.ok || c.tenant === undefined) return source;
  return ok({ ...source.value, target: { ...source.value.target, tenant: c.tenant } });
};

/** Loki servers of the configuration, which are only asked when somebody asks. */
export const lokiSources = (
  config: Pick<Config, 'loki'>,
): Result<readonly Scoped<SourceTarget>[]> => {
  const targets = all((config.loki ?? []).map(lokiOf));
  return targets.ok ? ok(named(targets.value)) : targets;
};

/** Sources that are named by flags, the environment (as etcdctl reads it) and the configuration, in this order. */
export const namedSources = (
  flags: SourceFlags,
  env: Env,
  config: Pick<Config, 'etcd' | 'alertmanagers' | 'prometheus' | 'discover'>,
): Result<NamedSources> => {
  const etcdTls = etcdTlsOf(flags, env);
  const asked = (flags.etcdEndpoints ?? env.ETCDCTL_ENDPOINTS ?? '')
    .split(',')
    .map((e) => e.trim())
    .filter((e) => e !== '');
  const endpoints = all(asked.map((e) => etcdEndpoint(e, etcdTls)));
  if (!endpoints.ok) return endpoints;
  const etcd = all((config.etcd ?? []).map(etcdOf));
  if (!etcd.ok) return etcd;
  const sources = (
    what: string,
    urls: readonly string[] = [],
    set: readonly HttpSourceConfig[] = [],
  ) => all([...urls.map((url) => ({ url })), ...set].map((c) => httpOf(c, what)));
  const alertmanagers = sources('Alertmanager', flags.alertmanager, config.alertmanagers);
  if (!alertmanagers.ok) return alertmanagers;
  const prometheus = sources('Prometheus', flags.prometheus, config.prometheus);
  if (!prometheus.ok) return prometheus;
  const own: Scoped<EtcdTarget>[] =
    endpoints.value.length === 0
      ? []
      : [{ target: { name: 'etcd', endpoints: endpoints.value, tls: etcdTls }, contexts: [] }];
  return ok({
    etcd: named([...own, ...etcd.value]),
    alertmanagers: named(alertmanagers.value),
    prometheus: named(prometheus.value),
    discover: flags.discover ?? config.discover ?? true,
    etcdTls,
  });
};
