import { absurd } from '../../kernel/absurd.ts';
import type { Clock, Random } from '../../kernel/clock.ts';
import type { Signal } from '../../kernel/fact.ts';
import { type Failure, failed, failure, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort, LinkBeat, Ports, SourcePort } from '../../kernel/ports.ts';
import { type EpochMs, milliseconds, minutes, seconds, since } from '../../kernel/units.ts';
import type { Brought } from '../steps/brought.ts';
import type { QueryRequest } from '../steps/query-step.ts';
import type { ClusterInfo } from './api-client.ts';
import { PortWatch } from './kubernetes-port-watch.ts';
import type {
  CallId,
  FromWorker,
  IngestThread,
  SourceName,
  WorkerAnswer,
  WorkerRequest,
  WorkerWatch,
} from './worker-port.ts';

/** A worker that ran this long before it ended is started again at once. */
const healthy = minutes(5);
const longestWait = seconds(30);

export interface WorkerKubernetesOptions {
  /** Starts a worker; called again when one has ended. */
  readonly start: () => IngestThread;
  readonly clock: Clock;
  readonly random: Random;
}

/** The cluster as seen from the painting thread: all work is done in a worker. */
export interface WorkerKubernetes {
  readonly port: KubernetesPort;
  /** What is asked besides the API server. */
  readonly sources: Pick<Ports, SourceName>;
  /** Tells whether somebody looks at the alerts now. */
  attend(near: boolean): void;
  /** Asks a Prometheus that is watched one question; '' is the first of them. */
  query(source: string, query: QueryRequest, signal: AbortSignal): Promise<Result<Brought>>;
  /** Who we are to the cluster, or why there is no connection to be made. */
  readonly info: Promise<Result<ClusterInfo>>;
  close(): Promise<void>;
}

export const workerKubernetes = (options: WorkerKubernetesOptions): WorkerKubernetes => {
  const side = new WorkerSide(options);
  const ask = <T extends WorkerAnswer>(request: WorkerRequest, signal: AbortSignal) =>
    // The worker answers each kind of request with the kind's own type.
    side.ask(request, signal) as Promise<T>;
  const source = (name: SourceName): SourcePort<never> => ({
    watch: (emit, signal) =>
      side.watch({ kind: 'source', source: name }, emit as (s: readonly Signal[]) => void, signal),
  });
  return {
    info: side.info,
    close: () => side.close(),
    sources: {
      etcd: source('etcd'),
      alerts: source('alerts'),
      prometheus: source('prometheus'),
    },
    attend: (near) => side.attend(near),
    query: (name, query, signal) =>
      ask<Result<Brought>>({ kind: 'query', source: name, query }, signal),
    port: {
      watch: (resource, emit, signal) =>
        side.watch({ kind: 'watch', resource }, emit as (s: readonly Signal[]) => void, signal),
      watchTable: (ref, namespace, emit, signal) =>
        side.watch(
          { kind: 'table', ref, namespace },
          emit as (s: readonly Signal[]) => void,
          signal,
        ),
      link: (emit, signal) => side.link(emit, signal),
      get: (path, signal) => ask<Result<string>>({ kind: 'get', path }, signal),
      probe: (path, signal) => ask({ kind: 'probe', path }, signal),
      discover: (signal) => ask({ kind: 'discover' }, signal),
      may: (access, signal) => ask<Result<boolean>>({ kind: 'may', access }, signal),
    },
  };
};

const cancelled = (request: WorkerRequest): WorkerAnswer =>
  failed(failure('ended', request.kind, 'cancelled by midwatch'));

class WorkerSide {
  readonly info: Promise<Result<ClusterInfo>>;
  readonly #options: WorkerKubernetesOptions;
  readonly #closed = new AbortController();
  readonly #watches = new Map<CallId, PortWatch>();
  readonly #links = new Map<CallId, (beat: LinkBeat) => void>();
  readonly #asked = new Map<CallId, (answer: WorkerAnswer) => void>();
  #introduce: (info: Result<ClusterInfo>) => void = () => {};
  #thread: IngestThread | null = null;
  #started: EpochMs;
  #crashes = 0;
  #lastId = 0;
  #near = true;

  constructor(options: WorkerKubernetesOptions) {
    this.#options = options;
    this.info = new Promise((resolve) => {
      this.#introduce = resolve;
    });
    this.#started = options.clock.now();
    this.#start();
  }

  watch(
    watch: WorkerWatch,
    emit: (signals: readonly Signal[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const id = this.#nextId();
    this.#watches.set(id, new PortWatch(watch, emit));
    this.#thread?.post({ kind: 'start', id, watch });
    return this.#until(id, signal, () => this.#watches.delete(id));
  }

  link(emit: (beat: LinkBeat) => void, signal: AbortSignal): Promise<void> {
    const id = this.#nextId();
    this.#links.set(id, emit);
    this.#thread?.post({ kind: 'start', id, watch: { kind: 'link' } });
    return this.#until(id, signal, () => this.#links.delete(id));
  }

  attend(near: boolean): void {
    this.#near = near;
    this.#thread?.post({ kind: 'attend', near });
  }

  ask(request: WorkerRequest, signal: AbortSignal): Promise<WorkerAnswer> {
    const thread = this.#thread;
    if (signal.aborted) return Promise.resolve(cancelled(request));
    if (thread === null) return Promise.resolve(failed(this.#gone('it is being started again')));
    const id = this.#nextId();
    return new Promise((resolve) => {
      const stop = () => {
        this.#asked.delete(id);
        this.#thread?.post({ kind: 'stop', id });
        resolve(cancelled(request));
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#asked.set(id, (answer) => {
        signal.removeEventListener('abort', stop);
        resolve(answer);
      });
      thread.post({ kind: 'ask', id, request });
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const thread = this.#thread;
    this.#thread = null;
    this.#fail('midwatch ends');
    this.#introduce(failed(this.#gone('midwatch ends')));
    await thread?.terminate();
  }

  #nextId(): CallId {
    this.#lastId += 1;
    return this.#lastId;
  }

  #until(id: CallId, signal: AbortSignal, forget: () => void): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        forget();
        this.#thread?.post({ kind: 'stop', id });
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }

  #start(): void {
    const thread = this.#options.start();
    this.#thread = thread;
    this.#started = this.#options.clock.now();
    thread.listen(
      (message) => this.#receive(thread, message),
      (why) => void this.#restart(why),
    );
    for (const [id, { watch }] of this.#watches) thread.post({ kind: 'start', id, watch });
    for (const id of this.#links.keys()) {
      thread.post({ kind: 'start', id, watch: { kind: 'link' } });
    }
    // Near is how a worker begins.
    if (!this.#near) thread.post({ kind: 'attend', near: false });
    thread.post({ kind: 'pull' });
  }

  async #restart(why: string): Promise<void> {
    const { clock, random } = this.#options;
    this.#thread = null;
    const ran = since(this.#started, clock.now());
    this.#crashes = ran >= healthy ? 1 : this.#crashes + 1;
    this.#fail(why);
    const most = Math.min(longestWait, 1000 * 2 ** Math.min(this.#crashes - 1, 10));
    const wait = ran >= healthy ? 0 : most / 2 + (random() * most) / 2;
    await clock.sleep(milliseconds(wait), this.#closed.signal);
    if (!this.#closed.signal.aborted) this.#start();
  }

  #gone(why: string): Failure {
    return failure(
      'ended',
      'watch the cluster',
      `the thread that watches the cluster ended: ${why}`,
    );
  }

  #fail(why: string): void {
    const gone = this.#gone(why);
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const answer of asked) answer(failed(gone));
    if (this.#closed.signal.aborted) return;
    for (const watch of this.#watches.values()) watch.lost(gone);
    for (const emit of this.#links.values()) {
      emit({ kind: 'missed', inARow: this.#crashes, why: gone.message });
    }
  }

  #receive(thread: IngestThread, message: FromWorker): void {
    switch (message.kind) {
      case 'connected':
        this.#introduce(message.info);
        return;
      case 'batch':
        for (const { watch, signals } of message.batches)
          this.#watches.get(watch)?.receive(signals);
        thread.post({ kind: 'pull' });
        return;
      case 'broke':
        this.#watches.get(message.id)?.lost(message.failure);
        return;
      case 'beat':
        this.#links.get(message.id)?.(message.beat);
        return;
      case 'answer':
        this.#asked.get(message.id)?.(message.result);
        this.#asked.delete(message.id);
        return;
      default:
        absurd(message);
    }
  }
}
