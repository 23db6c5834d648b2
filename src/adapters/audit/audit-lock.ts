import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { milliseconds, seconds } from '../../kernel/units.ts';
import { diskFailure } from '../journal/disk-failure.ts';
import { lifeOf, thisProcess } from './process-identity.ts';

export interface AuditLock {
  release(): Promise<void>;
}

const op = 'lock the audit';
/** It is held for one write, which takes milliseconds; a slow disk takes longer. */
const patience = seconds(10);
const pause = milliseconds(5);
/** Who clears away the lock of a dead process may be killed too, and so may the next one. */
const deepest = 4;

const tokenSchema = z.object({
  pid: z.number(),
  host: z.string(),
  start: z.string(),
  /** No two locks are equal. */
  nonce: z.string(),
});

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;

/** The lock with what is in it, or nothing: never a lock that is still empty. */
const create = async (path: string): Promise<boolean> => {
  const nonce = randomUUID();
  const own = `${path}.${nonce}`;
  try {
    await writeFile(own, JSON.stringify({ ...thisProcess(), nonce }), { mode: 0o600, flag: 'wx' });
    await link(own, path);
    return true;
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw cause;
  } finally {
    await rm(own, { force: true });
  }
};

const readText = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    if (isCode(cause, 'ENOENT')) return null;
    throw cause;
  });

type Token = z.infer<typeof tokenSchema>;

const tokenIn = (text: string): Token | null => {
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** A lock always comes with what is in it: one that cannot be read is what a loss of power has left. */
const isDead = (text: string): boolean => {
  const token = tokenIn(text);
  return token === null || lifeOf(token) === 'dead';
};

/**
 * Removes the lock of a dead process. Only who holds the right to remove this very lock does, so that a new lock under
 * the same name, taken meanwhile, is never removed.
 */
const clear = async (path: string, text: string, depth: number): Promise<void> => {
  if (depth >= deepest) return;
  const which = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const right = `${path}.${which}.clear`;
  if (!(await attempt(right, depth + 1))) return;
  try {
    if ((await readText(path)) === text) await rm(path, { force: true });
  } finally {
    await rm(right, { force: true });
  }
};

/** True when the lock is ours now. */
const attempt = async (path: string, depth: number): Promise<boolean> => {
  if (await create(path)) return true;
  const text = await readText(path);
  if (text !== null && isDead(text)) await clear(path, text, depth);
  return false;
};

const holderText = (text: string | null): string => {
  const token = text === null ? null : tokenIn(text);
  return token === null ? 'somebody' : `process ${token.pid} on ${token.host}`;
};

/** Waits for `path`.lock, at most ten seconds. A holder that is dead does not keep it. */
export const takeAuditLock = async (
  path: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<AuditLock>> => {
  const lock = `${path}.lock`;
  const until = clock.now() + patience;
  try {
    for (;;) {
      if (await attempt(lock, 0)) return ok({ release: () => rm(lock, { force: true }) });
      if (signal.aborted) return failed(failure('ended', op, 'it was given up', { on: path }));
      if (clock.now() >= until) break;
      await clock.sleep(pause, signal);
    }
    const holder = holderText(await readText(lock));
    return failed(
      failure('timeout', op, `${holder} has held the audit for ${patience / 1000} s`, {
        on: path,
        hint: `end that process, or remove ${lock} if it is gone`,
      }),
    );
  } catch (cause) {
    return failed(diskFailure(op, lock, cause));
  }
};
