import type { LogBounds } from '../../kernel/act.ts';
import { bytes, type EpochMs, epochMs } from '../../kernel/units.ts';
import { askedStart, clockText, firstFrom, mayBeRotated } from './log-asked.ts';
import { LogMark, Resumed } from './log-mark.ts';
import { logPath } from './log-request.ts';
import { LogSplitter } from './log-splitter.ts';
import type { LogStream, Part, StreamDeps } from './log-stream.ts';
import type { ContainerSight, RunSight } from './pod-sight.ts';

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

  /** All of a run that has ended and is not the previous one yet, as far as asked for. */
  endedPart(run: RunSight): Part {
    const { begins: _, ...part } = this.part(run, { follow: false, elsewhere: 'tell' });
    return { ...part, previous: false };
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
