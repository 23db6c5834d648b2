import type { Facts } from './facts.ts';
import { type Top, topKey, topOf } from './owner.ts';

export interface Peers {
  /** Pods of the owner that are neither finished nor leaving. */
  readonly all: number;
  /** When the youngest was created. */
  readonly newest: number;
}

const nobody: Peers = { all: 0, newest: 0 };

/** Counts the pods of owners, whatever their state. The pass over all pods is made on the first question only. */
export const peersOf = (facts: Facts): ((top: Top) => Peers) => {
  let index: Map<string, { all: number; newest: number }> | undefined;
  return (top) => {
    if (index === undefined) {
      index = new Map();
      for (const pod of facts.pods.values()) {
        if (pod.deleting !== null || pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
        const key = topKey(topOf(pod, facts));
        const had = index.get(key);
        if (had === undefined) index.set(key, { all: 1, newest: pod.created });
        else {
          had.all += 1;
          had.newest = Math.max(had.newest, pod.created);
        }
      }
    }
    return index.get(topKey(top)) ?? nobody;
  };
};
