import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { type Milliseconds, milliseconds, seconds, since } from '../../kernel/units.ts';
import type { ApiClient } from './api-client.ts';
import { networkFailure } from './network-failure.ts';
import type { Outcome } from './reflector-plan.ts';
import { refusedBy, statusOf } from './reflector-refusal.ts';
import type { Decoder, WatchItem } from './watch-decoder.ts';

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

const lost = (cause: Failure): Outcome => ({ kind: 'lost', failure: cause });

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
      return refusedBy(request, await statusOf(answer));
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
      // The chunk that ended the list also ended its short patience.
      watchdog.beat(request.quiet());
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
    return bitten(
      lost(networkFailure(error, { op: request.op, on: request.path, server: 'the API server' })),
    );
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
