import { rmSync, statSync, writeFileSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { readJson } from './run-dir.ts';
import { waitFor } from './wait.ts';

const HOUR_MS = 3_600_000;

const tryLock = (path: string): boolean => {
  try {
    writeFileSync(path, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
};

const ageMs = (path: string): number => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
};

const holderIsDead = (path: string): boolean => {
  try {
    return !isAlive(readJson<ProcessIdentity>(path));
  } catch {
    // Just created and not yet written, or just removed; unless its holder was killed in between.
    return ageMs(path) > 60_000;
  }
};

/**
 * Runs `work` while holding the lock file. A lock whose holder was killed is taken over.
 * @throws after an hour of waiting for a holder that lives.
 */
export const withFileLock = async <T>(
  path: string,
  onWait: () => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  if (!tryLock(path)) {
    onWait();
    await waitFor(
      { until: `${path} is released`, timeoutMs: HOUR_MS, everyMs: 500 },
      () => {
        if (holderIsDead(path)) rmSync(path, { force: true });
        return tryLock(path);
      },
      signal,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
};
