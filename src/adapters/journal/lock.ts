import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { diskFailure } from './disk-failure.ts';

export interface Lock {
  release(): Promise<void>;
}

const op = 'lock recording';
const ours = (): string => JSON.stringify({ pid: process.pid, host: hostname() });

/**
 * Takes `path`.lock, so that two programs do not write one recording. A lock whose process is gone is taken over;
 * one from another host, on a shared file system, cannot be judged and stands.
 */
export const takeLock = async (path: string): Promise<Result<Lock>> => {
  const lock = `${path}.lock`;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const file = await open(lock, 'wx', 0o600);
      await file.writeFile(ours());
      await file.close();
      return ok({ release: () => rm(lock, { force: true }) });
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) return failed(diskFailure(op, lock, cause));
    }
    const holder = await readFile(lock, 'utf8').catch(() => null);
    if (holder === null) continue;
    const why = held(holder);
    if (why !== null) {
      const hint = `end that recording, or remove ${lock} if nothing records there`;
      return failed(failure('refused', op, why, { on: path, hint }));
    }
    await removeStale(lock, holder);
  }
  return failed(failure('refused', op, 'others are taking the lock at this moment', { on: path }));
};

/** Who holds the lock, in words; null when nobody does any more. */
const held = (holder: string): string | null => {
  let said: { pid?: unknown; host?: unknown };
  try {
    said = JSON.parse(holder) ?? {};
  } catch {
    // Written a moment ago and not filled yet, or by a machine that lost power: not ours to judge by its content.
    return holder === '' ? 'another process is beginning to record there' : null;
  }
  if (typeof said.pid !== 'number') return null;
  if (said.host !== hostname()) return `process ${said.pid} on ${String(said.host)} records there`;
  return isAlive(said.pid) ? `process ${said.pid} records there` : null;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return isCode(cause, 'EPERM');
  }
};

/**
 * Moves the stale lock aside under a name of our own, and looks at what was moved: another process may have been
 * quicker, and then it is its new lock, which goes back.
 */
const removeStale = async (lock: string, holder: string): Promise<void> => {
  const aside = `${lock}.${process.pid}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8').catch(() => holder)) !== holder) {
    await link(aside, lock).catch(() => undefined);
  }
  await rm(aside, { force: true });
};

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;
