import { patience } from './patience.ts';

/**
 * Waits for something that happens outside the test's control, e.g. on a socket. Fails after `deadlineMs`, which are
 * those of a machine of one's own.
 */
export const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> => {
  const end = performance.now() + deadlineMs * patience;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
