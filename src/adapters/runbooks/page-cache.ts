import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, epochMs, mib } from '../../kernel/units.ts';

/** Pages that are kept; the one that was fetched longest ago goes first. */
export const pagesKept = 500;

const pageSchema = z.object({
  url: z.string().max(4000),
  etag: z.string().max(200),
  fetchedAt: z.number().int().nonnegative(),
  text: z.string().max(mib(1)),
});

/** A copy of a page. */
export interface CachedPage {
  readonly url: string;
  readonly etag: string;
  /** When it was last known to be what the server has. */
  readonly fetchedAt: EpochMs;
  readonly text: string;
}

export interface PageCache {
  /** Null when there is no copy, or it cannot be read. */
  get(url: string): Promise<CachedPage | null>;
  /** Whole or not at all: two programs may write at the same time. */
  put(page: CachedPage): Promise<Result<void>>;
}

const nameOf = (url: string): string => `${createHash('sha256').update(url).digest('hex')}.json`;

/** Copies of pages in a folder, one file each. The folder is made when the first page is kept. */
export const openPageCache = (directory: string): PageCache => {
  const prune = async (): Promise<void> => {
    const names = (await readdir(directory)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
    if (names.length <= pagesKept) return;
    const aged = await Promise.all(
      names.map(async (name) => {
        const about = await stat(join(directory, name)).catch(() => null);
        return { name, at: about?.mtimeMs ?? 0 };
      }),
    );
    aged.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
    for (const { name } of aged.slice(0, names.length - pagesKept)) {
      await rm(join(directory, name), { force: true });
    }
  };
  return {
    get: async (url) => {
      try {
        const path = join(directory, nameOf(url));
        if ((await stat(path)).size > 8 * mib(1)) return null;
        const read = pageSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
        // Another address with the same name would be a forgery.
        if (!read.success || read.data.url !== url) return null;
        return { ...read.data, fetchedAt: epochMs(read.data.fetchedAt) };
      } catch {
        return null;
      }
    },
    put: async (page) => {
      const path = join(directory, nameOf(page.url));
      const half = `${path}.${randomUUID()}`;
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const file = await open(half, 'wx', 0o600);
        try {
          await file.writeFile(JSON.stringify(page));
        } finally {
          await file.close();
        }
        await rename(half, path);
        await prune();
        return ok(undefined);
      } catch (error) {
        await rm(half, { force: true }).catch(() => {});
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        return failed(
          failure('misconfigured', 'keep a copy of a runbook', `it cannot be written (${code})`, {
            on: directory,
          }),
        );
      }
    },
  };
};
