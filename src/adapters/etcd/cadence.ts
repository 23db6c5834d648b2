import type { Random } from '../../kernel/clock.ts';
import { type Milliseconds, milliseconds, seconds } from '../../kernel/units.ts';

/** How often each member is asked how it is. */
export const statusEvery: Milliseconds = seconds(5);
/** How often metrics are read, and one member is asked who the others are. */
export const metricsEvery: Milliseconds = seconds(15);
export const membersEvery: Milliseconds = seconds(15);

/** Plus or minus a tenth, so that questions of several members and of several people spread. */
export const jittered = (every: Milliseconds, random: Random): Milliseconds =>
  milliseconds(Math.round(every * (0.9 + random() * 0.2)));

/** What is left of a period that began `spent` ago. */
export const rest = (period: Milliseconds, spent: Milliseconds): Milliseconds =>
  milliseconds(Math.max(0, period - spent));
