import type { Lease } from '../probes/leases.ts';

/**
 * The newest renewal of any lease; 0 when there is none. Leases are compared with it and not with our own clock:
 * what it says is at most as late as the cluster's time, however wrong the clock here is.
 */
export const newestRenewal = (leases: Iterable<Lease>): number => {
  let newest = 0;
  for (const { renewed } of leases) if (renewed !== null && renewed > newest) newest = renewed;
  return newest;
};
