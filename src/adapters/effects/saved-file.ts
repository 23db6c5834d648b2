import { lstat } from 'node:fs/promises';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';

/** What there is of a file that was to be written; such a file has its name only once it is whole. */
export type SavedFile =
  | { readonly kind: 'whole'; readonly bytes: number }
  | { readonly kind: 'partial' }
  | { readonly kind: 'none' };

const sizeOf = async (path: string): Promise<number | null> => {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Looks at the names under which a file is written and kept. */
export const savedFile = async (path: string): Promise<Result<SavedFile>> => {
  try {
    const bytes = await sizeOf(path);
    if (bytes !== null) return ok({ kind: 'whole', bytes });
    const isBegun = (await sizeOf(`${path}.partial`)) !== null;
    return ok(isBegun ? { kind: 'partial' } : { kind: 'none' });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return failed(failure('misconfigured', 'look at the file', `it cannot be looked at (${code})`));
  }
};
