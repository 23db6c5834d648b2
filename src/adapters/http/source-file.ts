import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';

/** A file that a source needs, with its part in words: `client key`. */
export interface SourceFile {
  readonly part: string;
  readonly path: string;
}

/** The user that this process runs as, as a failure names it: `user 1000`. */
export const thisUser = (): string => {
  const id = process.geteuid?.();
  if (id !== undefined) return `user ${id}`;
  try {
    return `user ${userInfo().username}`;
  } catch {
    return 'this user';
  }
};

/** Why a file could not be read, naming the file, its part and the user. */
export const fileFailure = ({ part, path }: SourceFile, error: unknown, user: string): Failure => {
  const code = (error as NodeJS.ErrnoException).code;
  const on = { on: path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure('misconfigured', `read the ${part}`, `the ${part} file does not exist`, {
        ...on,
        hint: 'correct the path; the file may be on another machine',
      });
    case 'EACCES':
    case 'EPERM':
      return failure(
        'misconfigured',
        `read the ${part}`,
        `the ${part} file may not be read by ${user}`,
        {
          ...on,
          hint: `let ${user} read it, or name a copy that it may read`,
        },
      );
    default:
      return failure(
        'misconfigured',
        `read the ${part}`,
        `the ${part} file cannot be read (${code ?? 'unknown error'})`,
        on,
      );
  }
};

export const readSourceFile = async (file: SourceFile): Promise<Result<string>> => {
  try {
    return ok(await readFile(file.path, 'utf8'));
  } catch (error) {
    return failed(fileFailure(file, error, thisUser()));
  }
};

/** Differs after a file was written, replaced, or made readable or unreadable. Follows symbolic links. */
const stampOf = async (path: string): Promise<string> => {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${ino}/${size}/${mtimeMs}/${ctimeMs}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
};

export const stampsOf = async (paths: readonly string[]): Promise<string> =>
  (await Promise.all(paths.map(stampOf))).join(' ');
