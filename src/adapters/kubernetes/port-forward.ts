import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Credential, Secret } from './credential.ts';
import { dial } from './dial.ts';
import { type Attempt, networkFailure } from './network-failure.ts';
import { PortForwardStream } from './port-forward-stream.ts';
import { refusalOf, statusIn } from './reflector-refusal.ts';
import { requestHeaders } from './request-headers.ts';
import type { Resolved } from './resolved.ts';
import { tlsMaterial } from './tls.ts';

export interface PodPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * One TCP connection to a port of a pod, through the API server and the kubelet. The signal ends the attempt, not
 * the stream; whoever gets the stream destroys it.
 */
export type PodForward = (pod: PodPort, signal: AbortSignal) => Promise<Result<Duplex>>;

export interface PodForwardOptions {
  readonly resolved: Resolved;
  readonly credential: Credential;
  /** Of midwatch, for the User-Agent header. */
  readonly version: string;
}

const op = 'port-forward';
/** kubelets have spoken it since 1.5, and API servers hand it through to them. */
const protocol = 'v4.channel.k8s.io';
/** RFC 6455: what a server must mix into its answer. */
const accepting = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const longestRefusal = 64 * 1024;

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** The only path of a session that can be built here: every part is checked, and the last one is fixed. */
export const portForwardPath = ({ namespace, name, port }: PodPort): Result<string> => {
  const wrong = (what: string): Result<string> =>
    failed(failure('misconfigured', op, what, { hint: 'name it as namespace/pod:port' }));
  if (!label.test(namespace)) return wrong('this is no name of a namespace');
  if (!subdomain.test(name) || name.includes('..')) return wrong('this is no name of a pod');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return wrong('this is no port');
  return ok(`/api/v1/namespaces/${namespace}/pods/${name}/portforward`);
};

/**
 * Opens connections to pods with the TLS, the proxy and the credentials of the API client. They are new connections
 * each: a session cannot share the pooled one. RBAC: `get` and, from 1.35 on, `create` of `pods/portforward`.
 */
export const podForward =
  (options: PodForwardOptions): PodForward =>
  async (pod, signal) => {
    const path = portForwardPath(pod);
    if (!path.ok) return path;
    const server = new URL(options.resolved.server);
    const attempt: Attempt = { op, on: path.value, server: server.host };
    try {
      const secret = await options.credential.current(signal);
      if (!secret.ok) return secret;
      const first = await upgraded(options, server, path.value, pod.port, secret.value, signal);
      if (first.ok || first.failure.kind !== 'unauthorized') return first;
      if (!options.credential.invalidate(secret.value)) return first;
      const renewed = await options.credential.current(signal);
      if (!renewed.ok || renewed.value === secret.value) return first;
      return await upgraded(options, server, path.value, pod.port, renewed.value, signal);
    } catch (error) {
      return failed(
        signal.aborted
          ? failure('ended', op, 'cancelled by midwatch', { on: path.value })
          : networkFailure(error, attempt),
      );
    }
  };

const upgraded = async (
  { resolved, version }: PodForwardOptions,
  server: URL,
  path: string,
  port: number,
  secret: Secret,
  signal: AbortSignal,
): Promise<Result<Duplex>> => {
  const material =
    resolved.tls === null ? ok(null) : await tlsMaterial(resolved.tls, secret.certificate);
  if (!material.ok) return material;
  const { socket } = await dial(server, resolved.proxy, material.value, ['http/1.1'], signal);
  const key = randomBytes(16).toString('base64');
  const where = `${server.pathname.replace(/\/+$/, '')}${path}`;
  const asked = httpRequest({
    method: 'GET',
    path: `${where}?ports=${port}`,
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
      'sec-websocket-protocol': protocol,
    },
    createConnection: () => socket,
    signal,
  });
  return await new Promise<Result<Duplex>>((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', (answer) => {
      refused(answer, path).then((why) => resolve(failed(why)), reject);
    });
    asked.on('upgrade', (answer, upgradedSocket, head) => {
      const { 'sec-websocket-accept': accept, 'sec-websocket-protocol': spoken } = answer.headers;
      if (accept === acceptOf(key) && spoken === protocol) {
        resolve(ok(new PortForwardStream(upgradedSocket, head, path)));
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
const refused = async (answer: IncomingMessage, path: string): Promise<Failure> => {
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > longestRefusal) break;
  }
  answer.destroy();
  const why = refusalOf({ op, path }, statusIn(answer.statusCode ?? 0, body));
  return why.kind === 'forbidden'
    ? { ...why, hint: 'ask for the verbs get and create on pods/portforward in this namespace' }
    : why;
};
