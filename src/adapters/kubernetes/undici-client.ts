import type { Dispatcher } from 'undici';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, minutes, since } from '../../kernel/units.ts';
import { answerOf, type ByteCount } from './answer.ts';
import type { ApiAnswer, ApiCall, ApiClient, ClusterInfo } from './api-client.ts';
import { Connections } from './connections.ts';
import type { Credential, Secret } from './credential.ts';
import { dial, type Protocol } from './dial.ts';
import { ApiError, type Attempt, networkFailure } from './network-failure.ts';
import { forbiddenRequest } from './request-guard.ts';
import { needsHttp1, requestHeaders } from './request-headers.ts';
import type { Resolved } from './resolved.ts';
import { type TlsMaterial, tlsMaterial } from './tls.ts';

export interface ClientStats {
  /** Connection attempts, failed ones included. */
  readonly dials: number;
  /** Requests sent, repeats after a 401 included. */
  readonly requests: number;
  /** Bytes of answers' bodies as they came over the wire, before decompression. */
  readonly bytesReceived: number;
  /** Times that the connection was thrown away on purpose. */
  readonly redials: number;
  /** Null before the first connection. */
  readonly protocol: Protocol | null;
}

export interface UndiciClientOptions {
  readonly resolved: Resolved;
  readonly credential: Credential;
  readonly clock: Pick<Clock, 'now'>;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
  /** Asked for everything that is sent, repeats included; where there is none, only reading is possible. */
  readonly guard?: ApiGuard | undefined;
}

/** Why a request must not be sent, or null. */
export type ApiGuard = (request: ApiCall) => string | null;

const readsOnly: ApiGuard = ({ method, path }) => forbiddenRequest(method, path);

/**
 * After this long new requests get a new connection: DNS, load balancers and certificates on disk change,
 * and a connection that lives for days pins us to one API server of three.
 */
const maximumAge = minutes(5);
const bodyTimeoutMs = 30_000;

interface Generation {
  readonly connections: Connections;
  readonly certificate: string | null;
  readonly born: EpochMs;
}

const cancelled = ({ op, on }: Attempt): Failure =>
  failure('ended', op, 'cancelled by midwatch', { on });

const opOf = (request: ApiCall): string =>
  request.streaming === true ? 'watch' : request.method.toLowerCase();

/** The promise, or a rejection as soon as the signal aborts: what is shared must not end with one caller. */
const orAbort = async <T>(shared: Promise<T>, signal: AbortSignal): Promise<T> => {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([shared, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** `ApiClient` over undici: pooled, authenticated, and read-only unless it was given another guard. */
export class UndiciClient implements ApiClient {
  readonly info: ClusterInfo;
  readonly #resolved: Resolved;
  readonly #credential: Credential;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #guard: ApiGuard;
  readonly #server: URL;
  readonly #protocols: readonly Protocol[];
  readonly #headers: ReturnType<typeof requestHeaders>;
  /** Every generation that still has connections; the last one may be current. */
  readonly #alive = new Set<Connections>();
  readonly #count: ByteCount & { dials: number; requests: number; redials: number } = {
    bytesReceived: 0,
    dials: 0,
    requests: 0,
    redials: 0,
  };
  #current: Generation | undefined;
  #making: { certificate: string | null; made: Promise<Result<Generation>> } | undefined;
  #protocol: Protocol | null = null;
  #closed = false;

  constructor({ resolved, credential, clock, version, guard }: UndiciClientOptions) {
    this.info = resolved.info;
    this.#resolved = resolved;
    this.#credential = credential;
    this.#clock = clock;
    this.#guard = guard ?? readsOnly;
    this.#server = new URL(resolved.server);
    this.#headers = requestHeaders(resolved, version);
    this.#protocols = needsHttp1(resolved) ? ['http/1.1'] : ['h2', 'http/1.1'];
  }

  stats(): ClientStats {
    return { ...this.#count, protocol: this.#protocol };
  }

  /** @throws when the guard refuses the request: that is a bug of the caller. */
  async request(request: ApiCall, signal: AbortSignal): Promise<Result<ApiAnswer>> {
    const attempt: Attempt = {
      op: opOf(request),
      on: request.path.split('?')[0] ?? request.path,
      server: this.#server.host,
    };
    let refused: Secret | undefined;
    for (;;) {
      const why = this.#guard(request);
      if (why !== null) throw new Error(`${request.method} ${request.path} refused: ${why}`);
      if (signal.aborted) return failed(cancelled(attempt));
      const secret = await this.#secret(attempt, signal);
      if (!secret.ok) return secret;
      const sent = await this.#send(request, secret.value, attempt, signal);
      if (!sent.ok || sent.value.status !== 401 || refused !== undefined) return sent;
      refused = secret.value;
      if (!this.#credential.invalidate(refused)) return sent;
      const renewed = await this.#secret(attempt, signal);
      if (!renewed.ok || renewed.value === refused) return sent;
      await sent.value.text().catch(() => '');
    }
  }

  async #secret(attempt: Attempt, signal: AbortSignal): Promise<Result<Secret>> {
    try {
      return await orAbort(this.#credential.current(signal), signal);
    } catch (error) {
      return failed(signal.aborted ? cancelled(attempt) : networkFailure(error, attempt));
    }
  }

  async #send(
    request: ApiCall,
    secret: Secret,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<Result<ApiAnswer>> {
    try {
      const connected = await this.#connected(secret, signal);
      if (!connected.ok) return failed({ ...connected.failure, op: attempt.op });
      const connections = connected.value;
      this.#count.requests += 1;
      const streaming = request.streaming === true;
      const sent = await connections.send(
        {
          path: `${this.#server.pathname.replace(/\/+$/, '')}${request.path}`,
          method: request.method as Dispatcher.HttpMethod,
          headers: this.#headers(request, secret, this.#resolved.tls !== null),
          body: request.body ?? null,
          bodyTimeout: streaming ? 0 : bodyTimeoutMs,
          signal,
        },
        streaming,
        request.leaves,
      );
      return ok(answerOf(sent, this.#count, attempt, signal));
    } catch (error) {
      return failed(signal.aborted ? cancelled(attempt) : networkFailure(error, attempt));
    }
  }

  /** Open connections that take requests. A generation may be retired while it dials: then its successor is used. */
  async #connected(secret: Secret, signal: AbortSignal): Promise<Result<Connections>> {
    while (!this.#closed) {
      const generation = await this.#generation(secret);
      if (!generation.ok) return generation;
      const { connections } = generation.value;
      try {
        this.#protocol = await orAbort(connections.open(), signal);
        if (!connections.retired) return ok(connections);
      } catch (error) {
        if (!connections.retired || signal.aborted || error instanceof ApiError) throw error;
      }
    }
    throw new ApiError(failure('ended', 'dial', 'the client is closed'));
  }

  async #generation(secret: Secret): Promise<Result<Generation>> {
    const certificate = secret.certificate?.cert ?? null;
    const current = this.#current;
    if (
      current !== undefined &&
      !current.connections.retired &&
      current.certificate === certificate &&
      since(current.born, this.#clock.now()) < maximumAge
    ) {
      return ok(current);
    }
    if (this.#making?.certificate !== certificate) {
      const made = this.#make(secret, certificate).finally(() => {
        if (this.#making?.made === made) this.#making = undefined;
      });
      this.#making = { certificate, made };
    }
    return await this.#making.made;
  }

  async #make(secret: Secret, certificate: string | null): Promise<Result<Generation>> {
    const { tls, proxy } = this.#resolved;
    const material: Result<TlsMaterial | null> =
      tls === null ? ok(null) : await tlsMaterial(tls, secret.certificate);
    if (!material.ok) return material;
    const connections = new Connections({
      origin: this.#server.origin,
      dial: (signal) => {
        this.#count.dials += 1;
        return dial(this.#server, proxy, material.value, this.#protocols, signal);
      },
    });
    const generation = { connections, certificate, born: this.#clock.now() };
    this.#retire(this.#current?.connections);
    this.#current = generation;
    this.#alive.add(connections);
    return ok(generation);
  }

  #retire(connections: Connections | undefined): void {
    if (connections === undefined) return;
    void connections.retire().finally(() => this.#alive.delete(connections));
  }

  /** The next request dials anew; what runs goes on over the old connection until it ends. */
  renew(): void {
    this.#retire(this.#current?.connections);
    this.#current = undefined;
  }

  redial(why: string): void {
    this.#count.redials += 1;
    this.#current = undefined;
    const doomed = [...this.#alive];
    this.#alive.clear();
    for (const connections of doomed) void connections.destroy(`connection thrown away: ${why}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#current = undefined;
    const doomed = [...this.#alive];
    this.#alive.clear();
    await Promise.all(doomed.map((connections) => connections.destroy('the client is closed')));
  }
}
