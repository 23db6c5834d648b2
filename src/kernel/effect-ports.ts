import type { EffectRequest } from './act.ts';
import type { Result } from './failure.ts';
import type { Bytes, EpochMs } from './units.ts';

type Request<Kind extends EffectRequest['kind']> = Extract<EffectRequest, { kind: Kind }>;

export interface EffectAnswer {
  readonly status: number;
  readonly body: string;
}

/** One line of a container's log, or a note about what is not there. */
export type LogItem =
  | {
      readonly kind: 'line';
      /** `namespace/pod/container` */
      readonly source: string;
      /** By the node's clock, with the nanoseconds as written: `2026-11-23T08:08:01.123456789Z` */
      readonly stamp: string;
      readonly at: EpochMs;
      /** As it came, without its line end; not yet fit for a screen. */
      readonly text: string;
      /** Cut to the longest line that is kept. */
      readonly cut: boolean;
    }
  | {
      readonly kind: 'note';
      readonly source: string;
      readonly at: EpochMs;
      readonly note: LogNote;
      readonly text: string;
    };

/** What has to be said about a log so that nobody takes a part for the whole. */
export type LogNote =
  | 'joined'
  | 'left'
  | 'restarted'
  /** Lines between two others may be missing. */
  | 'gap'
  /** Older lines than these were asked for, and were rotated away on the node. */
  | 'rotated'
  /** The byte or line limit was reached. */
  | 'truncated'
  | 'resumed'
  | 'lease-ended'
  | 'unreadable'
  | 'complete';

/** The person's side of a terminal that is joined to a container. */
export interface AttachedTerminal {
  /** Bytes that were typed, until the person leaves; ending it detaches and ends nothing over there. */
  readonly input: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): void;
  size(): { readonly columns: number; readonly rows: number };
  onResize(listener: () => void): () => void;
}

/**
 * Everything that can leave midwatch and do more than ask. Only the pipeline holds these, and it hands an action a
 * narrowed one that sends what stands in its plan and nothing else. All of it ends when the signal aborts.
 */
export interface EffectPorts {
  /** Any status is `ok`; `failed` means that there was no answer. */
  kubernetes(request: Request<'kubernetes'>, signal: AbortSignal): Promise<Result<EffectAnswer>>;
  /** Resolves with the bytes that were read, when all is told that was asked for. */
  logs(
    request: Request<'logs'>,
    emit: (items: readonly LogItem[]) => void,
    signal: AbortSignal,
  ): Promise<Result<Bytes>>;
  loki(
    request: Request<'loki'>,
    emit: (items: readonly LogItem[]) => void,
    signal: AbortSignal,
  ): Promise<Result<Bytes>>;
  /** Resolves when the process ended (`ended`) or the person left it (`detached`). */
  attach(
    request: Request<'attach'>,
    terminal: AttachedTerminal,
    signal: AbortSignal,
  ): Promise<Result<{ readonly kind: 'ended' | 'detached'; readonly bytes: number }>>;
  etcd(request: Request<'etcd'>, signal: AbortSignal): Promise<Result<EffectAnswer>>;
  /** Writes the backend to the file, verifies its hash, and names both. Nothing is left behind when it fails. */
  etcdSnapshot(
    request: Request<'etcd-snapshot'>,
    progress: (bytes: Bytes) => void,
    signal: AbortSignal,
  ): Promise<Result<{ readonly bytes: Bytes; readonly sha256: string; readonly revision: string }>>;
  alertmanager(
    request: Request<'alertmanager'>,
    signal: AbortSignal,
  ): Promise<Result<EffectAnswer>>;
}

/** GET from the API server while something is carried out: waiting for a container, reading a ledger. */
export interface EffectReads {
  kubernetes(path: string, signal: AbortSignal): Promise<Result<string>>;
  /** Status of one member as it is now, JSON text of the gateway. */
  etcdStatus(cluster: string, endpoint: string, signal: AbortSignal): Promise<Result<string>>;
}
