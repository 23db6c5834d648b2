import type { ProbeId } from '../kernel/fact.ts';
import type { EpochMs } from '../kernel/units.ts';
import type { AlertStream } from './alert-stream.ts';
import type { EtcdReport } from './etcd-report.ts';

/** Parts of a cluster, in the order in which they stand on the screen. */
export const subsystems = ['api', 'etcd', 'nodes', 'pods', 'alerts'] as const;
export type Subsystem = (typeof subsystems)[number];

/** One fact that a finding rests on. */
export interface Proof {
  readonly text: string;
  readonly source: ProbeId;
  /** When the source was last heard from, or when the fact began; 0 when unknown. */
  readonly at: EpochMs;
}

/** A view, by its id, and what of it: `etcd` and the name of a cluster. */
export interface Opens {
  readonly view: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Something that is broken, in words, with what it is based on. */
export interface Finding {
  /** Stable while it lasts: `workload/payments/deployments/payment-gateway`. */
  readonly key: string;
  readonly subsystem: Subsystem;
  /** `bad`: act now. `warn`: look. */
  readonly tone: 'bad' | 'warn';
  /** What it is about: `payments/payment-gateway`, `node worker-7`. */
  readonly title: string;
  /** The reason in words, short: `CrashLoopBackOff, exit 1`. */
  readonly reason: string;
  /** The server's or container's own message, verbatim; '' when there is none. */
  readonly detail: string;
  /** How many of how many are well, where that can be said. */
  readonly ready: { readonly have: number; readonly want: number } | null;
  /** Blast radius: pods (or nodes' pods) that are hurt; higher is worse. Comparable across kinds. */
  readonly weight: number;
  /** When it began, as far as the facts say; 0 when they do not. */
  readonly since: EpochMs;
  /** What opens on Enter. */
  readonly object: {
    readonly resource: string;
    readonly namespace: string;
    readonly name: string;
  } | null;
  /** What opens on Enter instead, where that is a view of its own and no object. */
  readonly opens?: Opens | null;
  readonly proof: readonly Proof[];
  /** Key of the finding that facts prove to be the cause; null when it stands on its own. It follows that one in the list. */
  readonly under: string | null;
}

/** Something on its way that is not broken: a rollout that advances. */
export interface Progress {
  readonly key: string;
  readonly title: string;
  readonly reason: string;
  readonly ready: { readonly have: number; readonly want: number } | null;
  readonly since: EpochMs;
  readonly object: Finding['object'];
}

/** State of one subsystem, for the strip and for one-shot checks. */
export interface Standing {
  readonly subsystem: Subsystem;
  /** `unknown`: no evidence; `stale`: only old evidence. Neither is ever shown as well. */
  readonly tone: 'bad' | 'warn' | 'good' | 'unknown' | 'stale';
  /** Short: `11/12`, `418`, `3 down`. */
  readonly text: string;
  /** One sentence for the evidence table: `12 ready, all leases renewed`. */
  readonly evidence: string;
  /** When the youngest evidence arrived; null when there is none. */
  readonly heard: EpochMs | null;
}

/** The whole, in one sentence. */
export interface Verdict {
  readonly tone: 'bad' | 'warn' | 'good' | 'unknown' | 'stale';
  readonly text: string;
}

/** How many there are, for sentences and tables. */
export interface Counts {
  readonly pods: {
    /** Those that should serve: not finished, not leaving. */
    readonly all: number;
    readonly well: number;
    readonly starting: number;
    readonly unwell: number;
    /** Last restart within an hour. */
    readonly restarted: number;
  };
  readonly nodes: { readonly all: number; readonly ready: number; readonly cordoned: number };
}

export interface Health {
  readonly verdict: Verdict;
  readonly standings: readonly Standing[];
  /**
   * Worst first; those with a proven cause right after it. Last, with `alerts` as their subsystem, the warning
   * events that no other finding explains, folded: worth a look, but by themselves nothing is broken.
   */
  readonly findings: readonly Finding[];
  /** What is on its way and not broken, youngest first. */
  readonly progress: readonly Progress[];
  readonly counts: Counts;
  /** Worst first. */
  readonly etcd: readonly EtcdReport[];
  readonly alerts: AlertStream;
}
