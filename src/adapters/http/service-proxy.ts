import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { SourceTarget, SourceWay } from '../../kernel/source-target.ts';
import { milliseconds } from '../../kernel/units.ts';
import type { ApiAnswer, ApiClient } from '../kubernetes/api-client.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { type Deadline, deadline } from './deadline.ts';
import type { RequestGuard } from './direct.ts';
import type { HttpAnswer, HttpRequest, HttpSource } from './http-source.ts';
import { unsafePath } from './path-guard.ts';

export type ProxyWay = Extract<SourceWay, { kind: 'service' | 'pod-proxy' }>;

export interface ServiceProxyOptions {
  readonly target: Omit<SourceTarget, 'way'> & { readonly way: ProxyWay };
  readonly api: Pick<ApiClient, 'request'>;
  readonly clock: Clock;
  readonly guard: RequestGuard;
}

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const portName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** The prefix on the API server under which a service or a pod is found; every part of it is checked. */
export const proxyPath = (way: ProxyWay): Result<string> => {
  const wrong = (what: string): Result<string> =>
    failed(failure('misconfigured', 'proxy', what, { hint: 'name it as namespace/name:port' }));
  const { kind, namespace, name, port, scheme, path } = way;
  if (!label.test(namespace)) return wrong('this is no name of a namespace');
  if (!subdomain.test(name) || name.includes('..')) return wrong(`this is no name of a ${kind}`);
  if (!portName.test(String(port))) return wrong('this is neither name nor number of a port');
  if (path !== '' && unsafePath(path) !== null) return wrong('the path cannot be used as a prefix');
  const resource = kind === 'service' ? 'services' : 'pods';
  const secure = scheme === 'https' ? 'https:' : '';
  return ok(`/api/v1/namespaces/${namespace}/${resource}/${secure}${name}:${port}/proxy${path}`);
};

/**
 * Requests through the API server's proxy, over the connection and as the user of the API client. Only GET: others
 * do not exist on that client. It never checks the certificate of what it forwards to, and keeps the Authorization
 * header for itself, so a source with a login of its own cannot be reached this way.
 */
export const serviceProxy = ({ target, api, clock, guard }: ServiceProxyOptions): HttpSource => {
  const { way, auth } = target;
  const prefix = proxyPath(way);
  const closed = new AbortController();
  const where = `${way.kind === 'service' ? 'service' : 'pod'} ${way.namespace}/${way.name}`;
  const refusal =
    auth.kind === 'none'
      ? null
      : failure('misconfigured', 'proxy', `the API server does not hand logins on to ${where}`, {
          hint: 'reach it by its URL or through a port-forward',
        });
  return {
    where,
    request: async (request, signal) => {
      const why =
        unsafePath(request.path) ??
        guard(request.method, request.path) ??
        (request.method === 'GET' ? null : 'only GET goes through the API server');
      if (why !== null) throw new Error(`${request.method} ${request.path} refused: ${why}`);
      if (!prefix.ok) return prefix;
      if (refusal !== null) return failed(refusal);
      return await proxied(
        { ...request, path: `${prefix.value}${request.path}` },
        { api, clock, where },
        AbortSignal.any([signal, closed.signal]),
      );
    },
    close: async () => closed.abort(),
  };
};

const proxied = async (
  { path, tenant, timeout, limit }: HttpRequest,
  { api, clock, where }: Pick<ServiceProxyOptions, 'api' | 'clock'> & { readonly where: string },
  signal: AbortSignal,
): Promise<Result<HttpAnswer>> => {
  const time = deadline(clock, milliseconds(timeout), signal);
  const late = (): Failure =>
    failure('timeout', 'get', `${where} does not answer through the API server in time`, {
      on: path.split('?')[0] ?? path,
      hint: 'its pods may be paused or overloaded, or the API server cannot reach them',
    });
  const accept = 'application/json, text/plain;q=0.9, */*;q=0.1';
  const whose = tenant === undefined ? {} : { tenant };
  const asked = { method: 'GET', path, accept, ...whose } as const;
  const answer = await api.request(asked, time.signal).catch((error) => {
    time.end();
    throw error;
  });
  if (!answer.ok) {
    time.end();
    return time.late ? failed(late()) : answer;
  }
  time.restart();
  return ok(boundedAnswer(answer.value, limit, time, late));
};

const boundedAnswer = (
  { status, headers, body }: ApiAnswer,
  limit: number,
  time: Deadline,
  late: () => Failure,
): HttpAnswer => {
  const bounded = boundedBody(body, limit, time, late);
  return {
    status,
    headers,
    body: bounded,
    text: async () => {
      const decoder = new TextDecoder();
      let text = '';
      try {
        for await (const chunk of bounded) text += decoder.decode(chunk, { stream: true });
      } catch (error) {
        if (error instanceof ApiError) return failed(error.failure);
        throw error;
      }
      return ok(text + decoder.decode());
    },
  };
};

async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  time: Deadline,
  late: () => Failure,
): AsyncGenerator<Uint8Array> {
  let left = limit;
  try {
    for await (const chunk of body) {
      left -= chunk.length;
      if (left < 0) {
        const size = Math.floor(limit / (1 << 20));
        throw new ApiError(failure('undecodable', 'read', `the answer is longer than ${size} MiB`));
      }
      yield chunk;
    }
  } catch (error) {
    throw time.late ? new ApiError(late(), error) : error;
  } finally {
    time.end();
  }
}
