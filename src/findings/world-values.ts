import type { EpochMs } from '../kernel/units.ts';
import type { World } from '../kernel/world.ts';
import { health } from './health.ts';

/**
 * What a runbook may ask of the world, by key: `context`, `cluster`, `etcd.cluster` and `etcd.leader`. The latter two
 * only where one cluster of etcd is watched; what is not known is not there.
 */
export const worldValues = (world: World, now: EpochMs): ReadonlyMap<string, string> => {
  const { etcd } = health(world, now);
  const [only] = etcd.length === 1 ? etcd : [];
  const all: readonly (readonly [string, string])[] = [
    ['context', world.origin?.context ?? ''],
    ['cluster', world.origin?.cluster ?? ''],
    ['etcd.cluster', only?.name ?? ''],
    ['etcd.leader', only?.leader ?? ''],
  ];
  return new Map(all.filter(([, value]) => value !== ''));
};
