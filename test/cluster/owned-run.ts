import { killAllNow } from './process.ts';
import { createRun, type Run } from './run-dir.ts';
import { reapAbandonedRuns, tearDown } from './tear-down.ts';

/**
 * Brings something up in a new run of this process, and hands it the function that ends every process of
 * the run and removes its directory. First takes down what killed runs left behind; what comes up only in
 * part is taken down again.
 */
export const startOwnedRun = async <T>(
  bringUp: (run: Run, end: () => Promise<void>) => Promise<T>,
): Promise<T> => {
  await reapAbandonedRuns();
  const run = createRun();
  const lastResort = () => killAllNow(run);
  // A test program that dies of an error must not leave servers behind until the next run.
  process.once('exit', lastResort);
  const end = async (): Promise<void> => {
    await tearDown(run);
    process.off('exit', lastResort);
  };
  try {
    return await bringUp(run, end);
  } catch (error) {
    // The logs go with the run: the error carries the end of the one that matters.
    await end();
    throw error;
  }
};
