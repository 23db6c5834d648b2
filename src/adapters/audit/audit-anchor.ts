import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { failed, ok, type Result } from '../../kernel/failure.ts';
import { diskFailure } from '../journal/disk-failure.ts';
import { syncDirectoryOf } from './audit-append.ts';

const anchorSchema = z.object({
  chain: z.string(),
  seq: z.number().int().positive(),
  sha256: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** Absolute path of the audit. */
  file: z.string(),
});

/** What a chain was like at a time, kept elsewhere: who rewrites the chain has to rewrite this too. */
export type AuditAnchor = Readonly<z.infer<typeof anchorSchema>>;

/** Resolves when it would survive the loss of power. */
export const putAnchor = async (path: string, anchor: AuditAnchor): Promise<Result<void>> => {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    try {
      const isNew = (await file.stat()).size === 0;
      // The line end before it keeps it whole where somebody was killed within a line.
      await file.write(`\n${JSON.stringify(anchor)}\n`);
      await file.sync();
      if (isNew) await syncDirectoryOf(path);
      return ok(undefined);
    } finally {
      await file.close();
    }
  } catch (cause) {
    return failed(diskFailure('seal the audit', path, cause));
  }
};

/** Of a text; lines that are torn or of others are passed over. */
export const readAnchorText = (text: string): readonly AuditAnchor[] =>
  text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      return anchorSchema.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });

/** Every seal of a file; [] when there is no such file. */
export const readAnchors = async (path: string): Promise<Result<readonly AuditAnchor[]>> => {
  try {
    return ok(readAnchorText(await readFile(path, 'utf8')));
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return absent ? ok([]) : failed(diskFailure('read the seals of the audit', path, cause));
  }
};
