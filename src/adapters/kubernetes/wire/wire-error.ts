import { type Failure, failed, failure, ok, type Result } from '../../../kernel/failure.ts';

/** Thrown inside the readers only, to leave a deep walk at once; `decoding` turns it into a failure. */
export class WireError extends Error {}

export const undecodable = (message: string): Failure =>
  failure('undecodable', 'read object', message);

/** Runs a walk over foreign bytes or JSON. What it finds wrong is a failure; a bug of ours is still thrown. */
export const decoding = <T>(walk: () => T): Result<T> => {
  try {
    return ok(walk());
  } catch (error) {
    if (error instanceof WireError) return failed(undecodable(error.message));
    throw error;
  }
};
