import type { Clock, Random } from '../../kernel/clock.ts';
import type { LinkBeat } from '../../kernel/ports.ts';
import {
  type EpochMs,
  epochMs,
  type Milliseconds,
  milliseconds,
  seconds,
  since,
} from '../../kernel/units.ts';
import type { ApiClient } from './api-client.ts';
import { Reach } from './reach.ts';

export interface LinkOptions {
  readonly random: Random;
  /** Bytes received so far on all connections: while they grow, a late answer is no dead link. */
  readonly received?: () => number;
  /** Shared with those who send the other requests. */
  readonly reach?: Reach;
}

/** How often a healthy link is tried. */
export const beatEvery = seconds(15);
/** A beat that takes longer is missed. */
export const beatWithin = seconds(3);
/** A refused connection is told at once: two misses must fit in a second, or the screen calls well what is gone. */
const soonest = seconds(0.3);
/** Longest wait while nobody answers: so late may the news be that the server is back. */
const rarest = seconds(5);
/** However often connections break, heartbeats are no more often than this. */
const doubtsEvery = seconds(0.5);
const missesBeforeRedial = 2;
/** A link that stays silent is dialled anew after as many misses again: the new connection may hang as well. */
const missesBetweenRedials = 5;

/** Tiny, and open to everybody by default; the next one is tried where a path is forbidden. */
const paths = ['/version', '/livez', '/readyz'] as const;

/** A proxy or load balancer that cannot reach the API server says so with these. */
const gatewayStatus: ReadonlySet<number> = new Set([502, 503, 504]);

type Answered = Extract<LinkBeat, { kind: 'answered' }>;

const serverTimeOf = (date: string | undefined): EpochMs | null => {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? null : epochMs(at);
};

/** Wait before the next beat: short after a miss, then longer, jittered so that clients spread. */
export const nextBeat = (missed: number, random: Random): Milliseconds => {
  if (missed === 0) return beatEvery;
  const base = Math.min(rarest, soonest * 2 ** Math.min(missed - 1, 10));
  return milliseconds(Math.round(base * (0.75 + random() / 2)));
};

/** Whether this miss is the time to throw the connection away. */
export const redialAt = (missed: number): boolean =>
  missed >= missesBeforeRedial && (missed - missesBeforeRedial) % missesBetweenRedials === 0;

const tryOnce = async (
  client: Pick<ApiClient, 'request'>,
  clock: Clock,
  path: string,
  signal: AbortSignal,
): Promise<Answered | string> => {
  const beat = new AbortController();
  const over = new AbortController();
  const stop = (): void => beat.abort();
  signal.addEventListener('abort', stop, { once: true });
  let late = false;
  void clock.sleep(beatWithin, over.signal).then(() => {
    if (over.signal.aborted) return;
    late = true;
    beat.abort();
  });
  const began = clock.now();
  try {
    const result = await client.request({ method: 'GET', path, accept: '*/*' }, beat.signal);
    if (!result.ok) {
      return late ? `no answer within ${beatWithin / 1000} s` : result.failure.message;
    }
    const roundTrip = since(began, clock.now());
    const { status, headers } = result.value;
    // The rest of the answer does not count, but the connection is only free once it is read.
    await result.value.text().catch(() => '');
    if (gatewayStatus.has(status)) return `something in between answers HTTP ${status}`;
    return { kind: 'answered', roundTrip, status, serverTime: serverTimeOf(headers.date) };
  } finally {
    over.abort();
    signal.removeEventListener('abort', stop);
  }
};

/**
 * Heartbeats over the connection that everything else uses. Two misses in a row: the connection is thrown away and
 * dialled anew. An answer of any other status than a gateway's is an answer. A connection that breaks under another
 * request makes the next beat due at once. Ends when the signal aborts.
 */
export const link =
  ({ random, received = () => 0, reach = new Reach() }: LinkOptions) =>
  async (
    client: Pick<ApiClient, 'request' | 'redial'>,
    clock: Clock,
    emit: (beat: LinkBeat) => void,
    signal: AbortSignal,
  ): Promise<void> => {
    let missed = 0;
    let path = 0;
    while (!signal.aborted) {
      const before = received();
      const began = clock.now();
      const beat = await tryOnce(client, clock, paths[path % paths.length] ?? paths[0], signal);
      if (signal.aborted) return;
      if (typeof beat === 'string') {
        missed += 1;
        emit({ kind: 'missed', inARow: missed, why: beat });
        // A long list on a thin line delays the beat behind it; throwing it away would start it over, for ever.
        const flowing = received() > before;
        if (redialAt(missed) && !flowing) {
          const why = `${missed} heartbeats missed`;
          client.redial(why);
          emit({ kind: 'redialled', why: `${why}: ${beat}` });
        }
      } else {
        const back = missed > 0;
        missed = 0;
        // Forbidden is an answer too; but another path may not fill the server's audit log.
        if (beat.status === 403 && path < paths.length) path += 1;
        emit(beat);
        if (back) reach.say('regained');
      }
      const wait = nextBeat(missed, random);
      // After a miss the next beat is near anyway, and everything else breaks as well.
      if (missed > 0) await clock.sleep(wait, signal);
      else if (await reach.sleepUnless('doubted', clock, wait, signal)) {
        const left = doubtsEvery - since(began, clock.now());
        if (left > 0) await clock.sleep(milliseconds(left), signal);
      }
    }
  };
