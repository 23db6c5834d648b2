import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';

const op = 'write the file';

const words: Readonly<Record<string, readonly [string, string]>> = {
  EEXIST: ['there is a file already, and it is never overwritten', 'give another path'],
  ENOENT: ['its directory does not exist', 'make the directory first'],
  EACCES: ['this user may not write there', 'give a path in a directory of your own'],
  EROFS: ['the file system is read-only', 'give a path on another one'],
  ENOSPC: ['the file system is full', 'make room, or give a path on another one'],
  EDQUOT: ['the quota of this user is used up', 'make room, or give a path on another one'],
};

const fileFailure = (error: unknown, path: string): Failure => {
  const { code = '' } = error as NodeJS.ErrnoException;
  const [message, hint] = words[code] ?? [`the file cannot be written (${code})`, ''];
  return failure('misconfigured', op, message, { on: path, ...(hint === '' ? {} : { hint }) });
};

const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'code' in error;

const synced = async (directory: string): Promise<void> => {
  const handle = await open(directory, constants.O_RDONLY);
  await handle.sync().finally(() => handle.close());
};

/** Gives the finished file its name, unless somebody else has taken it meanwhile. */
const named = async (partial: string, path: string): Promise<void> => {
  try {
    await link(partial, path);
    await unlink(partial);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    // No links on this file system: the name is taken first, and only what is ours is then replaced.
    const own = await open(path, 'wx', 0o600);
    await own.close();
    await rename(partial, path);
  }
};

/**
 * Makes a file for this user only, which has its name only once it is whole and would survive the loss of power. There
 * is none when `fill` fails or throws, and one that exists is never touched.
 */
export const newFile = async <T>(
  path: string,
  fill: (write: (piece: Uint8Array) => Promise<void>) => Promise<Result<T>>,
): Promise<Result<T>> => {
  if (!isAbsolute(path)) {
    return failed(failure('misconfigured', op, 'the path is not absolute', { on: path }));
  }
  const partial = `${path}.partial`;
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  if (there) return failed(fileFailure({ code: 'EEXIST' }, path));
  let handle: FileHandle;
  try {
    handle = await open(partial, 'wx', 0o600);
  } catch (error) {
    if (!isFileError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return failed(fileFailure(error, path));
    return failed(
      failure('misconfigured', op, 'another one is being written there, or was left unfinished', {
        on: partial,
        hint: 'remove it if nobody writes it, or give another path',
      }),
    );
  }
  let whole = false;
  try {
    const filled = await fill(async (piece) => {
      // One call may write less than it was given.
      for (let at = 0; at < piece.length; ) {
        at += (await handle.write(piece, at, piece.length - at)).bytesWritten;
      }
    });
    if (!filled.ok) return filled;
    await handle.sync();
    await named(partial, path);
    whole = true;
    await synced(dirname(path));
    return ok(filled.value);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return failed(fileFailure(error, path));
  } finally {
    await handle.close();
    if (!whole) await unlink(partial).catch(() => {});
  }
};
