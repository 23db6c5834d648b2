import type { Result } from '../../kernel/failure.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; an answer longer than the limit of the request is a failure, not a cut text. */
  text(): Promise<Result<string>>;
  /** For what is filtered while it streams. Leaving a `for await` early ends the request. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpRequest {
  /** Who builds the source decides which methods and paths there are; most know GET only. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with query, starting with `/`, behind the prefix of the source. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** Whose data is meant where a server keeps those of several (`X-Scope-OrgID`). */
  readonly tenant?: string;
  /** Milliseconds until the answer must have begun, and again until it must have ended. */
  readonly timeout: number;
  /** Bytes of the body. */
  readonly limit: number;
}

/**
 * Requests to one server besides the API server, over a pooled connection. An answer of any status is `ok`; `failed`
 * means that there was none, with the reason in words and without any secret.
 */
export interface HttpSource {
  /** For people: where it goes, without credentials. */
  readonly where: string;
  request(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpAnswer>>;
  close(): Promise<void>;
}
