import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertData } from '../../kernel/alert-fact.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Signal } from '../../kernel/fact.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import type { SourcePort } from '../../kernel/ports.ts';
import { type Milliseconds, seconds } from '../../kernel/units.ts';
import { PushedAlerts } from './pushed-alerts.ts';
import { webhookPayload } from './webhook-payload.ts';
import { bodyOf, isLoopback, type Refusal, refusalOf } from './webhook-request.ts';

export interface WebhookOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** What senders must show, as a bearer token or as `?token=`; required where others can reach it. */
  readonly token: string | null;
  readonly clock: Clock;
}

const scope = 'webhook';
const saysEvery: Milliseconds = seconds(15);
/** Before a port that was taken is tried again. */
const retryEvery: Milliseconds = seconds(15);
const headersWithin: Milliseconds = seconds(10);
const requestWithin: Milliseconds = seconds(30);
const mostConnections = 64;

/**
 * Listens for what Alertmanagers push. It knows what was pushed since it listens: an alert that fired before is not
 * there until its sender repeats it. A notification is answered with 200 once it has been told on.
 */
export const webhookSource = (options: WebhookOptions): SourcePort<AlertData> => {
  const { host = '127.0.0.1', token, clock } = options;
  const pushed = new PushedAlerts();
  return {
    watch: async (emit, signal) => {
      /** Why it was not taken, or null. */
      const take = (body: string): Refusal | null => {
        // Whoever listens to us has gone: the sender must try again.
        if (signal.aborted) return { status: 503, why: 'midwatch ends' };
        const payload = webhookPayload(body);
        if (!payload.ok) return { status: 400, why: payload.failure.message };
        const data = pushed.take(payload.value);
        emit(
          data.length === 0
            ? [{ kind: 'heard', scope }]
            : data.map((told) => ({ kind: 'observed', scope, data: told })),
        );
        return null;
      };
      while (!signal.aborted) {
        const listening =
          token === null && !isLoopback(host)
            ? openToAll(host)
            : await listen(options, host, (request, response) =>
                answer(request, response, token, take),
              );
        if ('kind' in listening) {
          emit([{ kind: 'failed', scope, failure: listening }]);
          await clock.sleep(retryEvery, signal);
          continue;
        }
        emit(begun(listening, host, pushed));
        while (!signal.aborted) {
          await clock.sleep(saysEvery, signal);
          if (!signal.aborted) emit([{ kind: 'heard', scope }]);
        }
        await closed(listening);
      }
    },
  };
};

const openToAll = (host: string): Failure =>
  failure('misconfigured', 'listen for alerts', 'without a token only this machine may push', {
    on: host,
    hint: 'set a token, or listen on 127.0.0.1',
  });

/** What listens, or why nothing does. */
const listen = (
  { port }: WebhookOptions,
  host: string,
  take: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server | Failure> => {
  const server = createServer(
    { headersTimeout: headersWithin, requestTimeout: requestWithin },
    (request, response) => {
      // A sender that goes away in the middle is none of our trouble.
      take(request, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = mostConnections;
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(listenFailure(error, host, port)),
    );
    server.listen(port, host, () => {
      // Errors of a server that listens are about one connection.
      server.on('error', () => {});
      resolve(server);
    });
  });
};

const listenFailure = ({ code }: NodeJS.ErrnoException, host: string, port: number): Failure => {
  const on = `${host}:${port}`;
  const op = 'listen for alerts';
  switch (code) {
    case 'EADDRINUSE':
      return failure('misconfigured', op, 'the port is in use', {
        on,
        hint: 'another midwatch or another program listens there; choose another port',
      });
    case 'EACCES':
      return failure('misconfigured', op, 'this user may not listen on this port', {
        on,
        hint: 'choose a port above 1023',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return failure('misconfigured', op, 'this machine has no such address', {
        on,
        hint: 'listen on 127.0.0.1 or on an address of this machine',
      });
    default:
      return failure('misconfigured', op, `cannot listen (${code ?? 'unknown error'})`, { on });
  }
};

const begun = (server: Server, host: string, pushed: PushedAlerts): Signal<AlertData>[] => {
  const { port } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  const said: readonly AlertData[] = [
    {
      kind: 'source',
      id: 'source',
      source: {
        kind: 'webhook',
        where: `http://${shown}:${port}/`,
        version: '',
        peers: [],
        clusterStatus: '',
        clockSkew: null,
      },
    },
    { kind: 'listed', id: 'listed', fingerprints: pushed.fingerprints, silences: [] },
  ];
  return [
    ...said.map((data) => ({ kind: 'observed', scope, data }) as const),
    { kind: 'synced', scope },
  ];
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  token: string | null,
  take: (body: string) => Refusal | null,
): Promise<void> => {
  const body = refusalOf(request, token) ?? (await bodyOf(request));
  if (body === null) {
    response.destroy();
    return;
  }
  const refusal = typeof body === 'string' ? take(body) : body;
  if (refusal === null) reply(response, 200, 'taken');
  else reply(response, refusal.status, refusal.why);
};

/** After a refusal the rest of the request is not read, so the connection cannot be used again. */
const reply = (response: ServerResponse, status: number, why: string): void => {
  const more = status === 200 ? {} : { connection: 'close' };
  const auth = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...more, ...auth });
  response.end(`${why}\n`);
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
