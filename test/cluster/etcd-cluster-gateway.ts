import { readFileSync } from 'node:fs';
import { Agent } from 'undici';

/** Paths of PEM files: whom to trust, and who we are. */
export interface EtcdCredentials {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What etcd's JSON gateway answered, whether it liked the request or not. */
export interface GatewayAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The gateway of one member. Requests without a signal of their own give up after ten seconds. */
export interface EtcdGateway {
  readonly url: string;
  /** POSTs with a body, GETs without. @throws only when no answer came. */
  readonly exchange: (path: string, body?: unknown, signal?: AbortSignal) => Promise<GatewayAnswer>;
  /** @throws EtcdError for every answer but 200. */
  readonly call: (path: string, body?: unknown, signal?: AbortSignal) => Promise<EtcdObject>;
  /** The objects of a streamed answer, one at a time. */
  readonly stream: (path: string, body: unknown, signal: AbortSignal) => AsyncIterable<EtcdObject>;
  readonly close: () => Promise<void>;
}

/** A JSON object as the gateway gives it: 64-bit numbers are strings, zero and empty fields are left out. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every kind
export type EtcdObject = any;

export class EtcdError extends Error {
  readonly httpStatus: number;
  /** The number of the gRPC status; 8 is RESOURCE_EXHAUSTED. */
  readonly grpcCode: number | undefined;

  constructor(request: string, httpStatus: number, grpcCode: number | undefined, message: string) {
    super(`${request}: ${httpStatus} ${message}`);
    this.name = 'EtcdError';
    this.httpStatus = httpStatus;
    this.grpcCode = grpcCode;
  }
}

const errorOf = (request: string, { status, text }: GatewayAnswer): EtcdError => {
  try {
    const { code, message }: { code?: number; message?: string } = JSON.parse(text);
    return new EtcdError(request, status, code, message ?? text);
  } catch {
    return new EtcdError(request, status, undefined, text.slice(0, 300));
  }
};

const TIMEOUT_MS = 10_000;
// The signal of a request does not count before its connection is made, and to one that is frozen it never is.
const CONNECT_TIMEOUT_MS = 2_000;

export const createEtcdGateway = (url: string, credentials: EtcdCredentials): EtcdGateway => {
  const { ca, cert, key } = credentials;
  const agent = new Agent({
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ca: readFileSync(ca),
      ...(cert && key ? { cert: readFileSync(cert), key: readFileSync(key) } : {}),
    },
  });
  const send = (path: string, body: unknown, signal = AbortSignal.timeout(TIMEOUT_MS)) =>
    agent.request({
      origin: url,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
  const exchange: EtcdGateway['exchange'] = async (path, body, signal) => {
    const response = await send(path, body, signal);
    return {
      status: response.statusCode,
      contentType: String(response.headers['content-type'] ?? ''),
      text: await response.body.text(),
    };
  };
  return {
    url,
    exchange,
    call: async (path, body = {}, signal) => {
      const answer = await exchange(path, body, signal);
      if (answer.status !== 200) throw errorOf(`POST ${path}`, answer);
      return JSON.parse(answer.text);
    },
    stream: async function* (path, body, signal) {
      const response = await send(path, body, signal);
      let rest = '';
      response.body.setEncoding('utf8');
      for await (const chunk of response.body) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
      if (rest !== '') yield JSON.parse(rest);
    },
    // Not `close`, which would wait for the answers of a member that is frozen.
    close: () => agent.destroy(),
  };
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const putBody = (key: string, value: string) => ({ key: base64(key), value: base64(value) });
export const rangeBody = (key: string) => ({ key: base64(key) });

/** The value of the first key of a range answer; undefined when there is none. */
export const rangeValue = (range: EtcdObject): string | undefined => {
  const [first] = range.kvs ?? [];
  return first && Buffer.from(first.value ?? '', 'base64').toString('utf8');
};
