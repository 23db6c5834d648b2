import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceAuth, SourceTls, SourceWay } from '../../kernel/source-target.ts';
import { type Milliseconds, milliseconds } from '../../kernel/units.ts';
import type { Attempt } from '../kubernetes/network-failure.ts';
import { endpointOf, openTcp } from '../kubernetes/tunnel.ts';
import { type Deadline, deadline, orAbort } from './deadline.ts';
import type { HttpAnswer, HttpRequest, HttpSource } from './http-source.ts';
import { MadeOfFiles } from './made-of-files.ts';
import { unsafePath } from './path-guard.ts';
import { sourceAnswer } from './source-answer.ts';
import { sourceFailure } from './source-failure.ts';
import { type Reached, SourceLane, sumOf, type Traffic } from './source-lane.ts';
import { loginFile, readLogin } from './source-login.ts';
import { sourceTls, tlsPaths } from './source-tls.ts';

/** Why a request must not be sent, or null. What it refuses is a bug of the caller, never a matter of input. */
export type RequestGuard = (
  method: HttpRequest['method'],
  path: string,
  body?: string,
) => string | null;

export interface DirectHttpOptions {
  readonly way: Extract<SourceWay, { kind: 'direct' }>;
  readonly auth: SourceAuth;
  readonly tls: SourceTls;
  readonly clock: Clock;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
  /** Decides which requests exist for this source; it sees the path without the prefix of the URL. */
  readonly guard: RequestGuard;
  /** Another way to carry bytes than TCP, itself protected from listeners, e.g. a port-forward. */
  readonly carrier?: (signal: AbortSignal) => Promise<Duplex>;
}

export interface DirectHttp extends HttpSource {
  /** What has been sent and received so far. */
  traffic(): Readonly<Traffic>;
  /** How far the latest connection came; before `connected` no request can have left. */
  reached(): Reached;
}

const isLoopback = (host: string): boolean =>
  /^(?:.+\.)?localhost$|^127(?:\.\d+){3}$|^\[::1\]$/.test(host);

const webUrl = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null;
};

/**
 * Requests straight to one server over a few connections of its own, HTTP/1.1. Files of certificates and secrets are
 * read when they are needed and again when they change. Redirects are answers like others. Credentials go over plain
 * http only to this machine, or where `tls.verify` is false: whoever gives up knowing the server has said that the
 * line need not be safe.
 */
export const directHttp = (options: DirectHttpOptions): DirectHttp => {
  const url = webUrl(options.way.url);
  return url === null ? noUrl() : new Direct(url, options);
};

const noUrl = (): DirectHttp => ({
  where: '(not a URL)',
  request: async ({ path }) =>
    failed(
      failure('misconfigured', 'connect', 'the address is no http or https URL', {
        on: path,
        hint: 'write it as https://host:port',
      }),
    ),
  close: async () => {},
  traffic: () => sumOf([]),
  reached: () => 'nothing',
});

class Direct implements DirectHttp {
  readonly where: string;
  readonly #url: URL;
  readonly #prefix: string;
  readonly #options: DirectHttpOptions;
  readonly #lanes: MadeOfFiles<SourceLane>;
  readonly #login: MadeOfFiles<string | null>;
  readonly #alive = new Set<SourceLane>();
  #past: Readonly<Traffic> = sumOf([]);
  #latest: SourceLane | undefined;
  #closed = false;

  constructor(url: URL, options: DirectHttpOptions) {
    const { auth, tls, clock } = options;
    this.#url = url;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.where = `${url.origin}${this.#prefix}`;
    this.#options = options;
    this.#lanes = new MadeOfFiles({
      paths: url.protocol === 'https:' ? tlsPaths(tls) : [],
      clock,
      make: () => this.#lane(),
      replaced: (old) => void old.retire().then(() => this.#forget(old)),
    });
    const secret = loginFile(auth);
    this.#login = new MadeOfFiles({
      paths: secret === null ? [] : [secret.path],
      clock,
      make: () => readLogin(auth),
    });
  }

  /** @throws when the guard refuses the request: that is a bug of the caller. */
  async request(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpAnswer>> {
    const { method, path, timeout } = request;
    const why = unsafePath(path) ?? this.#options.guard(method, path, request.body);
    if (why !== null) throw new Error(`${method} ${path} refused: ${why}`);
    const attempt: Attempt = {
      op: method.toLowerCase(),
      on: path.split('?')[0] ?? path,
      server: this.#url.host,
    };
    const wait = milliseconds(timeout);
    const time = deadline(this.#options.clock, wait, signal);
    const answer = await this.#send(request, attempt, time, wait, signal).catch((error) => {
      time.end();
      throw error;
    });
    if (!answer.ok) time.end();
    return answer;
  }

  async #send(
    request: HttpRequest,
    attempt: Attempt,
    time: Deadline,
    wait: Milliseconds,
    caller: AbortSignal,
  ): Promise<Result<HttpAnswer>> {
    const exposed = this.#exposed(attempt);
    if (exposed !== null) return failed(exposed);
    const login = await this.#login.current();
    if (!login.ok) return login;
    const made = await this.#lanes.current();
    if (!made.ok) return made;
    const lane = made.value;
    const words = (error: unknown, begun: boolean): Failure => {
      const { op, on } = attempt;
      if (caller.aborted) return failure('ended', op, 'cancelled by midwatch', { on });
      if (this.#closed) return failure('ended', op, 'the connection is closed', { on });
      if (time.late) return tooSlow(attempt, wait, begun ? 'begun' : lane.reached);
      return sourceFailure(lane.causeOf(error), attempt);
    };
    try {
      lane.sent();
      const asked = lane.pool.request({
        path: `${this.#prefix}${request.path}`,
        method: request.method,
        headers: this.#headers(request, login.value),
        body: request.body ?? null,
        signal: time.signal,
      });
      // A request that waits for its connection hears of the signal only when there is one.
      const response = await orAbort(asked, time.signal, ({ body }) =>
        body.on('error', () => {}).destroy(),
      );
      lane.answered();
      time.restart();
      return ok(
        sourceAnswer(response, {
          limit: request.limit,
          words: (error) => words(error, true),
          done: () => time.end(),
        }),
      );
    } catch (error) {
      return failed(words(error, false));
    }
  }

  #exposed({ op, on, server }: Attempt): Failure | null {
    const { auth, tls, carrier } = this.#options;
    const safe = this.#url.protocol === 'https:' || isLoopback(this.#url.hostname);
    if (auth.kind === 'none' || safe || carrier !== undefined || !tls.verify) return null;
    return failure('misconfigured', op, `credentials are not sent to ${server} over plain http`, {
      on,
      hint: 'use https, or turn verification off to say that the line need not be safe',
    });
  }

  #headers({ body, tenant }: HttpRequest, login: string | null): Readonly<Record<string, string>> {
    return {
      'user-agent': `midwatch/${this.#options.version}`,
      accept: '*/*',
      'accept-encoding': 'gzip',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
      ...(login === null ? {} : { authorization: login }),
    };
  }

  async #lane(): Promise<Result<SourceLane>> {
    const { tls, clock, carrier } = this.#options;
    const secure = this.#url.protocol === 'https:';
    const material = secure ? await sourceTls(tls) : ok(null);
    if (!material.ok) return material;
    if (this.#closed) return failed(failure('ended', 'connect', 'the connection is closed'));
    const to = endpointOf(this.#url, secure ? 443 : 80);
    const lane = new SourceLane({
      url: this.#url,
      tls: material.value,
      carrier: carrier ?? ((signal) => openTcp(to, signal)),
      clock,
    });
    this.#alive.add(lane);
    this.#latest = lane;
    return ok(lane);
  }

  #forget(lane: SourceLane): void {
    if (this.#alive.delete(lane)) this.#past = sumOf([this.#past, lane.traffic()]);
  }

  traffic(): Readonly<Traffic> {
    return sumOf([this.#past, ...[...this.#alive].map((lane) => lane.traffic())]);
  }

  reached(): Reached {
    return this.#latest?.reached ?? 'nothing';
  }

  async close(): Promise<void> {
    this.#closed = true;
    const lanes = [...this.#alive];
    await Promise.all(lanes.map((lane) => lane.destroy()));
    for (const lane of lanes) this.#forget(lane);
  }
}

const tooSlow = (
  { op, on, server }: Attempt,
  wait: Milliseconds,
  reached: SourceLane['reached'] | 'begun',
): Failure => {
  const within = `within ${wait / 1000} s`;
  const stuck = 'its process may be paused or stuck, or wait for a slow disk';
  const [message, hint] = {
    nothing: [
      `${server} does not accept a connection ${within}`,
      'check that its machine is up, the network, the VPN and firewalls',
    ],
    accepted: [`${server} accepts the connection and then says nothing ${within}`, stuck],
    connected: [`${server} took the question and did not answer ${within}`, stuck],
    begun: [`${server} did not come to the end of its answer ${within}`, 'the line may be slow'],
  }[reached];
  return failure('timeout', op, message ?? '', { on, ...(hint === undefined ? {} : { hint }) });
};
