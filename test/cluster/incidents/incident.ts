import type { Cluster } from '../cluster-handle.ts';

/** One step of an incident: what happens, how it is called in the recording, and how long it is looked at. */
export interface Stage {
  /** Becomes a mark in the recording; '' for none. */
  readonly mark: string;
  act(cluster: Cluster): Promise<void>;
  /** Resolves when the stage has had its effect. */
  until?(cluster: Cluster): Promise<void>;
  readonly thenSeconds: number;
}

/** Something that goes wrong in a real cluster, and is put right again, told step by step. */
export interface Incident {
  readonly name: string;
  readonly summary: string;
  readonly nodes: number;
  /** Everything healthy, before the recording begins. */
  prepare(cluster: Cluster): Promise<void>;
  readonly stages: readonly Stage[];
}
