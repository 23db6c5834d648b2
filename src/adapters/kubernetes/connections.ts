import { Client, type Dispatcher, Pool } from 'undici';
import { failure } from '../../kernel/failure.ts';
import type { Dialed, Protocol } from './dial.ts';
import { ApiError } from './network-failure.ts';
import { toldStart } from './told-start.ts';

export interface ConnectionsOptions {
  /** `https://host:port` */
  readonly origin: string;
  /** Rejects when the signal aborts. */
  readonly dial: (signal: AbortSignal) => Promise<Dialed>;
}

/** One HTTP/2 connection and what runs on it. */
interface Lane {
  readonly client: Client;
  running: number;
  socket: Dialed['socket'] | undefined;
}

export interface Sent {
  readonly response: Dispatcher.ResponseData;
  /**
   * True when the connection was lost. Node lets the streams of a lost HTTP/2 connection end as if they were
   * complete, so whoever reads a body to its end must ask.
   */
  readonly cut: () => boolean;
}

export type Send = Omit<Dispatcher.RequestOptions, 'origin'>;

/**
 * Streams on one HTTP/2 connection. API servers and load balancers allow about 100 at a time; a request beyond
 * that would wait until a watch ends. So watches leave room for short requests.
 */
const streamsPerLane = 100;
const watchesPerLane = 64;

/**
 * Bytes that the server may send ahead of what has been read: it goes on while we decode, and a list of 30 MB over
 * 50 ms of distance takes one second instead of six.
 */
const streamWindow = 4 << 20;
const laneWindow = 8 << 20;

const keepAliveMs = 30_000;
const headersTimeoutMs = 30_000;
const pingEveryMs = 15_000;

const limits = { keepAliveTimeout: keepAliveMs, headersTimeout: headersTimeoutMs } as const;

/**
 * The connections of one generation: all made with the same credentials and certificates.
 * With HTTP/2 one connection carries everything until it is full; with HTTP/1.1 every running request has its own.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #stop = new AbortController();
  readonly #lanes: Lane[] = [];
  #pool: Pool | undefined;
  #opening: Promise<Protocol> | undefined;
  #protocol: Protocol | undefined;
  /** The connection that told us the protocol, until somebody uses it. */
  #spare: Dialed | undefined;
  #retired = false;
  /** With TLS 1.3 a server refuses our certificate after the handshake, and undici only sees the end. */
  #refusal: Error | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get protocol(): Protocol | undefined {
    return this.#protocol;
  }

  /** True when new requests need another generation. */
  get retired(): boolean {
    return this.#retired;
  }

  /** Dials if nobody has yet. Parallel callers share one attempt; after a failed one the next caller dials anew. */
  open(): Promise<Protocol> {
    if (this.#protocol !== undefined) return Promise.resolve(this.#protocol);
    this.#opening ??= this.#firstDial().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #firstDial(): Promise<Protocol> {
    const dialed = await this.#dial();
    this.#protocol = dialed.protocol;
    this.#spare = dialed;
    return dialed.protocol;
  }

  async #dial(): Promise<Dialed> {
    const dialed = await this.#options.dial(this.#stop.signal);
    this.#refusal = undefined;
    // Until undici listens nobody does, and an error without a listener ends the process.
    dialed.socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_SSL_')) this.#refusal = error;
    });
    return dialed;
  }

  /** Sends over an open generation. `watch` requests stay for minutes. `leaves`: from now on it may have arrived. */
  async send(request: Send, watch: boolean, leaves?: () => void): Promise<Sent> {
    const told = <D extends Dispatcher>(over: D): Dispatcher =>
      leaves === undefined ? over : over.compose(toldStart(leaves));
    if (this.#protocol !== 'h2') {
      this.#pool ??= new Pool(this.#options.origin, {
        ...limits,
        allowH2: false,
        connect: (_, callback) => this.#connect(callback),
      });
      try {
        return { response: await told(this.#pool).request(request), cut: () => false };
      } catch (error) {
        throw this.#refusal ?? error;
      }
    }
    const lane = this.#lane(watch ? watchesPerLane : streamsPerLane);
    lane.running += 1;
    try {
      const response = await told(lane.client).request(request);
      response.body.once('close', () => {
        lane.running -= 1;
      });
      const { socket } = lane;
      return { response, cut: () => this.#isCut(socket) };
    } catch (error) {
      lane.running -= 1;
      throw this.#refusal ?? error;
    }
  }

  #isCut(socket: Dialed['socket'] | undefined): boolean {
    if (socket === undefined) return true;
    const error: NodeJS.ErrnoException | null = socket.errored;
    // A retired generation closes its connections itself, when the last answer is complete.
    if (this.#retired && (error === null || error.code === 'UND_ERR_DESTROYED')) return false;
    return socket.destroyed;
  }

  #lane(limit: number): Lane {
    const free = this.#lanes.find((lane) => lane.running < limit);
    if (free !== undefined) return free;
    const client = new Client(this.#options.origin, {
      ...limits,
      connect: (_, callback) =>
        this.#connect((...result) => {
          if (result[0] === null) lane.socket = result[1];
          callback(...result);
        }),
      h2Options: {
        maxConcurrentStreams: streamsPerLane,
        pingInterval: pingEveryMs,
        connectionWindowSize: laneWindow,
        settings: { initialWindowSize: streamWindow },
      },
    });
    const lane: Lane = { client, running: 0, socket: undefined };
    this.#lanes.push(lane);
    return lane;
  }

  #connect(callback: (...result: [null, Dialed['socket']] | [Error, null]) => void): void {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && !spare.socket.destroyed) {
      // undici does not notice a connection that is there at once.
      queueMicrotask(() => callback(null, spare.socket));
      return;
    }
    this.#dial().then(
      ({ socket, protocol }) => {
        if (protocol === this.#protocol) {
          callback(null, socket);
          return;
        }
        // Something else answers there now. Requests are queued differently for it, so a new generation is due.
        this.#retired = true;
        socket.destroy();
        callback(Object.assign(new Error('protocol changed'), { code: 'ECONNRESET' }), null);
      },
      (error: Error) => callback(error, null),
    );
  }

  /** No new requests; running ones finish, then the connections close. */
  async retire(): Promise<void> {
    this.#retired = true;
    const clients = [
      ...this.#lanes.map((lane) => lane.client),
      ...(this.#pool ? [this.#pool] : []),
    ];
    await Promise.allSettled(clients.map((client) => client.close()));
    this.#end(new Error('retired'));
  }

  /** Ends everything at once; running requests fail with `why`. */
  async destroy(why: string): Promise<void> {
    this.#retired = true;
    const error = new ApiError(failure('unreachable', 'dial', why));
    this.#end(error);
    const clients = [
      ...this.#lanes.map((lane) => lane.client),
      ...(this.#pool ? [this.#pool] : []),
    ];
    await Promise.allSettled(clients.map((client) => client.destroy(error)));
  }

  #end(why: Error): void {
    this.#stop.abort(why);
    this.#spare?.socket.destroy();
    this.#spare = undefined;
  }
}
