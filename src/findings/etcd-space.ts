import type { EtcdSight } from './etcd-sight.ts';
import { statusOf } from './etcd-sight.ts';

/** Room that a member's database takes; null where that is not known. */
export interface EtcdSpace {
  readonly size: number | null;
  readonly quota: number | null;
  /** Share of the quota, 0.. */
  readonly used: number | null;
  /** Share of the file that is free inside, 0..1. */
  readonly fragmentation: number | null;
}

/** From its status, and where that does not say it, from its metrics. */
export const etcdSpace = (sight: EtcdSight): EtcdSpace => {
  const status = statusOf(sight);
  const heard = status !== null || sight.hearing.kind === 'metrics';
  const metrics = heard ? sight.state.metrics : null;
  const size = status?.dbSize ?? metrics?.dbSize ?? null;
  const inUse = status?.dbInUse ?? metrics?.dbInUse ?? null;
  // 0 is how a server says that it has the default, without saying what that is.
  const quota = status?.quota || metrics?.quota || null;
  return {
    size,
    quota,
    used: size === null || quota === null ? null : size / quota,
    fragmentation:
      size === null || inUse === null || size <= 0
        ? null
        : Math.min(1, Math.max(0, 1 - inUse / size)),
  };
};
