import nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps compiled code between starts, which saves most of the time that loading takes. Call it before anything large
 * is imported. In a directory of the user's own: what is in there is executed. Without one that can be written,
 * nothing is kept.
 */
export const keepCompiledCode = (env: Readonly<Record<string, string | undefined>>): void => {
  const caches = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  nodeModule.enableCompileCache(join(caches, 'midwatch', 'code'));
};

/** Writes now what would be written when the thread ends: a worker that is terminated does not get that far. */
export const writeCompiledCode = (): void => nodeModule.flushCompileCache();
