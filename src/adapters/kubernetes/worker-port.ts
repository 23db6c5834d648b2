import type { Signal } from '../../kernel/fact.ts';
import type { Failure, Result } from '../../kernel/failure.ts';
import type { ResourceRef } from '../../kernel/kind.ts';
import type { Access, ApiResource, LinkBeat } from '../../kernel/ports.ts';
import type { NamedSources } from '../../kernel/source-target.ts';
import type { Brought } from '../steps/brought.ts';
import type { QueryRequest } from '../steps/query-step.ts';
import type { ClusterInfo } from './api-client.ts';
import type { ConnectionFlags } from './kubeconfig.ts';

/** Numbers a request or a watch for as long as the program runs. */
export type CallId = number;

export type WorkerRequest =
  | { readonly kind: 'get'; readonly path: string }
  | { readonly kind: 'probe'; readonly path: string }
  | { readonly kind: 'discover' }
  | { readonly kind: 'may'; readonly access: Access }
  /** One question to a Prometheus that is watched; '' is the first of them. */
  | { readonly kind: 'query'; readonly source: string; readonly query: QueryRequest };

/** What is asked besides the API server. */
export type SourceName = 'etcd' | 'alerts' | 'prometheus';

export type WorkerWatch =
  | { readonly kind: 'watch'; readonly resource: string }
  | { readonly kind: 'table'; readonly ref: ResourceRef; readonly namespace: string }
  | { readonly kind: 'link' }
  | { readonly kind: 'source'; readonly source: SourceName };

/** From the painting thread to the worker. */
export type ToWorker =
  | { readonly kind: 'ask'; readonly id: CallId; readonly request: WorkerRequest }
  | { readonly kind: 'start'; readonly id: CallId; readonly watch: WorkerWatch }
  /** Ends a request or a watch. */
  | { readonly kind: 'stop'; readonly id: CallId }
  /** Whether somebody looks at the alerts now: then they are asked for more often. */
  | { readonly kind: 'attend'; readonly near: boolean }
  /** Ready for the next batch. Each is answered by one batch, as soon as there is something in it. */
  | { readonly kind: 'pull' };

export type WorkerAnswer = Result<
  | string
  | boolean
  | readonly ApiResource[]
  | Brought
  | { readonly status: number; readonly body: string }
>;

/** From the worker to the painting thread. */
export type FromWorker =
  /** Who we are to the cluster, or why there is none. The first message. */
  | { readonly kind: 'connected'; readonly info: Result<ClusterInfo> }
  | {
      readonly kind: 'batch';
      readonly batches: readonly { readonly watch: CallId; readonly signals: readonly Signal[] }[];
    }
  /** A watch ended by a bug; it starts again from nothing, so what it told has to be confirmed anew. */
  | { readonly kind: 'broke'; readonly id: CallId; readonly failure: Failure }
  | { readonly kind: 'beat'; readonly id: CallId; readonly beat: LinkBeat }
  | { readonly kind: 'answer'; readonly id: CallId; readonly result: WorkerAnswer };

/** The first message to a worker. The kubeconfig is read in the worker, so that credentials stay there. */
export interface IngestData {
  readonly flags: ConnectionFlags;
  /** Of midwatch. */
  readonly version: string;
  /** Resources to read before all others: what the screen shows first. */
  readonly first: readonly string[];
  readonly sources: NamedSources;
}

/** The worker as the painting thread sees it. */
export interface IngestThread {
  post(message: ToWorker): void;
  /** Called once, right after the start. `ended` comes at most once, and nothing after it. */
  listen(heard: (message: FromWorker) => void, ended: (why: string) => void): void;
  /** Ends it; `ended` is not called. */
  terminate(): Promise<void>;
}
