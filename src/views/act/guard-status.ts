import { glassAt } from '../../kernel/acts.ts';
import type { EpochMs } from '../../kernel/units.ts';
import { sliceOf, type World } from '../../kernel/world.ts';
import { acts } from '../../probes/acts.ts';
import type { GuardStatus } from './effects.ts';

/** The mode of a session, and the glass of its context as the audit has it. */
export const guardStatus = (
  world: World,
  now: EpochMs,
  mode: GuardStatus['mode'],
): GuardStatus => ({
  mode,
  glass: glassAt(sliceOf(world, acts).state, world.origin?.context ?? '', now),
});
