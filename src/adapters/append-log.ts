import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { everywhere, type Signal } from '../kernel/fact.ts';
import { type Failure, failed, failure, ok, type Result } from '../kernel/failure.ts';
import type { SourcePort } from '../kernel/ports.ts';
import { type Bytes, seconds } from '../kernel/units.ts';
import { diskFailure } from './journal/disk-failure.ts';
import type { JsonLines } from './json-lines.ts';
import { type OlderLines, olderLines } from './older-lines.ts';

/** How soon one sees what others on this machine have written. Own lines are seen at once. */
const pollEvery = seconds(2);
const lineEnd = 0x0a;
const onlyOwner = { directory: 0o700, file: 0o600 } as const;

export interface AppendLogOptions<T> {
  /** Made with its directory when something is put for the first time. */
  readonly path: string;
  readonly clock: Clock;
  readonly lines: JsonLines<T>;
  /** How lines get to the end of the file, where that takes more than one write. */
  readonly append?: (values: readonly T[]) => Promise<Result<void>>;
  /** Of a larger file only this much of its end is read. Nothing is ever rewritten, since others may be appending. */
  readonly window: Bytes;
  /** What before the window counts all the same; without it nothing. */
  readonly older?: OlderLines;
  /** What is being done, for failures. */
  readonly ops: { readonly put: string; readonly read: string };
}

/** A file of lines that several programs read and append to at the same time. */
export interface AppendLog<T> {
  readonly port: SourcePort<T>;
  /**
   * Appends them, with nothing of others between them. Resolves when they would survive the loss of power, or with the
   * reason why they will not.
   */
  put(values: readonly T[]): Promise<Result<void>>;
}

const diskWords = (op: string, path: string, cause: unknown): Failure => {
  const { hint: _, ...words } = diskFailure(op, path, cause);
  return words;
};

/** The name of a new file must survive the loss of power too. Some file systems cannot sync a directory. */
const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(dirname(path), 'r');
  await directory.sync().catch(() => undefined);
  await directory.close();
};

const append = async (path: string, op: string, lines: Buffer): Promise<Result<void>> => {
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: onlyOwner.directory });
    // One write at the end of the file: lines of several programs never mix.
    file = await open(path, 'a', onlyOwner.file);
    const isNew = (await file.stat()).size === 0;
    const { bytesWritten } = await file.write(lines);
    await file.sync();
    if (isNew) await syncDirectory(path);
    return bytesWritten === lines.length
      ? ok(undefined)
      : failed(failure('broken', op, 'no space left for all of it', { on: path }));
  } catch (cause) {
    return failed(diskWords(op, path, cause));
  } finally {
    await file?.close();
  }
};

interface Place {
  /** Which file it was: device and inode. */
  readonly file: string;
  readonly offset: number;
}

interface Look<T> {
  readonly place: Place;
  readonly all: readonly T[];
}

const nowhere: Place = { file: '', offset: 0 };

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

/** What has come since the last look. A file that is another one, or has become shorter, is read from its beginning. */
const look = async <T>(
  { path, lines, window, older, ops }: AppendLogOptions<T>,
  was: Place,
): Promise<Result<Look<T>>> => {
  const op = ops.read;
  let handle: FileHandle | undefined;
  try {
    // Not to wait for the other end, should it be a pipe.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) {
      return failed(failure('misconfigured', op, 'that is no regular file', { on: path }));
    }
    const file = `${stat.dev}:${stat.ino}`;
    const from = was.file === file && was.offset <= stat.size ? was.offset : 0;
    const start = Math.max(from, stat.size - window);
    if (start === stat.size) return ok({ place: { file, offset: start }, all: [] });
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(stat.size - start),
      position: start,
    });
    const { all, length } = lines.read(buffer.subarray(0, bytesRead), start > from);
    const place = { file, offset: start + length };
    if (older === undefined || start === from) return ok({ place, all });
    const oldest = Math.max(from, start - older.most);
    // Up to the end of the line that the window begins in: what is before it in the window is passed over there.
    const cut = start + Math.max(0, buffer.indexOf(lineEnd)) + 1;
    const range = { from: oldest, to: cut, within: oldest > from, most: window };
    const before = lines.read(await olderLines(handle, range, older), false);
    return ok({ place, all: [...before.all, ...all] });
  } catch (cause) {
    return isAbsent(cause) ? ok({ place: nowhere, all: [] }) : failed(diskWords(op, path, cause));
  } finally {
    await handle?.close();
  }
};

/** Ends a wait early, for all that wait at that moment. */
class Bell {
  readonly #waiting = new Set<AbortController>();

  ring(): void {
    for (const wait of this.#waiting) wait.abort();
  }

  /** Resolves when the bell rings, after the poll interval, or when the signal aborts. */
  async wait(clock: Clock, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const wait = new AbortController();
    const end = () => wait.abort();
    this.#waiting.add(wait);
    signal.addEventListener('abort', end, { once: true });
    await clock.sleep(pollEvery, wait.signal);
    signal.removeEventListener('abort', end);
    this.#waiting.delete(wait);
  }
}

/** Opens nothing yet: a file that cannot be read or written is a signal, or a failed `put`. */
export const openAppendLog = <T>(options: AppendLogOptions<T>): AppendLog<T> => {
  const { path, clock, lines, ops } = options;
  const bell = new Bell();
  let puts = 0;
  let last: Promise<unknown> = Promise.resolve();

  const watch: SourcePort<T>['watch'] = async (emit, signal) => {
    let place = nowhere;
    let told: string | null = null;
    while (!signal.aborted) {
      const seen = puts;
      const found = await look(options, place);
      if (signal.aborted) return;
      const signals: Signal<T>[] = [];
      if (found.ok) {
        place = found.value.place;
        for (const data of found.value.all) {
          signals.push({ kind: 'observed', scope: everywhere, data });
        }
        if (told !== '') signals.push({ kind: 'synced', scope: everywhere });
        told = '';
      } else {
        const words = JSON.stringify(found.failure);
        if (told !== words) {
          signals.push({ kind: 'failed', scope: everywhere, failure: found.failure });
        }
        told = words;
      }
      if (signals.length > 0) emit(signals);
      // Put while the file was being read: it may have been too late for that.
      if (seen === puts) await bell.wait(clock, signal);
    }
  };

  return {
    port: { watch },
    put: (values) => {
      const write = options.append ?? ((all) => append(path, ops.put, lines.bytesOf(all)));
      const done = last.then(async () => {
        const result = await write(values);
        puts += 1;
        bell.ring();
        return result;
      });
      last = done;
      return done;
    },
  };
};
