import { seconds } from '../kernel/units.ts';

/** Scrapes of one minute: what lasts is told from what only happened. */
export const windowsKept = 4;
/** Of one member; the oldest go first. */
export const latenciesKept = 32;
/** Of one cluster; the oldest go first. */
export const electionsKept = 64;
/**
 * After the first answer. Until then members are found that were there all the time: where one is named or runs as a
 * static pod, the others are learnt from its list of members, which is asked for every quarter of a minute.
 */
export const findingMembers = seconds(30);
