import { durationText } from '../../kernel/duration.ts';
import { type Failure, failureText } from '../../kernel/failure.ts';
import {
  type EpochMs,
  type Milliseconds,
  milliseconds,
  seconds,
  since,
} from '../../kernel/units.ts';
import { notStarted } from './log-asked.ts';
import { type LogReader, tellEarlier, tellTruncated } from './log-reader.ts';
import type { PartEnd } from './log-stream.ts';
import type { PodRoster } from './pod-roster.ts';
import type { ContainerSight, RunSight } from './pod-sight.ts';
import type { ReadOutcome } from './read-once.ts';

/** After a good end of an answer it takes a kubelet so long to tell that a container has ended. */
const endTold: Milliseconds = seconds(6);
/** After an outage a kubelet tells what has happened within ten seconds. */
const restartTold: Milliseconds = seconds(12);
const look: Milliseconds = seconds(1);
const idle: Milliseconds = seconds(3);
const firstWait: Milliseconds = milliseconds(500);
const longestWait: Milliseconds = seconds(5);
const tailTries = 5;

/** Follows one container through restarts and lost connections, until it is gone or the signal aborts. */
export class LogFollower {
  readonly #reader: LogReader;
  readonly #roster: Pick<PodRoster, 'now' | 'news' | 'pods'>;
  #run: RunSight | null = null;
  /** Nothing of the present run has been read, and there was another before it. */
  #isNext = false;
  #done = false;
  #wait: Milliseconds = firstWait;
  #lost: { readonly at: EpochMs; readonly why: Failure } | null = null;
  #waits = '';

  constructor(reader: LogReader, roster: Pick<PodRoster, 'now' | 'news' | 'pods'>) {
    this.#reader = reader;
    this.#roster = roster;
    reader.stream.onAnswer = () => this.#back();
  }

  async follow(signal: AbortSignal): Promise<ReadOutcome> {
    const { stream, deps } = this.#reader;
    let ended: EpochMs | null = null;
    let doubtful: EpochMs | null = null;
    while (!signal.aborted) {
      const sight = await this.#sight(signal);
      if (sight === 'lost') continue;
      if (sight === null) {
        stream.lane.note('left', 'the pod is gone');
        return { failure: null };
      }
      const { run } = sight;
      if (run === null) {
        this.#tellWaits(sight);
        await this.#roster.news(idle, signal);
        continue;
      }
      if (this.#run === null) tellEarlier(this.#reader, sight, run);
      else if (run.id !== this.#run.id) {
        if (!(await this.#turn(this.#run, run, sight, signal))) return { failure: null };
        ended = null;
        doubtful = null;
      }
      this.#run = run;
      if (this.#done) {
        if (sight.over) {
          const { exitCode } = run;
          stream.lane.note(
            'complete',
            `it has ended${exitCode === null ? '' : ` with ${exitCode}`}`,
          );
          return { failure: null };
        }
        await this.#roster.news(idle, signal);
        continue;
      }
      const now = deps.clock.now();
      const isOver = run.finishedAt !== null;
      const tooEarly =
        !isOver &&
        ((ended !== null && since(ended, now) < endTold) ||
          (doubtful !== null && since(doubtful, now) < restartTold));
      if (tooEarly) {
        await deps.clock.sleep(look, signal);
        continue;
      }
      const before = stream.lines;
      const end = await this.#read(run, isOver, isOver || doubtful !== null, signal);
      if (stream.lines > before) {
        this.#isNext = false;
        this.#wait = firstWait;
        doubtful = null;
      }
      ended = end.kind === 'ended' ? deps.clock.now() : null;
      switch (end.kind) {
        case 'aborted':
          break;
        case 'ended':
          // Asked for after its end, it is whole.
          this.#done = isOver;
          break;
        case 'elsewhere':
          doubtful = deps.clock.now();
          break;
        case 'truncated':
          tellTruncated(this.#reader);
          return { failure: null };
        case 'refused':
          if (end.failure.kind === 'forbidden') {
            stream.lane.note('unreadable', end.failure.message);
            return { failure: end.failure };
          }
          await this.#gone(end.failure, signal);
          break;
        case 'unreadable':
        case 'broken':
          await this.#gone(end.failure, signal);
      }
    }
    return { failure: null };
  }

  #read(run: RunSight, isOver: boolean, isSure: boolean, signal: AbortSignal): Promise<PartEnd> {
    const part = this.#isNext
      ? this.#reader.nextPart(!isOver)
      : this.#reader.part(run, { follow: !isOver, elsewhere: isSure ? 'tell' : 'stop' });
    return this.#reader.stream.read(part, signal);
  }

  /** From one run to the next: what the old one said last is in its previous log. False when it must end here. */
  async #turn(
    old: RunSight,
    run: RunSight,
    sight: ContainerSight,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { stream } = this.#reader;
    if (!this.#done && !(await this.#tail(old, sight, signal))) return false;
    const exit = sight.before?.exitCode;
    stream.lane.note(
      'restarted',
      `restart ${sight.restarts}${exit === null || exit === undefined ? '' : `, it had ended with ${exit}`}`,
    );
    this.#reader.next(run, stream.mark.last === '' ? this.#reader.floor : stream.mark.last);
    this.#isNext = true;
    this.#done = false;
    return true;
  }

  async #tail(old: RunSight, { before }: ContainerSight, signal: AbortSignal): Promise<boolean> {
    const { stream, deps } = this.#reader;
    if (before === null || before.id !== old.id) {
      stream.lane.note('gap', 'it was restarted more than once: what it said between is not there');
      return true;
    }
    let why = '';
    for (let tries = 0; tries < tailTries && !signal.aborted; tries += 1) {
      const part = this.#isNext
        ? this.#reader.nextPart(false)
        : this.#reader.part(old, { follow: false, elsewhere: 'tell' });
      const end = await stream.read({ ...part, previous: true }, signal);
      if (end.kind === 'truncated') {
        tellTruncated(this.#reader);
        return false;
      }
      if (end.kind !== 'broken' && end.kind !== 'refused' && end.kind !== 'unreadable') return true;
      why = end.failure.message;
      if (end.kind === 'refused') break;
      await deps.clock.sleep(look, signal);
    }
    stream.lane.note('gap', `what it said last before its restart cannot be read: ${why}`);
    return true;
  }

  async #sight(signal: AbortSignal): Promise<ContainerSight | null | 'lost'> {
    const { pod: name, container } = this.#reader.stream.place;
    const asked = await this.#roster.now(name, signal);
    if (signal.aborted) return 'lost';
    if (!asked.ok && asked.failure.kind !== 'forbidden') {
      await this.#gone(asked.failure, signal);
      return 'lost';
    }
    // Who may list pods need not be allowed to get one.
    const pod = asked.ok ? asked.value : this.#roster.pods.find((p) => p.name === name);
    return pod?.containers.find((c) => c.name === container) ?? null;
  }

  async #gone(why: Failure, signal: AbortSignal): Promise<void> {
    const { clock } = this.#reader.deps;
    this.#lost ??= { at: clock.now(), why };
    await clock.sleep(this.#wait, signal);
    this.#wait = milliseconds(Math.min(longestWait, this.#wait * 2));
  }

  #back(): void {
    const lost = this.#lost;
    this.#lost = null;
    if (lost === null) return;
    const away = since(lost.at, this.#reader.deps.clock.now());
    const text = durationText(milliseconds(Math.round(away / 1000) * 1000));
    this.#reader.stream.lane.note(
      'resumed',
      `after ${text} without an answer: ${failureText({ ...lost.why, op: 'read' })}`,
    );
  }

  #tellWaits(sight: ContainerSight): void {
    if (sight.waits === this.#waits) return;
    this.#waits = sight.waits;
    this.#reader.stream.lane.note('unreadable', notStarted(sight));
  }
}
