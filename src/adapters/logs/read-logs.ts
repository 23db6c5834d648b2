import type { EffectRequest, LogBounds, LogTarget } from '../../kernel/act.ts';
import type { Clock } from '../../kernel/clock.ts';
import { durationText } from '../../kernel/duration.ts';
import type { EffectPorts, LogItem } from '../../kernel/effect-ports.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type Bytes, bytes, epochMs, milliseconds, seconds } from '../../kernel/units.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import { LogFollower } from './log-follower.ts';
import { type Lane, LogMerge } from './log-merge.ts';
import { LogReader } from './log-reader.ts';
import { LogStream, type StreamDeps } from './log-stream.ts';
import { PodRoster, podsMost } from './pod-roster.ts';
import type { ContainerSight, PodSight } from './pod-sight.ts';
import { type ReadOutcome, readOnce } from './read-once.ts';
import { turns } from './turns.ts';

export interface ReadLogsDeps {
  /** Of connections of its own: what follows a log holds one for hours. */
  readonly client: Pick<ApiClient, 'request'>;
  readonly clock: Clock;
}

type Emit = (items: readonly LogItem[]) => void;
type LogsRequest = Extract<EffectRequest, { kind: 'logs' }>;

/** A log that is only read waits longer for the others: a slow node is no reason to lose the order. */
const oncePatience = seconds(2);
const followPatience = milliseconds(300);
const news = seconds(15);

/** The port that reads logs. */
export const readLogs = (deps: ReadLogsDeps): EffectPorts['logs'] => {
  const turn = turns();
  return (request, emit, signal) => new Reading({ ...deps, turn }, request, emit).run(signal);
};

class Reading {
  readonly #deps: StreamDeps;
  readonly #target: LogTarget;
  readonly #bounds: LogBounds;
  readonly #emit: Emit;
  readonly #roster: PodRoster;
  readonly #merge: LogMerge;
  readonly #streams: LogStream[] = [];
  /** Containers that are or were read, and those of which it was told that they are not. */
  readonly #known = new Set<string>();
  readonly #full = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #open = 0;
  #read = 0;
  #failure: Failure | null = null;

  constructor(deps: StreamDeps, { target, bounds }: LogsRequest, emit: Emit) {
    this.#deps = deps;
    this.#target = target;
    this.#bounds = bounds;
    this.#emit = emit;
    this.#roster = new PodRoster(deps, target);
    const patience = bounds.lease === null ? oncePatience : followPatience;
    this.#merge = new LogMerge({ clock: deps.clock, emit, patience });
  }

  async run(signal: AbortSignal): Promise<Result<Bytes>> {
    const absent = await this.#roster.read(signal);
    if (!absent.ok) return signal.aborted ? ok(bytes(0)) : absent;
    const { lease } = this.#bounds;
    if (this.#roster.pods.length === 0 && (lease === null || this.#target.pods.kind === 'named')) {
      return failed(this.#nothing());
    }
    for (const name of absent.value)
      this.#say(`${this.#target.namespace}/${name}`, 'unreadable', 'there is no such pod');
    if (this.#roster.pods.length === podsMost) {
      this.#say('', 'truncated', `more than ${podsMost} pods: the others are left out`);
    }
    try {
      if (lease === null) await this.#once(signal);
      else await this.#follow(signal);
    } finally {
      this.#merge.close();
    }
    const total = bytes(this.#streams.reduce((sum, s) => sum + s.received, 0));
    if (this.#failure !== null && this.#read === 0 && !signal.aborted) return failed(this.#failure);
    return ok(total);
  }

  #nothing(): Failure {
    const { pods, namespace } = this.#target;
    const what = pods.kind === 'named' ? pods.names.join(', ') : `pod with ${pods.selector}`;
    return failure('absent', 'read logs', `there is no ${what} in ${namespace}`, { on: namespace });
  }

  #say(source: string, note: Extract<LogItem, { kind: 'note' }>['note'], text: string): void {
    this.#emit([{ kind: 'note', source, at: this.#deps.clock.now(), note, text }]);
  }

  async #once(signal: AbortSignal): Promise<void> {
    this.#begin(signal);
    await Promise.all(this.#running);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { lease } = this.#bounds;
    if (lease === null) return;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const onTime = this.#deps.clock.sleep(lease, until).then(() => {
      const isOver = !until.aborted;
      over.abort();
      return isOver;
    });
    const kept = this.#roster.follow(until);
    for (;;) {
      this.#begin(until);
      if (until.aborted) break;
      // Named pods do not come back; what is behind a selector may.
      if (this.#running.size === 0 && this.#target.pods.kind === 'named') break;
      await Promise.race([this.#roster.news(news, until), ...this.#running]);
    }
    await Promise.all(this.#running);
    over.abort();
    await kept;
    if (!(await onTime)) return;
    this.#merge.close();
    this.#say(
      '',
      'lease-ended',
      `followed for ${durationText(lease)}, which was agreed: ask again to go on`,
    );
  }

  /** Begins to read what is not read yet, as far as there is room. */
  #begin(signal: AbortSignal): void {
    if (signal.aborted) return;
    for (const pod of this.#roster.pods) {
      for (const container of pod.containers) {
        if (!this.#isWanted(container)) continue;
        const key = `${pod.uid}/${container.name}`;
        if (this.#known.has(key)) continue;
        if (this.#open >= this.#bounds.streams) this.#tellFull(key, pod, container);
        else {
          this.#known.add(key);
          this.#start(pod, container, signal);
        }
      }
    }
  }

  #isWanted({ name }: ContainerSight): boolean {
    return this.#target.containers?.includes(name) ?? true;
  }

  #tellFull(key: string, pod: PodSight, { name }: ContainerSight): void {
    if (this.#full.has(key)) return;
    this.#full.add(key);
    const source = `${pod.namespace}/${pod.name}/${name}`;
    const text = `not read: ${this.#bounds.streams} logs at once are the limit`;
    this.#say(source, 'unreadable', text);
  }

  #start(pod: PodSight, sight: ContainerSight, signal: AbortSignal): void {
    const place = { namespace: pod.namespace, pod: pod.name, container: sight.name };
    const { clock } = this.#deps;
    const source = `${place.namespace}/${place.pod}/${place.container}`;
    const { since } = this.#bounds;
    const start =
      since.kind === 'age' ? clock.now() - since.age : since.kind === 'time' ? since.at : 0;
    const at = Math.max(start, sight.run?.startedAt ?? 0);
    const lane = this.#merge.lane(source, epochMs(at));
    const stream = new LogStream(this.#deps, place, this.#bounds.limitBytes, lane);
    const reader = new LogReader(this.#deps, stream, this.#bounds);
    this.#streams.push(stream);
    this.#open += 1;
    // At once: whoever shows them knows all logs before the first line of any.
    this.#emit([{ kind: 'note', source, at: epochMs(at), note: 'joined', text: source }]);
    const done = this.#one(reader, sight, lane, signal).finally(() => {
      this.#open -= 1;
      this.#running.delete(done);
    });
    this.#running.add(done);
  }

  async #one(
    reader: LogReader,
    sight: ContainerSight,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<void> {
    let outcome: ReadOutcome;
    try {
      outcome =
        this.#bounds.lease === null
          ? await readOnce(reader, sight, this.#roster, signal)
          : await new LogFollower(reader, this.#roster).follow(signal);
    } finally {
      lane.end();
    }
    if (outcome.failure === null) this.#read += 1;
    else this.#failure ??= outcome.failure;
  }
}
