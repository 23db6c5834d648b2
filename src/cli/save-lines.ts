import { open, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';

/** Written at once; between two parts keys are heard. */
const part = 2000;

const pathOf = (path: string): string =>
  resolve(path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);

export interface Saved {
  readonly path: string;
  readonly lines: number;
}

const wordsOf = (cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'EEXIST':
      return 'there is a file of that name, and it is left as it is';
    case 'ENOENT':
      return 'there is no such folder';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be written there';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
};

/** Lines into a new file that only its owner may read. Nothing is overwritten, and nothing half-written is left. */
export const saveLines = async (
  path: string,
  lines: Iterable<string>,
  signal: AbortSignal,
): Promise<Result<Saved>> => {
  const whole = pathOf(path);
  let isOurs = false;
  try {
    const file = await open(whole, 'wx', 0o600);
    isOurs = true;
    let count = 0;
    try {
      let text = '';
      for (const line of lines) {
        text += `${line}\n`;
        count += 1;
        if (count % part !== 0) continue;
        signal.throwIfAborted();
        await file.writeFile(text);
        text = '';
      }
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return ok({ path: whole, lines: count });
  } catch (cause) {
    if (isOurs) await unlink(whole).catch(() => undefined);
    return failed(failure('broken', 'save lines', wordsOf(cause), { on: whole }));
  }
};
