import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { SourcePort } from '../kernel/ports.ts';
import type { RunFact } from '../kernel/run-fact.ts';
import { mib } from '../kernel/units.ts';
import { openAppendLog } from './append-log.ts';
import { diskFailure } from './journal/disk-failure.ts';
import { runLines } from './run-lines.ts';

/** Some sixty outputs of the largest size, a thousand of usual ones. */
const window = mib(4);
/** Outputs are nearly all of the file. Without the older ones, a run still stands where it stood. */
const older = { without: '{"kind":"output"', most: mib(256) };

export interface RunsOptions {
  /** JSON lines; made with its directory when the first run begins. */
  readonly path: string;
  /** Directory for the texts of runbooks that runs follow, each under its hash. */
  readonly texts: string;
  readonly clock: Clock;
}

/** Runs of runbooks on this machine, which several programs walk at the same time. */
export interface Runs {
  readonly port: SourcePort<RunFact>;
  /** Resolves when they would survive the loss of power, or with the reason why they will not. */
  put(facts: readonly RunFact[]): Promise<Result<void>>;
  /** Keeps the text that a run follows; resolves with its hash when it would survive the loss of power. */
  keepText(text: string): Promise<Result<string>>;
  /** The text of a hash; `absent` when it was never kept or is not what it was. */
  textOf(hash: string): Promise<Result<string>>;
}

/** SHA-256 of the text, in hexadecimal digits: by it a run is bound to what it follows. */
export const runbookHash = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex');

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;

const textPath = (directory: string, hash: string): string => join(directory, `${hash}.md`);

const readText = async (directory: string, hash: string): Promise<Result<string>> => {
  const op = 'read the kept runbook';
  // It comes from a file, and names one.
  if (!/^[0-9a-f]{64}$/.test(hash))
    return failed(failure('absent', op, 'that is no hash of a text'));
  try {
    const text = await readFile(textPath(directory, hash), 'utf8');
    if (runbookHash(text) === hash) return ok(text);
    return failed(failure('absent', op, 'the kept text is not what it was', { on: hash }));
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) {
      return failed(
        failure('absent', op, 'the text that this run follows was not kept', { on: hash }),
      );
    }
    return failed(diskFailure(op, directory, cause));
  }
};

const sync = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  await directory.sync().catch(() => undefined);
  await directory.close();
};

/** Under another name first: whoever finds the name finds the whole text. */
const writeText = async (directory: string, hash: string, text: string): Promise<Result<void>> => {
  const path = textPath(directory, hash);
  const draft = join(directory, `.${hash}.${randomUUID()}`);
  let file: FileHandle | undefined;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    file = await open(draft, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
    await rename(draft, path);
    await sync(directory);
    return ok(undefined);
  } catch (cause) {
    await unlink(draft).catch(() => undefined);
    return failed(diskFailure('keep the runbook', directory, cause));
  } finally {
    await file?.close();
  }
};

/** Opens nothing yet: a file that cannot be read or written is a signal, or a failed `put`. */
export const openRuns = ({ path, texts, clock }: RunsOptions): Runs => {
  const ops = { put: 'write down the run', read: 'read runs' };
  const log = openAppendLog({ path, clock, lines: runLines, window, older, ops });
  return {
    ...log,
    textOf: (hash) => readText(texts, hash),
    keepText: async (text) => {
      const hash = runbookHash(text);
      const there = await readText(texts, hash);
      if (there.ok) return ok(hash);
      const written = await writeText(texts, hash, text);
      return written.ok ? ok(hash) : written;
    },
  };
};
