import type { Run } from '../../kernel/run.ts';

/**
 * Whether the file is another one than the run follows, and nobody has decided yet: then `keep` and `adopt` are to be
 * offered.
 * @param hash Of the file as it is now.
 */
export const changedUnder = (run: Run, hash: string): boolean =>
  run.ended === null && hash !== run.runbook.hash && !run.kept.includes(hash);
