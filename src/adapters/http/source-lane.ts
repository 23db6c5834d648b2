import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Pool } from 'undici';
import type { Clock } from '../../kernel/clock.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import type { TlsMaterial } from '../kubernetes/tls.ts';
import { endpointOf, settled } from '../kubernetes/tunnel.ts';

/** Bytes on the wire, TLS included, and what they were for. */
export interface Traffic {
  dials: number;
  requests: number;
  received: number;
  sent: number;
}

export interface LaneOptions {
  readonly url: URL;
  /** Null for plain http. */
  readonly tls: TlsMaterial | null;
  /** A byte stream to the server. Rejects when the signal aborts. */
  readonly carrier: (signal: AbortSignal) => Promise<Duplex>;
  readonly clock: Clock;
}

/** TCP and TLS together. Longer than the patience of a question: the next one may still use what comes of it. */
const dialWithin: Milliseconds = seconds(10);
/** Questions are rare, and two at once are many. */
const maxConnections = 4;
const keepAliveMs = 90_000;

const cuts: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** How far the latest connection came, for the words of a timeout. */
export type Reached = 'nothing' | 'accepted' | 'connected';

/** Pooled connections with one set of certificates. */
export class SourceLane {
  readonly pool: Pool;
  readonly #options: LaneOptions;
  readonly #stop = new AbortController();
  readonly #open = new Set<Duplex>();
  readonly #past: Traffic = { dials: 0, requests: 0, received: 0, sent: 0 };
  #reached: Reached = 'nothing';
  /** With TLS 1.3 a server refuses our certificate after the handshake, and undici only sees the end. */
  #refusal: Error | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.pool = new Pool(options.url.origin, {
      connections: maxConnections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        this.#dial().then(
          (socket) => callback(null, socket as Socket),
          (error: Error) => callback(error, null),
        );
      },
    });
  }

  get reached(): Reached {
    return this.#reached;
  }

  /** What has gone wrong: where a connection was merely cut, the alert with which the server did that. */
  causeOf(error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException;
    return code !== undefined && cuts.has(code) ? (this.#refusal ?? error) : error;
  }

  /** An answer has come: whatever the server refused before is over. */
  answered(): void {
    this.#refusal = undefined;
  }

  async #dial(): Promise<Duplex> {
    const limit = new AbortController();
    const over = new AbortController();
    const stop = (): void => limit.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    if (this.#stop.signal.aborted) stop();
    void this.#options.clock.sleep(dialWithin, over.signal).then(() => {
      if (over.signal.aborted) return;
      limit.abort(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    });
    this.#past.dials += 1;
    this.#reached = 'nothing';
    try {
      const carrier = await this.#options.carrier(limit.signal);
      this.#track(carrier);
      this.#reached = 'accepted';
      const socket = await this.#secured(carrier, limit.signal);
      this.#reached = 'connected';
      return socket;
    } finally {
      over.abort();
      this.#stop.signal.removeEventListener('abort', stop);
    }
  }

  async #secured(carrier: Duplex, signal: AbortSignal): Promise<Duplex> {
    const { tls, url } = this.#options;
    if (tls === null) return carrier;
    // A name for SNI must not be an IP address, but the certificate is checked against either.
    const name = tls.serverName ?? endpointOf(url, 443).host;
    const socket = connectTls({
      socket: carrier,
      host: name,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext: tls.context,
      rejectUnauthorized: tls.verify,
      ALPNProtocols: ['http/1.1'],
    });
    try {
      await settled(socket, 'secureConnect', signal);
    } catch (error) {
      socket.on('error', () => {});
      socket.destroy();
      carrier.destroy();
      throw error;
    }
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_SSL_')) this.#refusal = error;
    });
    return socket;
  }

  #track(carrier: Duplex): void {
    this.#open.add(carrier);
    // Until undici listens nobody does, and an error without a listener ends the process.
    carrier.on('error', () => {});
    carrier.once('close', () => {
      this.#open.delete(carrier);
      add(this.#past, bytesOf(carrier));
    });
  }

  sent(): void {
    this.#past.requests += 1;
  }

  traffic(): Traffic {
    const sum = { ...this.#past };
    for (const carrier of this.#open) add(sum, bytesOf(carrier));
    return sum;
  }

  /** No new requests; running ones finish, then the connections close. */
  async retire(): Promise<void> {
    await this.pool.close().catch(() => {});
    this.#stop.abort(new Error('retired'));
  }

  /** Ends everything at once. */
  async destroy(): Promise<void> {
    this.#stop.abort(new Error('closed'));
    await this.pool.destroy().catch(() => {});
    for (const carrier of this.#open) carrier.destroy();
  }
}

const bytesOf = (carrier: Duplex): Pick<Traffic, 'received' | 'sent'> => {
  const { bytesRead = 0, bytesWritten = 0 } = carrier as Partial<Socket>;
  return { received: bytesRead, sent: bytesWritten };
};

const add = (sum: Traffic, more: Partial<Traffic>): void => {
  sum.dials += more.dials ?? 0;
  sum.requests += more.requests ?? 0;
  sum.received += more.received ?? 0;
  sum.sent += more.sent ?? 0;
};

export const sumOf = (all: Iterable<Traffic>): Traffic => {
  const sum: Traffic = { dials: 0, requests: 0, received: 0, sent: 0 };
  for (const one of all) add(sum, one);
  return sum;
};
