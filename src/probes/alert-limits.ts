import { hours } from '../kernel/units.ts';

/** Of one source; the oldest go first. */
export const tombstonesKept = 1000;
export const tombstoneAge = hours(1);
