import { type Pod, pods as podProbe } from '../probes/pods.ts';
import { replicasets } from '../probes/replicasets.ts';
import type { PlanScene } from './action.ts';
import { type PlannedObject, watched } from './planned-object.ts';

export interface PodsBehind {
  readonly pods: readonly Pod[];
  readonly ready: number;
  readonly unknown: readonly string[];
}

/** Pods that a workload owns, itself or through its replica sets; those that have ended are not counted. */
export const podsBehind = (
  { subject, ref }: Pick<PlannedObject, 'subject' | 'ref'>,
  scene: Pick<PlanScene, 'world' | 'now'>,
): PodsBehind => {
  const all = watched(scene, podProbe);
  const sets = watched(scene, replicasets);
  const through = ref.resource === 'deployments';
  const owners = new Set<string>(subject.uid === null ? [] : [subject.uid]);
  if (through) {
    for (const set of sets.objects.values()) {
      if (set.owner !== null && owners.has(set.owner.uid)) owners.add(set.uid);
    }
  }
  const pods: Pod[] = [];
  for (const pod of all.objects.values()) {
    const isOwned = pod.namespace === subject.namespace && owners.has(pod.owner?.uid ?? '');
    if (isOwned && pod.phase !== 'Succeeded' && pod.phase !== 'Failed') pods.push(pod);
  }
  return {
    pods,
    ready: pods.filter((p) => p.total > 0 && p.ready === p.total).length,
    unknown: [all.old, through ? sets.old : ''].filter((why) => why !== ''),
  };
};
