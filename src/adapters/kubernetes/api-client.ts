import type { Result } from '../../kernel/failure.ts';

/** Where and as whom requests go, for people. Holds no secret. */
export interface ClusterInfo {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  /** Namespace of the context, or the one asked for on the command line; `default` when neither says. */
  readonly namespace: string;
  /** True when the namespace was asked for explicitly: then only it is watched. */
  readonly namespaceOnly: boolean;
}

export interface ApiRequest {
  /** POST is only for SelfSubjectAccessReview and SelfSubjectReview; the client refuses any other path. */
  readonly method: 'GET' | 'POST';
  /** Path with query, starting with `/`. */
  readonly path: string;
  readonly accept: string;
  readonly body?: string;
  /** For what the request is forwarded to: whose data is meant (`X-Scope-OrgID`). */
  readonly tenant?: string;
  /** A watch: no total time limit, only the caller's own inactivity rule. */
  readonly streaming?: boolean;
}

/** What a client may be asked for whose guard lets more pass than reading. */
export interface ApiCall extends Omit<ApiRequest, 'method'> {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  /** Media type of the body; JSON where it is not said. */
  readonly contentType?: string;
  /** Called when it is handed to an open connection: from then on it may have arrived. */
  readonly leaves?: () => void;
}

export interface ApiAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. Leaving a `for await` early ends the request. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body, at most 8 MiB; longer ones are cut. */
  text(): Promise<string>;
}

/**
 * Requests to one API server over one pooled, authenticated connection.
 * An answer of any status is `ok`; `failed` means that there was none.
 * On 401 the credential is refreshed and the request repeated once before the answer is returned.
 */
export interface ApiClient {
  readonly info: ClusterInfo;
  request(request: ApiRequest, signal: AbortSignal): Promise<Result<ApiAnswer>>;
  /** Throws the pooled connection away; running requests end, the next one dials anew. */
  redial(why: string): void;
  close(): Promise<void>;
}
