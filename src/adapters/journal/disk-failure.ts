import { type Failure, failure } from '../../kernel/failure.ts';

const words: Readonly<Record<string, readonly [Failure['kind'], string, string?]>> = {
  ENOENT: ['absent', 'no such file or directory'],
  EACCES: ['forbidden', 'permission denied'],
  EPERM: ['forbidden', 'not permitted'],
  EEXIST: ['refused', 'the file exists already', 'choose another name, or overwrite it'],
  EISDIR: ['misconfigured', 'that is a directory'],
  ENOTDIR: ['misconfigured', 'part of the path is not a directory'],
  ENOSPC: ['broken', 'no space left on the disk', 'free some space: recording goes on by itself'],
  EDQUOT: ['broken', 'the disk quota is used up', 'free some space: recording goes on by itself'],
  EROFS: ['forbidden', 'the file system is read-only'],
  EIO: ['broken', 'the disk reports an input/output error'],
};

/** What the operating system said about a file, in words. */
export const diskFailure = (op: string, path: string, cause: unknown): Failure => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known = words[code];
  const message = known?.[1] ?? (cause instanceof Error ? cause.message : String(cause));
  const hint = known?.[2];
  return failure(known?.[0] ?? 'broken', op, message, {
    on: path,
    ...(hint === undefined ? {} : { hint }),
  });
};
