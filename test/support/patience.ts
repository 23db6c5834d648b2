/**
 * How many times longer than on a machine of one's own a test waits for what others do. Machines that run everything at
 * once are several times slower; a condition that holds is not waited for, so nothing passes later because of it.
 */
export const patience: number = process.env.CI === undefined ? 1 : 3;
