import { BlockList, isIP } from 'node:net';

export type Env = Readonly<Record<string, string | undefined>>;

/** Schemes that a proxy may have; the same as kubectl's. */
export const proxySchemes: readonly string[] = ['http:', 'https:', 'socks5:', 'socks5h:'];

export interface ChosenProxy {
  readonly url: string;
  /** The variable that named it. */
  readonly from: string;
}

const firstOf = (env: Env, names: readonly string[]): ChosenProxy | null => {
  for (const from of names) {
    const url = env[from];
    if (url !== undefined && url !== '') return { url, from };
  }
  return null;
};

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1').toLowerCase();

const isLoopback = (host: string): boolean =>
  host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === '::1';

const inRange = (host: string, range: string): boolean => {
  const [net = '', bits = ''] = range.split('/');
  const family = isIP(net);
  const size = Number(bits);
  if (family === 0 || isIP(host) !== family || bits === '' || !Number.isInteger(size)) return false;
  if (size < 0 || size > (family === 4 ? 32 : 128)) return false;
  const block = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  block.addSubnet(net, size, type);
  return block.check(host, type);
};

/** Splits a port off; `a:b:c` without brackets is an IPv6 address. */
const withPort = (entry: string): { host: string; port: string | null } => {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  return match === null
    ? { host: bare(entry), port: null }
    : { host: bare(match[1] ?? ''), port: match[2] ?? null };
};

const excludes = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(host, entry);
  const rule = withPort(entry);
  if (rule.port !== null && rule.port !== port) return false;
  if (isIP(rule.host) !== 0) return rule.host === host;
  const suffix = rule.host.replace(/^\*(?=\.)/, '');
  if (suffix === '') return false;
  // `.example.com` is for names below it only; `example.com` is for the name itself too.
  return suffix.startsWith('.')
    ? host.endsWith(suffix)
    : host === suffix || host.endsWith(`.${suffix}`);
};

/**
 * The proxy that the environment names for a server, by Go's rules, which are kubectl's: HTTPS_PROXY or HTTP_PROXY
 * by the server's scheme, upper case first, not for localhost, not for what NO_PROXY lists. ALL_PROXY is not read.
 */
export const proxyFromEnv = (server: URL, env: Env): ChosenProxy | null => {
  const secure = server.protocol === 'https:';
  const chosen = firstOf(
    env,
    secure ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'],
  );
  if (chosen === null) return null;
  const host = bare(server.hostname);
  const port = server.port === '' ? (secure ? '443' : '80') : server.port;
  if (isLoopback(host)) return null;
  const no = firstOf(env, ['NO_PROXY', 'no_proxy'])?.url ?? '';
  const entries = no.split(',').map((entry) => entry.trim().toLowerCase());
  if (entries.some((entry) => entry !== '' && excludes(entry, host, port))) return null;
  return {
    ...chosen,
    url: /^[a-z][a-z0-9+.-]*:\/\//i.test(chosen.url) ? chosen.url : `http://${chosen.url}`,
  };
};

/** Why a proxy URL cannot be used, or null. */
export const proxyProblem = (url: string): string | null => {
  if (!URL.canParse(url)) return 'is not a URL';
  const { protocol, hostname } = new URL(url);
  if (!proxySchemes.includes(protocol)) {
    return `has scheme "${protocol.replace(/:$/, '')}", which is not supported (http, https, socks5, socks5h are)`;
  }
  return hostname === '' ? 'has no host' : null;
};

/** Without user and password. */
export const proxyText = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};
