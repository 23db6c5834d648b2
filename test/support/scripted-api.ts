import type { ApiAnswer, ApiClient, ApiRequest } from '../../src/adapters/kubernetes/api-client.ts';
import { failed, failure, ok, type Result } from '../../src/kernel/failure.ts';

/** The body of an answer, written by the test. */
export class ScriptedBody implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #end: 'open' | 'ended' | 'broken' = 'open';
  #wake: () => void = () => {};
  /** True once the reader has left. */
  left = false;

  write(text: string | Uint8Array): void {
    this.#chunks.push(typeof text === 'string' ? Buffer.from(text) : text);
    this.#wake();
  }

  /** The server closes in good order. */
  end(): void {
    this.#finish('ended');
  }

  /** The connection is reset. */
  break(): void {
    this.#finish('broken');
  }

  get open(): boolean {
    return this.#end === 'open' && !this.left;
  }

  #finish(how: 'ended' | 'broken'): void {
    if (this.#end === 'open') this.#end = how;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
          continue;
        }
        if (this.#end === 'ended') return;
        if (this.#end === 'broken') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.left = true;
    }
  }
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: ScriptedBody;
}

export interface ScriptedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
}

/** Null: nobody answers, as when the connection is refused. */
export type Script = (request: ScriptedRequest) => ScriptedAnswer | null;

export const answer = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer => {
  const body = new ScriptedBody();
  body.write(text);
  body.end();
  return { status, headers, body };
};

/** An answer with a Status, as the API server writes it. */
export const statusAnswer = (
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer =>
  answer(code, JSON.stringify({ kind: 'Status', status: 'Failure', code, message }), headers);

/** An `ApiClient` whose answers come from a script, without a network. Remembers every request. */
export class ScriptedClient implements Pick<ApiClient, 'request'> {
  readonly requests: ScriptedRequest[] = [];
  script: Script;

  constructor(script: Script) {
    this.script = script;
  }

  async request(request: ApiRequest, signal: AbortSignal): Promise<Result<ApiAnswer>> {
    const url = new URL(request.path, 'http://api');
    const asked = { path: url.pathname, query: url.searchParams, accept: request.accept };
    this.requests.push(asked);
    const answered = this.script(asked);
    if (answered === null) {
      return failed(failure('unreachable', 'get', 'api:6443 refuses connections'));
    }
    const { status, headers = {}, body } = answered;
    signal.addEventListener('abort', () => body.break(), { once: true });
    return ok({
      status,
      headers,
      body,
      text: async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      },
    });
  }
}
