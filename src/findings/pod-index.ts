import { isSmall, type Step, stepTo } from '../kernel/lineage.ts';
import type { Objects } from '../probes/object-probe.ts';
import type { Pod } from '../probes/pods.ts';

/** Pods by how much has to be known of them: nearly all are well whatever else is so, and need only be counted. */
export interface PodIndex {
  /** Pods that are well by their own word: they serve, and have never been restarted. */
  readonly well: number;
  /** Those that have to be looked into, by key, in the order of all pods. Those that have done their work are in neither. */
  readonly others: Objects<Pod>;
}

type Kind = 'well' | 'over' | 'other';

const isReady = ({ type }: { readonly type: string }): boolean => type === 'Ready';

/** What a pod is called without a look at the time, its node or its events. */
const kindOf = (pod: Pod): Kind => {
  if (pod.phase === 'Succeeded') return 'over';
  const serves =
    pod.deleting === null &&
    pod.phase !== 'Failed' &&
    pod.status === 'Running' &&
    pod.ready === pod.total &&
    !pod.conditions.some(isReady);
  return serves && pod.lastRestart === null ? 'well' : 'other';
};

const anew = (pods: Objects<Pod>): PodIndex => {
  let well = 0;
  const others = new Map<string, Pod>();
  for (const [key, pod] of pods) {
    const kind = kindOf(pod);
    if (kind === 'well') well += 1;
    else if (kind === 'other') others.set(key, pod);
  }
  return { well, others };
};

/** From the index of the pods before; null where one would have to look for the place of a pod among the others. */
const goOn = (
  before: PodIndex,
  from: Objects<Pod>,
  to: Objects<Pod>,
  { removed, put }: Step,
): PodIndex | null => {
  let { well } = before;
  let others: Map<string, Pod> | null = null;
  const draft = (): Map<string, Pod> => {
    others ??= new Map(before.others);
    return others;
  };
  for (const key of removed) {
    const was = from.get(key);
    if (was === undefined) continue;
    const kind = kindOf(was);
    if (kind === 'well') well -= 1;
    else if (kind === 'other') draft().delete(key);
  }
  for (const key of put) {
    const is = to.get(key);
    if (is === undefined) return null;
    // What was removed in between stands at the end of all, as what is new does.
    const was = removed.has(key) ? undefined : from.get(key);
    const [old, kind] = [was === undefined ? null : kindOf(was), kindOf(is)];
    if (old === 'well') well -= 1;
    if (kind === 'well') well += 1;
    if (kind === 'other') {
      if (old === 'well' || old === 'over') return null;
      draft().set(key, is);
    } else if (old === 'other') draft().delete(key);
  }
  return { well, others: others ?? before.others };
};

const indexes = new WeakMap<Objects<Pod>, PodIndex>();

/** One pass over all pods, or over those that have changed since. */
export const podIndex = (pods: Objects<Pod>): PodIndex => {
  const had = indexes.get(pods);
  if (had !== undefined) return had;
  const born = stepTo(pods);
  const before = born === null ? undefined : indexes.get(born.from);
  const index =
    born === null || before === undefined || !isSmall(born.step, pods.size)
      ? anew(pods)
      : (goOn(before, born.from, pods, born.step) ?? anew(pods));
  indexes.set(pods, index);
  return index;
};
