/** Of one member; the oldest go first. */
export const latenciesKept = 32;
/** Of one cluster; the oldest go first. */
export const electionsKept = 64;
