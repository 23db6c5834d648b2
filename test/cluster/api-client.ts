import { readFileSync } from 'node:fs';
import { Agent } from 'undici';

/** What a client needs to speak to the API server as admin; the last three are paths of PEM files. */
export interface ApiAccess {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** A plain JSON object as the API server gives it. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into objects of every kind
export type ApiObject = any;

/** The status an API server answered instead of success, with its own words. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(request: string, code: number, reason: string, message: string) {
    super(`${request}: ${code} ${reason} ${message}`);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
  }
}

export interface ApiClient {
  readonly request: (path: string, request?: ApiRequest) => Promise<ApiObject>;
  /** Sends and returns only the status code: for load, where the answer does not matter. */
  readonly send: (path: string, request: ApiRequest) => Promise<number>;
  readonly close: () => Promise<void>;
}

const failureOf = (request: string, code: number, text: string): ApiError => {
  try {
    const status: { reason?: string; message?: string } = JSON.parse(text);
    return new ApiError(request, code, status.reason ?? '', status.message ?? '');
  } catch {
    return new ApiError(request, code, '', text.slice(0, 300));
  }
};

const JSON_OBJECTS = 'application/json';
// Saves the server a third of the work of a status patch, which is to encode the whole pod.
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** A keep-alive pool of its own, so that closing it leaves no handle open. */
export const createApiClient = (access: ApiAccess, connections = 16): ApiClient => {
  const agent = new Agent({
    connections,
    connect: {
      ca: readFileSync(access.ca),
      cert: readFileSync(access.cert),
      key: readFileSync(access.key),
    },
  });
  const send = async (
    path: string,
    { method = 'GET', body, contentType, signal }: ApiRequest,
    accept: string,
  ) =>
    agent.request({
      origin: access.url,
      path,
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  return {
    request: async (path, request = {}) => {
      const response = await send(path, request, JSON_OBJECTS);
      const text = await response.body.text();
      if (response.statusCode >= 300) {
        throw failureOf(`${request.method ?? 'GET'} ${path}`, response.statusCode, text);
      }
      return text.startsWith('{') ? JSON.parse(text) : text;
    },
    send: async (path, request) => {
      const response = await send(path, request, METADATA_ONLY);
      await response.body.dump();
      return response.statusCode;
    },
    close: () => agent.close(),
  };
};
