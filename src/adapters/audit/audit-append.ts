import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { diskFailure } from '../journal/disk-failure.ts';
import { takeAuditLock } from './audit-lock.ts';
import { type ChainHead, recordLine } from './audit-record.ts';
import { auditTail } from './audit-tail.ts';

const op = 'write the audit';
const directoryMode = 0o700;
const fileMode = 0o600;
const others = 0o077;
const never = new AbortController().signal;

/** The name of a new file must survive the loss of power too. Some file systems cannot sync a directory. */
export const syncDirectoryOf = async (path: string): Promise<void> => {
  const directory = await open(dirname(path), 'r');
  await directory.sync().catch(() => undefined);
  await directory.close();
};

/** Writes all of it, also where the system takes it in parts. */
const writeAll = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done);
    if (bytesWritten === 0) throw new Error('the file takes no more');
    done += bytesWritten;
  }
};

const appendLocked = async (
  path: string,
  facts: readonly unknown[],
): Promise<Result<ChainHead>> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'a+', fileMode);
    const stat = await file.stat();
    if (!stat.isFile()) {
      return failed(failure('misconfigured', op, 'that is no regular file', { on: path }));
    }
    if ((stat.mode & others) !== 0) await file.chmod(fileMode);
    const tail = await auditTail(file, stat.size, path);
    if (!tail.ok) return tail;
    let { head, torn } = tail.value;
    let text = tail.value.open ? '\n' : '';
    for (const fact of facts) {
      const made = recordLine(head, fact, torn);
      text += `${made.line}\n`;
      head = made.head;
      torn = 0;
    }
    await writeAll(file, Buffer.from(text, 'utf8'));
    await file.sync();
    if (stat.size === 0) await syncDirectoryOf(path);
    return ok(head);
  } catch (cause) {
    const { hint: _, ...words } = diskFailure(op, path, cause);
    return failed(words);
  } finally {
    await file?.close();
  }
};

/**
 * Appends facts to the chain, with nothing of others between them, and resolves with where it stands now when they would
 * survive the loss of power. Nothing is ever rewritten: after a failure some of them may stand there all the same.
 */
export const appendRecords = async (
  path: string,
  facts: readonly unknown[],
  clock: Clock,
): Promise<Result<ChainHead>> => {
  try {
    await mkdir(dirname(path), { recursive: true, mode: directoryMode });
  } catch (cause) {
    return failed(diskFailure(op, path, cause));
  }
  const lock = await takeAuditLock(path, clock, never);
  if (!lock.ok) return lock;
  try {
    return await appendLocked(path, facts);
  } finally {
    // A lock that cannot be removed is told by the next who waits for it.
    await lock.value.release().catch(() => undefined);
  }
};
