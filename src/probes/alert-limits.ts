import { hours } from '../kernel/units.ts';

/** Of one source; the oldest go first. */
export const tombstonesKept = 1000;
export const tombstoneAge = hours(1);

/** Of one source, and of any age: that it does not arrive any more is true until it does. The oldest go first. */
export const watchdogsKept = 20;
