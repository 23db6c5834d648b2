import { absurd } from '../../kernel/absurd.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Signal } from '../../kernel/fact.ts';
import { failed, failure, type Result } from '../../kernel/failure.ts';
import type { KubernetesPort, SourcePort } from '../../kernel/ports.ts';
import { type EpochMs, milliseconds, seconds, since } from '../../kernel/units.ts';
import type { Brought } from '../steps/brought.ts';
import type { QueryRequest } from '../steps/query-step.ts';
import { batchLimit, Outbox } from './outbox.ts';
import type {
  CallId,
  FromWorker,
  SourceName,
  ToWorker,
  WorkerRequest,
  WorkerWatch,
} from './worker-port.ts';

/** Changes are collected this long, so that a burst on one object is one signal. The first are handed over at once. */
export const collectFor = milliseconds(100);

/** Before a watch that threw is started again. */
const afterBug = seconds(30);

/** What the worker can be told to watch and to ask. */
export interface IngestPorts {
  readonly kubernetes: KubernetesPort;
  readonly sources: Readonly<Record<SourceName, SourcePort<unknown>>>;
  /** Whether somebody looks at the alerts now. */
  attend(near: boolean): void;
  /** Asks a Prometheus that is watched; '' is the first of them. */
  query(source: string, query: QueryRequest, signal: AbortSignal): Promise<Result<Brought>>;
}

/**
 * The worker's side: carries out what the painting thread asks for, and hands over what has changed when it is
 * asked for more. A painting thread that asks for nothing delays nothing here.
 */
export class IngestHost {
  readonly #ports: IngestPorts;
  readonly #clock: Clock;
  readonly #post: (message: FromWorker) => void;
  readonly #signal: AbortSignal;
  readonly #calls = new Map<CallId, AbortController>();
  readonly #outbox = new Outbox();
  #asked = false;
  #collecting = false;
  #handedOver: EpochMs | null = null;

  constructor(
    ports: IngestPorts,
    clock: Clock,
    post: (message: FromWorker) => void,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#clock = clock;
    this.#post = post;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      for (const call of this.#calls.values()) call.abort();
    });
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'pull':
        this.#asked = true;
        this.#handOver();
        return;
      case 'stop':
        this.#calls.get(message.id)?.abort();
        this.#outbox.drop(message.id);
        return;
      case 'attend':
        this.#ports.attend(message.near);
        return;
      case 'start':
        void this.#watch(message.id, message.watch);
        return;
      case 'ask':
        void this.#ask(message.id, message.request);
        return;
      default:
        absurd(message);
    }
  }

  async #watch(id: CallId, watch: WorkerWatch): Promise<void> {
    const call = this.#begin(id);
    const emit = (signals: readonly Signal[]) => {
      if (call.signal.aborted) return;
      this.#outbox.push(id, signals);
      this.#handOver();
    };
    for (;;) {
      const words = await this.#observe(id, watch, emit, call.signal).then(
        () => 'the watch ended before its time',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (call.signal.aborted) break;
      // A bug of ours. It is told, ends none of the other watches, and may be one of this moment only.
      this.#outbox.drop(id);
      this.#post({ kind: 'broke', id, failure: failure('broken', 'ingest', words) });
      await this.#clock.sleep(afterBug, call.signal);
    }
    this.#calls.delete(id);
  }

  #observe(
    id: CallId,
    watch: WorkerWatch,
    emit: (signals: readonly Signal[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    switch (watch.kind) {
      case 'watch':
        return this.#ports.kubernetes.watch(watch.resource, emit, signal);
      case 'table':
        return this.#ports.kubernetes.watchTable(watch.ref, watch.namespace, emit, signal);
      case 'link':
        return this.#ports.kubernetes.link(
          (beat) => this.#post({ kind: 'beat', id, beat }),
          signal,
        );
      case 'source':
        return this.#ports.sources[watch.source].watch(emit, signal);
      default:
        return absurd(watch);
    }
  }

  async #ask(id: CallId, request: WorkerRequest): Promise<void> {
    const call = this.#begin(id);
    try {
      const result = await this.#answer(request, call.signal);
      this.#post({ kind: 'answer', id, result });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const result = failed(failure('broken', request.kind, words));
      this.#post({ kind: 'answer', id, result });
    } finally {
      this.#calls.delete(id);
    }
  }

  #answer(
    request: WorkerRequest,
    signal: AbortSignal,
  ): Promise<Extract<FromWorker, { kind: 'answer' }>['result']> {
    switch (request.kind) {
      case 'get':
        return this.#ports.kubernetes.get(request.path, signal);
      case 'probe':
        return this.#ports.kubernetes.probe(request.path, signal);
      case 'discover':
        return this.#ports.kubernetes.discover(signal);
      case 'may':
        return this.#ports.kubernetes.may(request.access, signal);
      case 'query':
        return this.#ports.query(request.source, request.query, signal);
      default:
        return absurd(request);
    }
  }

  #begin(id: CallId): AbortController {
    const call = new AbortController();
    if (this.#signal.aborted) call.abort();
    this.#calls.set(id, call);
    return call;
  }

  #handOver(): void {
    const full = this.#outbox.size >= batchLimit;
    if (!this.#asked || this.#outbox.size === 0 || (this.#collecting && !full)) return;
    const last = this.#handedOver;
    const now = this.#clock.now();
    const waited = last === null ? collectFor : since(last, now);
    if (waited < collectFor && !full) {
      this.#collecting = true;
      void this.#later(milliseconds(collectFor - waited));
      return;
    }
    this.#asked = false;
    this.#handedOver = now;
    this.#post({ kind: 'batch', batches: this.#outbox.take() });
  }

  async #later(wait: ReturnType<typeof milliseconds>): Promise<void> {
    await this.#clock.sleep(wait, this.#signal);
    this.#collecting = false;
    if (!this.#signal.aborted) this.#handOver();
  }
}
