import { absurd } from '../kernel/absurd.ts';
import type { EpochMs } from '../kernel/units.ts';
import { sliceOf, type World } from '../kernel/world.ts';
import { link } from '../probes/link.ts';
import type { LinkStatus } from '../views/parts/header.ts';

/** The state of the connection, as the header tells it. */
export const linkStatus = (world: World, now: EpochMs): LinkStatus => {
  const { state, since, roundTrip, lastAnswer } = sliceOf(world, link).state;
  switch (state) {
    case 'connecting':
      return { kind: 'connecting' };
    case 'healthy':
      return { kind: 'live', roundTripMs: roundTrip?.smoothed ?? null };
    case 'unhealthy':
      return { kind: 'down', since: lastAnswer ?? since ?? now };
    default:
      return absurd(state);
  }
};
