import type { Clock } from '../../kernel/clock.ts';
import { type Failure, failed, failure, ok, type Result } from '../../kernel/failure.ts';
import type { Journal } from '../../kernel/journal.ts';
import type { Store } from '../../kernel/store.ts';
import {
  type Bytes,
  type EpochMs,
  milliseconds,
  type Revision,
  seconds,
} from '../../kernel/units.ts';
import type { World } from '../../kernel/world.ts';
import { Backlog } from './backlog.ts';
import { eventsBlock, metaBlock, nextBlock, snapshotBlocks } from './block-text.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { diskFailure } from './disk-failure.ts';
import { type Lock, takeLock } from './lock.ts';
import type { About } from './meta.ts';
import { RecordingWriter } from './recording-writer.ts';

export interface RecorderOptions {
  readonly path: string;
  readonly journal: Journal;
  readonly store: Store;
  readonly clock: Clock;
  /** Name and version, for `info`. */
  readonly program: string;
  readonly about?: About;
  /** Replace a file of that name. Otherwise it is refused: a recording that has ended is never continued. */
  readonly overwrite?: boolean;
  /** Above this the oldest entries go, up to a snapshot. */
  readonly maxSize?: Bytes;
  /** Facts between two snapshots, at least. */
  readonly snapshotEvery?: number;
  readonly onStatus?: (status: RecorderStatus) => void;
  readonly disk?: Disk;
}

interface Progress {
  readonly path: string;
  /** All entries up to this revision are safe. */
  readonly acknowledged: Revision;
  /** Entries that are not. */
  readonly unsafe: number;
  readonly size: Bytes;
  /** Why the file could not be made smaller, though it should have been. */
  readonly oversized: Failure | null;
}

/**
 * `failing`: the disk refuses; it is tried again, and entries wait in memory. `stopped`: more came than can wait, or
 * the disk still refused at the end; what is in the file stays good. `ended`: in order, with everything safe.
 */
export type RecorderStatus = Progress &
  (
    | { readonly kind: 'recording' | 'ended' }
    | { readonly kind: 'failing'; readonly since: EpochMs; readonly failure: Failure }
    | { readonly kind: 'stopped'; readonly failure: Failure }
  );

/** About what a seek folds in a tenth of a second. */
const factsPerSnapshot = 10_000;
const longestRetry = seconds(30);
const op = 'write recording';

/** What a recorder works with, made by `openRecorder`. */
interface Parts {
  readonly writer: RecordingWriter;
  readonly lock: Lock;
  readonly backlog: Backlog;
  readonly watching: AbortController;
  readonly world: World;
  readonly snapshotSize: number;
}

/** Writes a journal to a file as it grows. One loop does all the writing. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #parts: Parts;
  #acknowledged: Revision;
  #time: EpochMs;
  #trouble: { readonly since: EpochMs; readonly failure: Failure } | null = null;
  #oversized: Failure | null = null;
  /** Size above which shrinking is tried again. */
  #shrinkAt = 0;
  #snapshot: { readonly rev: Revision; readonly size: number };
  /** Text written since the last snapshot. */
  #sinceSnapshot = 0;
  /** A world that waits until all its entries are safe: a snapshot must not be ahead of its log. */
  #candidate: World | null = null;

  constructor(options: RecorderOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.#acknowledged = parts.world.rev;
    this.#time = parts.world.at;
    this.#snapshot = { rev: parts.world.rev, size: parts.snapshotSize };
  }

  /** Records until the signal aborts; resolves when everything that could be written is, and the file is closed. */
  async run(signal: AbortSignal): Promise<RecorderStatus> {
    const { backlog, watching, writer, lock } = this.#parts;
    try {
      this.#tell();
      while (!signal.aborted && !backlog.overflowed) {
        await backlog.due(this.#options.clock, signal);
        if (!signal.aborted) await this.#drain(signal);
      }
      watching.abort();
      return await this.#finish(signal);
    } finally {
      watching.abort();
      await writer.close().catch(() => undefined);
      await lock.release().catch(() => undefined);
    }
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const { backlog } = this.#parts;
    for (;;) {
      const block = nextBlock(backlog.entries, this.#time);
      if (block === null) return;
      if (!(await this.#persist([await eventsBlock(block)], signal))) return;
      backlog.drop(block.count);
      this.#acknowledged = block.last.rev;
      this.#time = block.time;
      this.#sinceSnapshot += block.text.length;
      await this.#takeSnapshot(signal);
      await this.#shrink();
      this.#tell();
    }
  }

  /** Tries until it is done. False when it is given up: on abort, after one try, or when too much waits. */
  async #persist(blocks: readonly Buffer[], signal: AbortSignal): Promise<boolean> {
    const { clock, path } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#parts.writer.append(blocks);
        this.#trouble = null;
        return true;
      } catch (cause) {
        const since = this.#trouble?.since ?? clock.now();
        this.#trouble = { since, failure: diskFailure(op, path, cause) };
        this.#tell();
      }
      if (!signal.aborted) {
        await clock.sleep(milliseconds(Math.min(longestRetry, 1000 * 2 ** attempt)), signal);
      }
      if (signal.aborted || this.#parts.backlog.overflowed) return false;
    }
  }

  /**
   * A snapshot is due after so many facts, and not before as much text as it has itself: so snapshots are at most
   * half of a recording, also while the first list of a large cluster arrives.
   */
  async #takeSnapshot(signal: AbortSignal): Promise<void> {
    const { store, snapshotEvery = factsPerSnapshot } = this.#options;
    const world = store.world();
    const facts = world.rev - this.#snapshot.rev;
    const due = facts >= snapshotEvery || (facts > 0 && this.#shrinkAt > 0);
    if (due && this.#sinceSnapshot >= this.#snapshot.size) this.#candidate ??= world;
    const candidate = this.#candidate;
    if (candidate === null || candidate.rev > this.#acknowledged) return;
    const { blocks, size } = await snapshotBlocks(store.probes, candidate);
    if (!(await this.#persist(blocks, signal))) return;
    this.#candidate = null;
    this.#snapshot = { rev: candidate.rev, size };
    this.#sinceSnapshot = 0;
  }

  async #shrink(): Promise<void> {
    const { maxSize, path } = this.#options;
    const { writer } = this.#parts;
    if (maxSize === undefined || writer.size <= Math.max(maxSize, this.#shrinkAt)) return;
    try {
      const shrunk = await writer.shrink(maxSize);
      this.#shrinkAt = shrunk ? 0 : writer.size + maxSize / 20;
      if (shrunk) this.#oversized = null;
    } catch (cause) {
      this.#shrinkAt = writer.size + maxSize / 20;
      this.#oversized = diskFailure('shrink recording', path, cause);
    }
  }

  async #finish(signal: AbortSignal): Promise<RecorderStatus> {
    const { backlog } = this.#parts;
    if (!backlog.overflowed) {
      await this.#drain(signal);
      const end = await metaBlock({ kind: 'ended', at: this.#options.clock.now() });
      if (backlog.entries.length === 0 && (await this.#persist([end], signal))) {
        return this.#tell({ kind: 'ended' });
      }
    }
    const tooMuch = failure('broken', op, 'the disk does not keep up: too many entries wait');
    return this.#tell({ kind: 'stopped', failure: this.#trouble?.failure ?? tooMuch });
  }

  #tell(last?: { kind: 'ended' } | { kind: 'stopped'; failure: Failure }): RecorderStatus {
    const { path, journal, onStatus } = this.#options;
    const status: RecorderStatus = {
      path,
      acknowledged: this.#acknowledged,
      unsafe: journal.head - this.#acknowledged,
      size: this.#parts.writer.size,
      oversized: this.#oversized,
      ...(last ??
        (this.#trouble === null ? { kind: 'recording' } : { kind: 'failing', ...this.#trouble })),
    };
    onStatus?.(status);
    return status;
  }
}

/**
 * Creates the file. A recording that begins in mid-session begins with the world as it is, so that it tells all.
 * From here on nothing that is appended to the journal is missed.
 */
export const openRecorder = async (options: RecorderOptions): Promise<Result<Recorder>> => {
  const { path, journal, store, clock, program, disk = nodeDisk } = options;
  const lock = await takeLock(path);
  if (!lock.ok) return lock;
  const watching = new AbortController();
  try {
    store.flush();
    const world = store.world();
    const backlog = new Backlog();
    const gone = journal.watch(world.rev, (entries) => backlog.push(entries), watching.signal);
    if (gone !== null) throw new Error(`the journal no longer has what came before ${gone.oldest}`);
    if (options.overwrite === true) await disk.remove(path);
    const began = await metaBlock({ kind: 'began', program, at: clock.now(), ...options.about });
    const start = world.rev === 0 ? null : await snapshotBlocks(store.probes, world);
    const first = [began, ...(start?.blocks ?? [])];
    const writer = await RecordingWriter.create(disk, path, first, world.rev);
    const snapshotSize = start?.size ?? 0;
    return ok(
      new Recorder(options, { writer, lock: lock.value, backlog, watching, world, snapshotSize }),
    );
  } catch (cause) {
    watching.abort();
    await lock.value.release().catch(() => undefined);
    return failed(diskFailure('create recording', path, cause));
  }
};

/** Records the journal into a file until the signal aborts, and says how it ended. */
export const record = async (
  options: RecorderOptions,
  signal: AbortSignal,
): Promise<Result<RecorderStatus>> => {
  const recorder = await openRecorder(options);
  return recorder.ok ? ok(await recorder.value.run(signal)) : recorder;
};
