import type { Cluster } from '../cluster-handle.ts';

/** One step of an incident: what happens, how it is called in the recording, and how long it is looked at. */
export interface Stage {
  /** Short and without spaces, to name the stage on a command line or in a test. */
  readonly name?: string;
  /** Becomes a mark in the recording; '' for none. */
  readonly mark: string;
  act(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  /** Resolves when the stage has had its effect. */
  until?(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  readonly thenSeconds: number;
}

/** Something that goes wrong in a real cluster, and is put right again, told step by step. */
export interface Incident {
  readonly name: string;
  readonly summary: string;
  readonly nodes: number;
  /** Everything healthy, before the recording begins. */
  prepare(cluster: Cluster, signal?: AbortSignal): Promise<void>;
  readonly stages: readonly Stage[];
}
