import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Credential, Secret } from './credential.ts';
import { dial } from './dial.ts';
import { type Attempt, networkFailure } from './network-failure.ts';
import { refusalOf, statusIn } from './reflector-refusal.ts';
import { requestHeaders } from './request-headers.ts';
import type { Resolved } from './resolved.ts';
import { tlsMaterial } from './tls.ts';

export interface UpgradeOptions {
  readonly resolved: Resolved;
  readonly credential: Credential;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

export interface SessionRequest {
  /** What is being done, for failures: `port-forward`. */
  readonly op: string;
  /** Without query. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  /** Sub-protocols, the best first. */
  readonly protocols: readonly string[];
}

export interface Upgraded {
  readonly socket: Duplex;
  /** What has come with the answer's head. */
  readonly head: Buffer;
  /** The one of the sub-protocols that is spoken. */
  readonly protocol: string;
}

/** RFC 6455: what a server must mix into its answer. */
const accepting = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const longestRefusal = 64 * 1024;

/**
 * Opens a WebSocket to the API server with the TLS, the proxy and the credentials of the API client. It is a new
 * connection: a session cannot share the pooled one. On 401 the credential is refreshed and it is tried once more. The
 * signal ends the attempt, not the session.
 */
export const upgradeToWebSocket = async (
  options: UpgradeOptions,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<Result<Upgraded>> => {
  const { op, path } = request;
  const server = new URL(options.resolved.server);
  const attempt: Attempt = { op, on: path, server: server.host };
  try {
    const secret = await options.credential.current(signal);
    if (!secret.ok) return secret;
    const first = await upgraded(options, server, request, secret.value, signal);
    if (first.ok || first.failure.kind !== 'unauthorized') return first;
    if (!options.credential.invalidate(secret.value)) return first;
    const renewed = await options.credential.current(signal);
    if (!renewed.ok || renewed.value === secret.value) return first;
    return await upgraded(options, server, request, renewed.value, signal);
  } catch (error) {
    return failed(
      signal.aborted
        ? failure('ended', op, 'cancelled by midwatch', { on: path })
        : networkFailure(error, attempt),
    );
  }
};

const upgraded = async (
  { resolved, version }: UpgradeOptions,
  server: URL,
  { op, path, query, protocols }: SessionRequest,
  secret: Secret,
  signal: AbortSignal,
): Promise<Result<Upgraded>> => {
  const material =
    resolved.tls === null ? ok(null) : await tlsMaterial(resolved.tls, secret.certificate);
  if (!material.ok) return material;
  const { socket } = await dial(server, resolved.proxy, material.value, ['http/1.1'], signal);
  const key = randomBytes(16).toString('base64');
  const asked = httpRequest({
    method: 'GET',
    path: `${server.pathname.replace(/\/+$/, '')}${path}?${query}`,
    headers: {
      ...requestHeaders(resolved, version)(
        { method: 'GET', path, accept: '*/*', streaming: true },
        secret,
        resolved.tls !== null,
      ),
      host: server.host,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
      'sec-websocket-protocol': protocols.join(', '),
    },
    createConnection: () => socket,
    signal,
  });
  return await new Promise<Result<Upgraded>>((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', (answer) => {
      refused(answer, op, path).then((why) => resolve(failed(why)), reject);
    });
    asked.on('upgrade', (answer, upgradedSocket, head) => {
      const { 'sec-websocket-accept': accept, 'sec-websocket-protocol': spoken } = answer.headers;
      if (accept === acceptOf(key) && typeof spoken === 'string' && protocols.includes(spoken)) {
        resolve(ok({ socket: upgradedSocket, head, protocol: spoken }));
        return;
      }
      upgradedSocket.destroy();
      resolve(failed(failure('undecodable', op, 'something in between does not speak WebSocket')));
    });
    asked.end();
  });
};

const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}${accepting}`).digest('base64');

/** Why the server did not open the session, in its own words. */
const refused = async (answer: IncomingMessage, op: string, path: string): Promise<Failure> => {
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > longestRefusal) break;
  }
  answer.destroy();
  const why = refusalOf({ op, path }, statusIn(answer.statusCode ?? 0, body));
  const resource = `pods/${path.slice(path.lastIndexOf('/') + 1)}`;
  return why.kind === 'forbidden'
    ? { ...why, hint: `ask for the verbs get and create on ${resource} in this namespace` }
    : why;
};
