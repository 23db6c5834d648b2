import { type Failure, failed, type Result } from '../../kernel/failure.ts';

/** Kinds of failures that say that nothing has arrived. */
const before: ReadonlySet<Failure['kind']> = new Set([
  'unreachable',
  'unauthorized',
  'forbidden',
  'misconfigured',
]);

/**
 * A failure without an answer, by whether the request had left: `ended` when it had, and nobody knows what came of it;
 * `unreachable` or a reason of our own when it had not.
 */
export const unanswered = (why: Failure, left: boolean): { ok: false } & Result<never> => {
  if (left) return failed({ ...why, kind: 'ended' });
  return failed(before.has(why.kind) ? why : { ...why, kind: 'unreachable' });
};
