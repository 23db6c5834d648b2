import type { Clock } from '../../kernel/clock.ts';
import { type Failure, type FailureKind, failure } from '../../kernel/failure.ts';
import { plainText } from '../../kernel/text.ts';
import { type Milliseconds, milliseconds, seconds, since } from '../../kernel/units.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import type { Outcome } from './reflector-plan.ts';
import type { Decoder, ServerStatus, WatchItem } from './watch-decoder.ts';

/** An answer's first byte takes longer than this only when nobody is there. */
const answerWithin = seconds(30);
/** A watch that ends sooner is not opened again in a rush. */
const briefest = seconds(5);

export interface StreamRequest {
  /** For failures: `watch pods`. */
  readonly op: string;
  readonly path: string;
  readonly accept: string;
  readonly streaming: boolean;
  /** Silence of the body for longer than this ends the request; asked anew with every chunk. */
  readonly quiet: () => Milliseconds;
}

export interface StreamHandlers<S, N> {
  /** The server has answered 200; items follow. */
  opened(): void;
  /** Whole items, in order. An outcome ends the stream. */
  items(items: readonly WatchItem<S, N>[]): Outcome | null;
}

const kindOf = (status: number): FailureKind => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  return status >= 500 ? 'broken' : 'refused';
};

/** Seconds of a Retry-After header; a date there, or none, is 0. */
const retryAfterOf = (header: string | undefined): number => {
  const n = Number(header);
  return Number.isFinite(n) && n > 0 ? Math.min(n, 300) : 0;
};

const refused = (op: string, path: string, status: ServerStatus): Outcome => {
  const message = plainText(status.message === '' ? `status ${status.code}` : status.message);
  return {
    kind: 'refused',
    status: status.code,
    failure: failure(kindOf(status.code), op, message, {
      on: path.split('?')[0] ?? path,
      status: status.code,
    }),
    expired: status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone',
    retryAfter: milliseconds(status.retryAfterSeconds * 1000),
  };
};

/** Outcome of an ERROR event or of an answer that carries a Status. */
export const refusedBy = (request: StreamRequest, status: ServerStatus): Outcome =>
  refused(request.op, request.path, status);

const statusOf = async (answer: ApiAnswer): Promise<ServerStatus> => {
  const retryAfterSeconds = retryAfterOf(answer.headers['retry-after']);
  const said = { code: answer.status, reason: '', retryAfterSeconds };
  const body = await answer.text();
  try {
    const status: unknown = JSON.parse(body);
    if (typeof status === 'object' && status !== null && 'message' in status) {
      const reason = 'reason' in status ? String(status.reason) : '';
      return { ...said, reason, message: String(status.message) };
    }
  } catch {
    // Proxies answer with HTML or plain text.
  }
  return { ...said, message: body.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200) };
};

const lost = (cause: Failure): Outcome => ({ kind: 'lost', failure: cause });

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const cause = error.cause instanceof Error ? `: ${wordsOf(error.cause)}` : '';
  return `${error.message || code || error.name}${cause}`;
};

/** Ends a request that stays silent; `beat` is any sign of life. */
class Watchdog {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #limit: Milliseconds;
  #last;
  bit = false;

  constructor(clock: Clock, limit: Milliseconds, bite: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#last = clock.now();
    void this.#guard(bite);
  }

  beat(limit: Milliseconds): void {
    this.#last = this.#clock.now();
    this.#limit = limit;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #guard(bite: () => void): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const left = this.#limit - since(this.#last, this.#clock.now());
      if (left <= 0) {
        this.bit = true;
        bite();
        return;
      }
      // A sign of life only moves the mark; the one timer looks again when it would have been due.
      await this.#clock.sleep(milliseconds(left), signal);
    }
  }
}

/**
 * One request whose body is a stream of items, read to its end.
 * @returns how it ended; `stopped` when the signal aborted. Never rejects for what a server or network does.
 */
export const readStream = async <S, N>(
  client: Pick<ApiClient, 'request'>,
  clock: Clock,
  request: StreamRequest,
  decoder: Decoder<S, N>,
  handlers: StreamHandlers<S, N>,
  signal: AbortSignal,
): Promise<Outcome | 'stopped'> => {
  if (signal.aborted) return 'stopped';
  const ended = new AbortController();
  const stop = () => ended.abort();
  signal.addEventListener('abort', stop, { once: true });
  using watchdog = new Watchdog(clock, answerWithin, stop);
  const begun = clock.now();
  let said = false;
  let answered = false;
  const outcome = async (): Promise<Outcome> => {
    const result = await client.request(
      {
        method: 'GET',
        path: request.path,
        accept: request.accept,
        ...(request.streaming ? { streaming: true } : {}),
      },
      ended.signal,
    );
    if (!result.ok) return lost(result.failure);
    const answer = result.value;
    if (answer.status !== 200) {
      return refused(request.op, request.path, await statusOf(answer));
    }
    answered = true;
    watchdog.beat(request.quiet());
    handlers.opened();
    for await (const chunk of answer.body) {
      if (ended.signal.aborted) break;
      watchdog.beat(request.quiet());
      const items = decoder.push(chunk);
      if (items.length === 0) continue;
      said = true;
      const stopWith = handlers.items(items);
      if (stopWith !== null) return stopWith;
    }
    const last = ended.signal.aborted ? [] : decoder.end();
    const stopWith = last.length === 0 ? null : handlers.items(last);
    if (stopWith !== null) return stopWith;
    const long = since(begun, clock.now()) >= briefest;
    return { kind: 'ended', lived: long ? 'long' : said ? 'briefly' : 'not-at-all' };
  };
  try {
    const how = await outcome();
    return signal.aborted ? 'stopped' : bitten(how);
  } catch (error) {
    // The body of a broken connection rejects: here that is an expected end, like any other.
    if (signal.aborted) return 'stopped';
    return bitten(lost(failure('ended', request.op, plainText(wordsOf(error)))));
  } finally {
    signal.removeEventListener('abort', stop);
    // Ends a body that was left early, e.g. after an ERROR event with the stream left open.
    ended.abort();
  }

  function bitten(how: Outcome): Outcome {
    if (!watchdog.bit) return how;
    return answered
      ? { kind: 'silent', quiet: request.quiet() }
      : lost(failure('timeout', request.op, `no answer within ${answerWithin / 1000} s`));
  }
};
