import type { Acknowledgement } from './acknowledgement.ts';
import type { ActFact } from './act-fact.ts';
import type { AlertData } from './alert-fact.ts';
import type { Clock } from './clock.ts';
import type { EtcdData } from './etcd-fact.ts';
import type { Signal } from './fact.ts';
import type { Result } from './failure.ts';
import type { ObjectData, ResourceRef, Slim } from './kind.ts';
import type { PrometheusData } from './prometheus-fact.ts';
import type { RunFact } from './run-fact.ts';
import type { EpochMs, Milliseconds } from './units.ts';

/** A row of the API server's own table for a resource (`application/json;as=Table`). */
export interface TableRow extends Slim {
  /** One cell per column, as text. */
  readonly cells: readonly string[];
}

export interface TableColumn {
  readonly name: string;
  /** 0 is always shown, higher only where there is room. */
  readonly priority: number;
  readonly type: string;
}

export type TableData = { readonly columns: readonly TableColumn[] } | ObjectData<TableRow>;

/** One heartbeat over the pooled connection. */
export type LinkBeat =
  | {
      readonly kind: 'answered';
      readonly roundTrip: Milliseconds;
      readonly status: number;
      readonly serverTime: EpochMs | null;
    }
  | { readonly kind: 'missed'; readonly inARow: number; readonly why: string }
  /** The old connection was thrown away and a new one is dialled. */
  | { readonly kind: 'redialled'; readonly why: string };

export interface ApiResource extends ResourceRef {
  readonly shortNames: readonly string[];
  readonly singular: string;
  readonly verbs: readonly string[];
}

export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  /** Of one object; any without it. */
  readonly name?: string;
  /** An answer that is remembered will not do. */
  readonly fresh?: boolean;
}

/**
 * The API server of one cluster. Read-only by construction: nothing here can build a request that writes
 * (`may` posts a SelfSubjectAccessReview, which stores nothing).
 * Promises of the watching methods end when their signal aborts; failures arrive as signals.
 */
export interface KubernetesPort {
  /** Watches a built-in kind by its resource name (`pods`), everywhere or, where that is forbidden, per namespace. */
  watch(
    kind: string,
    emit: (signals: readonly Signal<ObjectData<Slim>>[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Watches any other resource as the server's table. */
  watchTable(
    ref: ResourceRef,
    namespace: string,
    emit: (signals: readonly Signal<TableData>[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** A heartbeat every 15 s over the connection that the watches share. */
  link(emit: (beat: LinkBeat) => void, signal: AbortSignal): Promise<void>;
  /** GET of a path, the body as text. Non-2xx answers are failures with the server's message. */
  get(path: string, signal: AbortSignal): Promise<Result<string>>;
  /** GET whose body is wanted whatever the status (`/readyz?verbose` answers 500 with the useful text). */
  probe(
    path: string,
    signal: AbortSignal,
  ): Promise<Result<{ readonly status: number; readonly body: string }>>;
  /** Everything the server serves, preferred versions first. */
  discover(signal: AbortSignal): Promise<Result<readonly ApiResource[]>>;
  may(access: Access, signal: AbortSignal): Promise<Result<boolean>>;
}

/**
 * Something besides the API server that tells what it sees until the signal aborts, then resolves. Failures arrive as
 * signals, for each scope on its own.
 */
export interface SourcePort<Data> {
  watch(emit: (signals: readonly Signal<Data>[]) => void, signal: AbortSignal): Promise<void>;
}

/** What probes may reach. Replay has none of it. */
export interface Ports {
  readonly clock: Clock;
  readonly kubernetes: KubernetesPort;
  /** Members of etcd clusters, each asked on its own. */
  readonly etcd: SourcePort<EtcdData>;
  /** Alertmanagers, and what is pushed to our webhook. */
  readonly alerts: SourcePort<AlertData>;
  readonly prometheus: SourcePort<PrometheusData>;
  /** Notes of people who use midwatch on this machine. */
  readonly acknowledgements: SourcePort<Acknowledgement>;
  /** What they do in runs of runbooks. */
  readonly runs: SourcePort<RunFact>;
  /** What was wanted, judged and done, in this context, by everybody on this machine. */
  readonly acts: SourcePort<ActFact>;
}
