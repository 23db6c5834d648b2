import type { Cluster } from '../cluster-handle.ts';

/** One thing that goes wrong, and how to put it right again. */
export interface ChaosCase {
  readonly name: string;
  readonly summary: string;
  /** `any` is simulated where there is no real kubelet. */
  readonly needs: 'any' | 'real-node';
  readonly apply: (cluster: Cluster) => Promise<void>;
  readonly undo: (cluster: Cluster) => Promise<void>;
}
