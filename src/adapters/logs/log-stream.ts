import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { type Bytes, bytes, type EpochMs, epochMs } from '../../kernel/units.ts';
import type { ApiAnswer, ApiClient } from '../kubernetes/api-client.ts';
import { ApiError } from '../kubernetes/network-failure.ts';
import { statusIn } from '../kubernetes/reflector-refusal.ts';
import { LogMark, type Resumed } from './log-mark.ts';
import type { Lane } from './log-merge.ts';
import { type LogFrom, logPath } from './log-request.ts';
import { type LogLine, LogSplitter, type ReadLine } from './log-splitter.ts';

export interface StreamDeps {
  readonly client: Pick<ApiClient, 'request'>;
  readonly clock: Clock;
  /** Lets others have the thread, now and then. */
  readonly turn: (read: number) => Promise<void> | null;
}

/** The log of one container, as far as requests name it. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** One request of a log that is read in several. */
export interface Part {
  readonly from: LogFrom;
  readonly tail: number | null;
  readonly previous: boolean;
  readonly follow: boolean;
  /** Lines that may have been read before; null when none can. */
  readonly old: Resumed | null;
  /** What to do where the answer does not go on where the last one ended: stop before its first line, or say so. */
  readonly elsewhere: 'stop' | 'tell';
  /** Called before the first new line is handed over, with its time and the server's clock as the answer began. */
  readonly begins?: (first: EpochMs, serverNow: EpochMs, signal: AbortSignal) => Promise<void>;
}

export type PartEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'broken'; readonly failure: Failure }
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** The node's own words came in place of the log. */
  | { readonly kind: 'unreadable'; readonly failure: Failure }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'aborted' };

/** What a kubelet writes into the answer when it cannot read the file any more. */
const nodeWords =
  /^(?:unable to retrieve container logs for|failed to (?:try resolving symlinks|watch|open log file)|rpc error:)/;

const serverTime = ({ headers }: ApiAnswer, clock: Clock): EpochMs => {
  const at = Date.parse(headers.date ?? '');
  return Number.isNaN(at) ? clock.now() : epochMs(at);
};

/** The log of one container in one direction: what has been read of it, and what may still be read. */
export class LogStream {
  readonly #deps: StreamDeps;
  readonly place: LogPlace;
  readonly lane: Lane;
  mark = new LogMark();
  /** Bytes of new lines that may still be read. */
  #left: number;
  #received = 0;
  lines = 0;
  /** The last answer was good: whoever had lost it knows that it is back. */
  onAnswer: () => void = () => {};

  constructor(deps: StreamDeps, place: LogPlace, limit: Bytes, lane: Lane) {
    this.#deps = deps;
    this.place = place;
    this.#left = limit;
    this.lane = lane;
  }

  /** Bytes of answers so far. */
  get received(): Bytes {
    return bytes(this.#received);
  }

  /** Sends one request and hands over what is new in its answer. */
  async read(part: Part, signal: AbortSignal): Promise<PartEnd> {
    const { client } = this.#deps;
    const limitBytes = bytes(this.#left + this.mark.again);
    const path = logPath({ ...this.place, ...part, limitBytes });
    const { follow } = part;
    const answer = await client.request(
      { method: 'GET', path, accept: '*/*', ...(follow ? { streaming: true } : {}) },
      signal,
    );
    if (signal.aborted) return { kind: 'aborted' };
    if (!answer.ok) return { kind: 'broken', failure: answer.failure };
    if (answer.value.status !== 200) return await this.#refused(answer.value);
    this.onAnswer();
    return await this.#taken(answer.value, part, limitBytes, signal);
  }

  async #refused(answer: ApiAnswer): Promise<PartEnd> {
    const body = await answer.text().catch(() => '');
    const { message } = statusIn(answer.status, body);
    const { namespace, pod } = this.place;
    const on = `logs of ${namespace}/${pod}`;
    const { status } = answer;
    const kind =
      status === 401 || status === 403
        ? 'forbidden'
        : status === 404
          ? 'absent'
          : status >= 500 || status === 429
            ? 'broken'
            : 'refused';
    const said = failure(kind, 'read', message, { on, status });
    return { kind: kind === 'broken' ? 'broken' : 'refused', failure: said };
  }

  async #taken(
    answer: ApiAnswer,
    part: Part,
    limitBytes: Bytes,
    signal: AbortSignal,
  ): Promise<PartEnd> {
    const splitter = new LogSplitter(this.lane.source, this.lane.last);
    const sieve = new Sieve(part);
    const serverNow = serverTime(answer, this.#deps.clock);
    let got = 0;
    let before = 0;
    const hand = async (read: readonly ReadLine[]): Promise<PartEnd | null> => {
      const fresh = this.#fresh(read, sieve);
      if (sieve.words !== null)
        return { kind: 'unreadable', failure: this.#unreadable(sieve.words) };
      const first = fresh[0];
      if (first !== undefined && sieve.begins()) await part.begins?.(first.at, serverNow, signal);
      if (fresh.length > 0) await this.lane.put(fresh, signal);
      const old = fresh.filter((line) => line.at <= serverNow).length;
      before += old;
      if (part.follow && old > 0 && before === part.tail) {
        const text = `it begins with the newest ${part.tail} lines, which is the limit`;
        this.lane.note('truncated', `${text}; older ones are left out`);
      }
      if (sieve.isElsewhere) return { kind: 'elsewhere' };
      return this.#left <= 0 ? { kind: 'truncated' } : null;
    };
    try {
      for await (const chunk of answer.body) {
        got += chunk.length;
        this.#received += chunk.length;
        const end = await hand(splitter.push(chunk));
        if (signal.aborted) return { kind: 'aborted' };
        if (end !== null) return end;
        const turn = this.#deps.turn(chunk.length);
        if (turn !== null) await turn;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // A line that was being written is asked for again, whole.
      return signal.aborted ? { kind: 'aborted' } : { kind: 'broken', failure: error.failure };
    }
    const full = got >= limitBytes;
    // While it is followed, an end in the middle of a line is the end of the connection, not of the line.
    const rest = part.follow && !full ? null : splitter.end();
    if (rest !== null) {
      const end = await hand([full ? { ...rest, line: { ...rest.line, cut: true } } : rest]);
      if (end !== null) return end;
    }
    return full ? { kind: 'truncated' } : { kind: 'ended' };
  }

  #fresh(read: readonly ReadLine[], sieve: Sieve): readonly LogLine[] {
    const fresh: LogLine[] = [];
    for (const one of read) {
      if (this.#left <= 0 || !sieve.lets(one)) continue;
      if (sieve.isGap()) {
        this.lane.note(
          'gap',
          'what was read last is not there any more: lines between may be missing',
        );
      }
      if (one.stamped) this.mark.note(one.line.stamp, one.size);
      this.#left -= one.size;
      this.lines += 1;
      fresh.push(one.line);
    }
    return fresh;
  }

  #unreadable(words: string): Failure {
    const { namespace, pod } = this.place;
    return failure('refused', 'read', words, { on: `logs of ${namespace}/${pod}` });
  }
}

/** Tells new lines of one answer from old ones. */
class Sieve {
  readonly #part: Part;
  #any = false;
  #skipping: boolean;
  #begun = false;
  #told = false;
  isElsewhere = false;
  /** What the node says instead of lines. */
  words: string | null = null;

  constructor(part: Part) {
    this.#part = part;
    this.#skipping = part.old !== null;
  }

  lets({ line, stamped }: ReadLine): boolean {
    if (this.isElsewhere || this.words !== null) return false;
    const { old, elsewhere } = this.#part;
    if (!stamped) {
      if (!this.#any && nodeWords.test(line.text)) this.words = line.text;
      return !this.#skipping && this.words === null;
    }
    this.#any = true;
    this.#skipping = old?.isSeen(line.stamp) ?? false;
    if (this.#skipping) return false;
    this.isElsewhere = old !== null && !old.met && elsewhere === 'stop';
    return !this.isElsewhere;
  }

  /** Once, where the line that was let through does not follow on what was read before. */
  isGap(): boolean {
    const { old } = this.#part;
    if (this.#told || old === null || old.met) return false;
    this.#told = true;
    return true;
  }

  /** Once, for the first line. */
  begins(): boolean {
    const first = !this.#begun;
    this.#begun = true;
    return first;
  }
}
