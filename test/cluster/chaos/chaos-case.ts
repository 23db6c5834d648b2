import type { Cluster } from '../cluster-handle.ts';

/** Where the workloads of chaos cases live, next to whatever else the cluster runs. */
export const CHAOS_NAMESPACE = 'chaos';

/** One thing that goes wrong, and how to put it right again. Neither waits until the effect is seen. */
export interface ChaosCase {
  readonly name: string;
  readonly summary: string;
  /** `any`: on a real kubelet where there is one, else simulated. */
  readonly needs: 'any' | 'real-node';
  readonly apply: (cluster: Cluster) => Promise<void>;
  readonly undo: (cluster: Cluster) => Promise<void>;
}
