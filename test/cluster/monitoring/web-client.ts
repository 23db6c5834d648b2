import { readFileSync } from 'node:fs';
import { Agent } from 'undici';

export interface BasicAuth {
  readonly user: string;
  readonly password: string;
}

/** What a client of a web server needs; `ca`, `cert` and `key` are paths of PEM files. */
export interface WebAccess {
  /** With the route prefix, without a slash at the end. */
  readonly url: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly basicAuth?: BasicAuth;
}

export interface WebRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A JSON value as a server gives it. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every kind
export type WebObject = any;

export interface WebClient {
  /** @throws only when no answer came, after ten seconds at the latest unless the signal says otherwise. */
  readonly exchange: (
    path: string,
    request?: WebRequest,
    signal?: AbortSignal,
  ) => Promise<WebAnswer>;
  /** The parsed JSON, or the text where it is none. @throws for every answer but 2xx. */
  readonly request: (
    path: string,
    request?: WebRequest,
    signal?: AbortSignal,
  ) => Promise<WebObject>;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
// The signal of a request does not count before its connection is made, and to one that is frozen it never is.
const CONNECT_TIMEOUT_MS = 2_000;

const authorization = ({ user, password }: BasicAuth): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const flat = (headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

export const createWebClient = ({ url, ca, cert, key, basicAuth }: WebAccess): WebClient => {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, '');
  const agent = new Agent({
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(ca ? { ca: readFileSync(ca) } : {}),
      ...(cert && key ? { cert: readFileSync(cert), key: readFileSync(key) } : {}),
    },
  });
  const exchange: WebClient['exchange'] = async (
    path,
    { method = 'GET', body, headers = {} } = {},
    signal = AbortSignal.timeout(TIMEOUT_MS),
  ) => {
    const response = await agent.request({
      origin,
      path: `${prefix}${path}`,
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(basicAuth ? { authorization: authorization(basicAuth) } : {}),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: flat(response.headers), text };
  };
  return {
    exchange,
    request: async (path, request, signal) => {
      const { status, headers, text } = await exchange(path, request, signal);
      if (status < 200 || status > 299) {
        throw new Error(`${request?.method ?? 'GET'} ${path}: ${status} ${text.slice(0, 300)}`);
      }
      return headers['content-type']?.includes('application/json') ? JSON.parse(text) : text;
    },
    // Not `close`, which would wait for the answers of a server that is frozen.
    close: () => agent.destroy(),
  };
};
