import type { LogBounds } from '../../kernel/act.ts';
import { type Failure, failure } from '../../kernel/failure.ts';
import { bytes, type EpochMs, epochMs, type Milliseconds, seconds } from '../../kernel/units.ts';
import { askedStart, clockText, firstFrom, isPast, mayBeRotated, notStarted } from './log-asked.ts';
import { LogMark, Resumed } from './log-mark.ts';
import { logPath } from './log-request.ts';
import { LogSplitter } from './log-splitter.ts';
import type { LogStream, Part, PartEnd, StreamDeps } from './log-stream.ts';
import type { ContainerSight, RunSight } from './pod-sight.ts';

/** Times that a broken connection is dialled anew before a log that is not followed is given up. */
const triesMost = 4;
const retryAfter: Milliseconds = seconds(1);
/**
 * A node removes the instance before the last when one more has ended, and tells a little later that there is another:
 * what was asked for is gone then, and what is asked for next is there.
 */
const previousTriesMost = 8;
const previousRetryAfter: Milliseconds = seconds(2);
/** As long as a stamp, so that the first line of a file tells its time and nothing else. */
const stampOnly = bytes(30);

/** Reads one container's log: what all ways of reading it have in common. */
export class LogReader {
  readonly deps: StreamDeps;
  readonly stream: LogStream;
  readonly bounds: LogBounds;
  /** By our clock, when the question was asked; null for the newest lines. */
  readonly start: EpochMs | null;
  #asked = false;
  #floor = '';
  #run: RunSight | null = null;

  constructor(deps: StreamDeps, stream: LogStream, bounds: LogBounds) {
    this.deps = deps;
    this.stream = stream;
    this.bounds = bounds;
    this.start = askedStart(bounds, deps.clock.now());
  }

  /** The next part of a run: the first is what was asked for, the others go on where it ended. */
  part(run: RunSight, more: Pick<Part, 'follow' | 'elsewhere'>): Part {
    const { mark } = this.stream;
    const { bounds } = this;
    const { previous } = bounds;
    if (mark.from !== null) {
      const from = { kind: 'time', second: mark.from } as const;
      return { from, tail: null, previous, old: mark.resume(), ...more };
    }
    const from =
      this.#asked && this.start !== null && !previous
        ? ({ kind: 'time', second: Math.max(1, Math.floor(this.start / 1000)) } as const)
        : firstFrom(bounds, run.finishedAt);
    this.#asked = true;
    const begins = (first: EpochMs, serverNow: EpochMs, until: AbortSignal) =>
      this.#begins(run, first, serverNow, until);
    return { from, tail: bounds.tail, previous, old: null, begins, ...more };
  }

  /** Lines of a run behind one that has been read: none of them can be older. */
  next(run: RunSight, last: string): void {
    this.stream.mark = new LogMark();
    this.#floor = last;
    this.#run = run;
  }

  /** Time of the last line of the runs before the present one; '' where there was none. */
  get floor(): string {
    return this.#floor;
  }

  /** The first part of a run that follows another. */
  nextPart(follow: boolean): Part {
    const began = this.#run?.startedAt ?? this.start ?? this.deps.clock.now();
    return {
      from: { kind: 'time', second: Math.max(1, Math.floor(began / 1000) - 1) },
      tail: null,
      previous: false,
      old: Resumed.after(this.#floor),
      follow,
      elsewhere: 'tell',
    };
  }

  async #begins(
    run: RunSight,
    first: EpochMs,
    serverNow: EpochMs,
    signal: AbortSignal,
  ): Promise<void> {
    const { since } = this.bounds;
    const start =
      since.kind === 'age' && !this.bounds.previous ? epochMs(serverNow - since.age) : this.start;
    if (!mayBeRotated(first, start, run)) return;
    const oldest = await this.#oldest(run, signal);
    // The file goes back beyond what was asked for: there was nothing to say for a while, and nothing is missing.
    if (oldest !== null && start !== null && oldest < start) return;
    this.stream.lane.note(
      'rotated',
      `asked since ${clockText(start ?? first)}, but the log on the node begins at ${clockText(oldest ?? first)}: older lines were rotated away, or there were none`,
    );
  }

  /** Time of the first line that the node still has, and nothing of the line itself. */
  async #oldest(run: RunSight, signal: AbortSignal): Promise<EpochMs | null> {
    const second = Math.max(1, Math.floor((run.startedAt ?? 0) / 1000));
    const path = logPath({
      ...this.stream.place,
      from: { kind: 'time', second },
      tail: null,
      limitBytes: stampOnly,
      previous: this.bounds.previous,
      follow: false,
    });
    const answer = await this.deps.client.request({ method: 'GET', path, accept: '*/*' }, signal);
    if (!answer.ok) return null;
    const body = await answer.value.text().catch(() => '');
    const splitter = new LogSplitter('', epochMs(0));
    const [line] = splitter.push(Buffer.from(`${body.slice(0, stampOnly)} \n`));
    return answer.value.status === 200 && line?.stamped === true ? line.line.at : null;
  }
}

export interface ReadOutcome {
  /** Why it could not be read; null when it was, as far as it is there. */
  readonly failure: Failure | null;
}

const read: ReadOutcome = { failure: null };

/** What is there of a container's log, and no more. */
export const readOnce = async (
  reader: LogReader,
  sight: ContainerSight,
  signal: AbortSignal,
): Promise<ReadOutcome> => {
  const { stream, bounds } = reader;
  const { lane, place } = stream;
  const give = (why: Failure): ReadOutcome => {
    lane.note('unreadable', why.message);
    return { failure: why };
  };
  const on = `logs of ${place.namespace}/${place.pod}`;
  const run = bounds.previous ? sight.before : sight.run;
  if (run === null) {
    const words = bounds.previous
      ? 'it has not been restarted: there is no instance before this one'
      : notStarted(sight);
    return give(failure('absent', 'read', words, { on }));
  }
  if (!bounds.previous && isPast(run, reader.start)) return read;
  tellEarlier(reader, sight, run);
  let end: PartEnd = { kind: 'aborted' };
  for (let tries = 1; !signal.aborted; tries += 1) {
    end = await stream.read(reader.part(run, { follow: false, elsewhere: 'tell' }), signal);
    const isRemoved = bounds.previous && end.kind === 'unreadable';
    if (end.kind !== 'broken' && !isRemoved) break;
    if (tries === (isRemoved ? previousTriesMost : triesMost)) break;
    await reader.deps.clock.sleep(isRemoved ? previousRetryAfter : retryAfter, signal);
  }
  switch (end.kind) {
    case 'truncated':
      tellTruncated(reader);
      return read;
    case 'ended':
      tellComplete(reader);
      return read;
    case 'broken':
    case 'refused':
    case 'unreadable':
      return give(end.failure);
    default:
      return read;
  }
};

/** What was asked for begins before this run did. */
export const tellEarlier = (
  { start, bounds, stream }: LogReader,
  { restarts }: ContainerSight,
  run: RunSight,
): void => {
  if (bounds.previous || start === null || run.startedAt === null) return;
  if (restarts === 0 || run.startedAt <= start) return;
  stream.lane.note(
    'restarted',
    `it was started at ${clockText(run.startedAt)}, restart ${restarts}: what it said before is in its previous log`,
  );
};

export const tellTruncated = ({ bounds, stream }: LogReader): void =>
  stream.lane.note(
    'truncated',
    `${bounds.limitBytes} bytes are read, which is the limit: newer lines are left out`,
  );

const tellComplete = ({ bounds: { tail }, stream }: LogReader): void => {
  const { lines, lane } = stream;
  if (tail !== null && lines >= tail) {
    lane.note('truncated', `the newest ${tail} lines, which is the limit; older ones are left out`);
  }
  lane.note('complete', `${lines} line${lines === 1 ? '' : 's'}`);
};
