import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { TlsMaterial } from './tls.ts';
import { endpointOf, openTcp, openTunnel, settled } from './tunnel.ts';

export type Protocol = 'h2' | 'http/1.1';

export interface Dialed {
  readonly socket: Socket | TLSSocket;
  readonly protocol: Protocol;
}

/** TCP, proxy and TLS together; a healthy server on another continent needs about a second. */
const dialWithinMs = 10_000;

/**
 * A new connection to the server, directly or through a proxy, with TLS when there is material for it.
 * `protocols` are offered in this order. Rejects with errors that `networkFailure` has words for.
 */
export const dial = async (
  server: URL,
  proxy: string | null,
  material: TlsMaterial | null,
  protocols: readonly Protocol[],
  signal: AbortSignal,
): Promise<Dialed> => {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })),
    dialWithinMs,
  );
  const stop = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const to = endpointOf(server, material === null ? 80 : 443);
    const carrier =
      proxy === null ? await openTcp(to, limit.signal) : await openTunnel(proxy, to, limit.signal);
    if (material === null) return { socket: carrier, protocol: 'http/1.1' };
    // A name for SNI must not be an IP address, but the certificate is checked against either.
    const name = material.serverName ?? to.host;
    const socket = connectTls({
      socket: carrier,
      host: name,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext: material.context,
      rejectUnauthorized: material.verify,
      ALPNProtocols: [...protocols],
    });
    await settled(socket, 'secureConnect', limit.signal);
    return { socket, protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
};
