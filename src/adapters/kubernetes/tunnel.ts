import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { failure } from '../../kernel/failure.ts';
import { ApiError } from './network-failure.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Dead peers are noticed by the kernel too, long after the heartbeat has. */
const keepAliveDelayMs = 15_000;

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

export const endpointOf = (url: URL, defaultPort: number): Endpoint => ({
  host: bare(url.hostname),
  port: url.port === '' ? defaultPort : Number(url.port),
});

export const endpointText = ({ host, port }: Endpoint): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;

/** Resolves when `event` fires; rejects with the socket's error, or with the signal's reason. Destroys it then. */
export const settled = (socket: Socket, event: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (finish: () => void): void => {
      socket.off(event, onEvent);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const onEvent = (): void => end(resolve);
    const onError = (error: Error): void => end(() => reject(error));
    const onClose = (): void =>
      end(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    const onAbort = (): void => {
      end(() => reject(signal.reason));
      // Whatever the socket still has to say has no listener any more.
      socket.on('error', () => {});
      socket.destroy();
    };
    socket.on(event, onEvent);
    socket.on('error', onError);
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });

export const openTcp = async (to: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const socket = connectTcp({
    host: to.host,
    port: to.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveDelayMs,
    autoSelectFamily: true,
  });
  await settled(socket, 'connect', signal);
  return socket;
};

const proxyError = (proxy: URL, message: string, hint: string): ApiError =>
  new ApiError(failure('unreachable', 'dial', `proxy ${proxy.host} ${message}`, { hint }));

const credentialsOf = (proxy: URL): { username: string; password: string } | null =>
  proxy.username === ''
    ? null
    : {
        username: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      };

const throughHttp = async (proxy: URL, to: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const secure = proxy.protocol === 'https:';
  const at = endpointOf(proxy, secure ? 443 : 80);
  let carrier = await openTcp(at, signal);
  if (secure) {
    carrier = connectTls({
      socket: carrier,
      host: at.host,
      servername: isIP(at.host) ? '' : at.host,
    });
    await settled(carrier, 'secureConnect', signal);
  }
  const login = credentialsOf(proxy);
  const basic =
    login === null
      ? {}
      : {
          'proxy-authorization': `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`,
        };
  const target = endpointText(to);
  // Loaded only where there is a proxy: this module brings half of fetch along.
  const { request } = await import('node:http');
  return await new Promise<Socket>((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...basic },
      createConnection: () => carrier,
      signal,
    });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      carrier.destroy();
      reject(refusal(proxy, to, answer.statusCode ?? 0));
    });
    asked.on('connect', (answer, socket: Socket, head) => {
      if (answer.statusCode !== 200) {
        socket.destroy();
        reject(refusal(proxy, to, answer.statusCode ?? 0));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.end();
  });
};

const refusal = (proxy: URL, to: Endpoint, status: number): ApiError =>
  status === 407
    ? proxyError(proxy, 'wants a login', 'put user and password into proxy-url or HTTPS_PROXY')
    : proxyError(
        proxy,
        `refuses to connect to ${endpointText(to)} (HTTP ${status})`,
        'ask who runs the proxy, or set NO_PROXY for this server',
      );

/**
 * The next `size` bytes; what comes after them stays in the socket. One at a time: a socket that holds fewer bytes
 * than are asked for calls itself readable at once, again and again.
 */
const readExactly = async (socket: Socket, size: number, signal: AbortSignal): Promise<Buffer> => {
  const got: Buffer[] = [];
  while (got.length < size) {
    const byte = socket.read(1) as Buffer | null;
    if (byte === null) await settled(socket, 'readable', signal);
    else got.push(byte);
  }
  return Buffer.concat(got);
};

const socksReplies = [
  '',
  'has failed',
  'does not allow this connection',
  'cannot reach the network',
  'cannot reach the host',
  'was refused by the server',
  'gave up waiting',
  'does not know the command',
  'does not support the address',
];

/** SOCKS 5 (RFC 1928) with names resolved by the proxy, and with login (RFC 1929). */
const throughSocks = async (proxy: URL, to: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const socket = await openTcp(endpointOf(proxy, 1080), signal);
  try {
    await askSocks(socket, proxy, to, signal);
    return socket;
  } catch (error) {
    socket.on('error', () => {});
    socket.destroy();
    throw error;
  }
};

const askSocks = async (
  socket: Socket,
  proxy: URL,
  to: Endpoint,
  signal: AbortSignal,
): Promise<void> => {
  const login = credentialsOf(proxy);
  socket.write(login === null ? Buffer.from([5, 1, 0]) : Buffer.from([5, 2, 0, 2]));
  const [version, method] = await readExactly(socket, 2, signal);
  if (version !== 5) throw proxyError(proxy, 'is not a SOCKS 5 proxy', 'check proxy-url');
  if (method === 2 && login !== null) {
    const user = Buffer.from(login.username);
    const password = Buffer.from(login.password);
    socket.write(
      Buffer.concat([
        Buffer.from([1, user.length]),
        user,
        Buffer.from([password.length]),
        password,
      ]),
    );
    const [, status] = await readExactly(socket, 2, signal);
    if (status !== 0) throw proxyError(proxy, 'does not accept the login', 'check proxy-url');
  } else if (method !== 0) {
    throw proxyError(proxy, 'wants a login', 'put user and password into proxy-url');
  }
  const name = Buffer.from(to.host);
  socket.write(
    Buffer.concat([
      Buffer.from([5, 1, 0, 3, name.length]),
      name,
      Buffer.from([to.port >> 8, to.port & 255]),
    ]),
  );
  const [, reply = 1, , kind] = await readExactly(socket, 4, signal);
  if (reply !== 0) {
    const why = socksReplies[reply] ?? 'has failed';
    throw proxyError(proxy, `${why}: ${endpointText(to)}`, 'ask who runs the proxy');
  }
  const rest = kind === 1 ? 4 : kind === 4 ? 16 : ((await readExactly(socket, 1, signal))[0] ?? 0);
  await readExactly(socket, rest + 2, signal);
};

/** A byte stream to `to`, through a proxy of scheme http, https, socks5 or socks5h. */
export const openTunnel = (proxy: string, to: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const url = new URL(proxy);
  return url.protocol === 'http:' || url.protocol === 'https:'
    ? throughHttp(url, to, signal)
    : throughSocks(url, to, signal);
};
