import { hours, minutes, seconds } from '../kernel/units.ts';

/** Of one source; the oldest go first. */
export const tombstonesKept = 1000;
export const tombstoneAge = hours(1);

/** What vanishes so soon after a start was lost with it. */
export const startLoses = minutes(2);
/** After a start, what is lost may still be told again: a Prometheus sends again every minute or so. */
export const toldAgainWithin = minutes(5);
/** A source's clock is known to about this: what it was seen to have so soon after its start may be from before. */
export const startBlurred = seconds(5);

/** Of one source, and of any age: that it does not arrive any more is true until it does. The oldest go first. */
export const watchdogsKept = 20;
