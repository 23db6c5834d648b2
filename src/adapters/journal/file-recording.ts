import type { Entry, ProbeId } from '../../kernel/fact.ts';
import { ok, type Result } from '../../kernel/failure.ts';
import type { AnyProbe } from '../../kernel/probe.ts';
import { clampRevision, type Recording } from '../../kernel/recording.ts';
import { type EpochMs, epochMs, type Revision, revision } from '../../kernel/units.ts';
import { loadWorld, type World } from '../../kernel/world.ts';
import { type ByteSource, openSource } from './byte-source.ts';
import { decodeEntries, parseClean, unpack } from './codec.ts';
import { blockHeaderSize, lastOf } from './format.ts';
import { savedWorldSchema } from './saved-world.ts';
import { type Block, type Scan, scanBlocks } from './scan.ts';

interface DecodedBlock {
  readonly entries: readonly Entry[];
  /** Of each entry: the latest time up to and including it. */
  readonly times: readonly number[];
}

/** Decoded entries that are kept, so that stepping about does not unpack the same blocks again. */
const entriesKept = 20_000;

/** A recording in a file, indexed by its headers; blocks are unpacked when they are needed. */
export class FileRecording implements Recording {
  readonly path: string;
  readonly source: ByteSource;
  readonly scan: Scan;
  readonly probes: ReadonlyMap<ProbeId, AnyProbe>;
  readonly snapshots: readonly Revision[];
  readonly #decoded = new Map<Block, DecodedBlock>();
  readonly #unreadable = new Map<Block, number>();
  #kept = 0;

  constructor(
    path: string,
    source: ByteSource,
    scan: Scan,
    probes: ReadonlyMap<ProbeId, AnyProbe>,
  ) {
    this.path = path;
    this.source = source;
    this.scan = scan;
    this.probes = probes;
    const revs = new Set(
      scan.snapshots.flatMap(([part]) => (part === undefined ? [] : [part.rev])),
    );
    revs.delete(revision(0));
    this.snapshots = [...revs].sort((a, b) => a - b);
  }

  get base(): Revision {
    return this.scan.base;
  }

  get last(): Revision {
    return this.scan.last;
  }

  get startAt(): EpochMs {
    const [first] = this.scan.events;
    if (this.base > 0 || first === undefined) return this.scan.baseTime;
    return this.#decode(0).entries[0]?.at ?? first.time;
  }

  get endAt(): EpochMs {
    return this.scan.events.at(-1)?.time ?? this.scan.baseTime;
  }

  /** Entries met so far that could not be read; see `verify` for all of them. */
  get unreadable(): number {
    let all = 0;
    for (const n of this.#unreadable.values()) all += n;
    return all;
  }

  entries(from: Revision, to: Revision): readonly Entry[] {
    const start = Math.max(from, this.base + 1);
    const end = Math.min(to, this.last);
    const found: Entry[] = [];
    if (start > end) return found;
    for (let i = this.#blockOf(start); i < this.scan.events.length; i += 1) {
      const block = this.scan.events[i] as Block;
      if (block.rev > end) break;
      const { entries } = this.#decode(i);
      const inside = entries.slice(Math.max(0, start - block.rev), end - block.rev + 1);
      for (const entry of inside) found.push(entry);
    }
    return found;
  }

  timeOf(rev: Revision): EpochMs {
    const at = clampRevision(this, rev);
    if (at === this.base) return this.startAt;
    const i = this.#blockOf(at);
    const block = this.scan.events[i] as Block;
    return epochMs(this.#decode(i).times[at - block.rev] ?? block.time);
  }

  revisionAt(time: EpochMs): Revision {
    const { events } = this.scan;
    // The block that holds the first entry after `time`: the last one wanted is just before that.
    const i = firstIndex(events.length, (n) => (events[n] as Block).time > time);
    const block = events[i];
    if (block === undefined) return this.last;
    const { times } = this.#decode(i);
    const within = firstIndex(times.length, (n) => (times[n] as number) > time);
    return clampRevision(this, block.rev + within - 1);
  }

  snapshot(rev: Revision): World | null {
    const saved = this.savedWorld(rev);
    if (saved === null) return null;
    try {
      return loadWorld(this.probes, saved);
    } catch {
      return null;
    }
  }

  /** The world of a snapshot as it was saved; null when it cannot be read. */
  savedWorld(rev: Revision): unknown {
    const parts = this.scan.snapshots.find(([part]) => part?.rev === rev);
    if (parts === undefined) return null;
    const texts: Buffer[] = [];
    for (const part of parts) {
      const text = unpack(this.payload(part));
      if (!text.ok) return null;
      texts.push(text.value);
    }
    const [only] = texts;
    const json = only !== undefined && texts.length === 1 ? only : Buffer.concat(texts);
    const parsed = savedWorldSchema.safeParse(parseClean(json.toString('utf8')));
    return parsed.success && parsed.data.rev === rev ? parsed.data : null;
  }

  payload(block: Block): Buffer {
    return this.source.read(block.offset + blockHeaderSize, block.length);
  }

  close(): void {
    this.source.close();
  }

  /** Index of the block that holds a revision, or of the one after it. */
  #blockOf(rev: number): number {
    const { events } = this.scan;
    return firstIndex(events.length, (n) => lastOf(events[n] as Block) >= rev);
  }

  #decode(index: number): DecodedBlock {
    const block = this.scan.events[index] as Block;
    const kept = this.#decoded.get(block);
    if (kept !== undefined) return kept;
    const before = this.scan.events[index - 1]?.time ?? this.scan.baseTime;
    const read = decodeEntries(block, this.payload(block), this.probes, before);
    let latest: number = before;
    const times = read.entries.map(({ at }) => {
      latest = Math.max(latest, at);
      return latest;
    });
    const decoded = { entries: read.entries, times };
    this.#unreadable.set(block, read.unreadable);
    this.#keep(block, decoded);
    return decoded;
  }

  #keep(block: Block, decoded: DecodedBlock): void {
    this.#decoded.set(block, decoded);
    this.#kept += block.count;
    for (const [oldest] of this.#decoded) {
      if (this.#kept <= entriesKept || oldest === block) break;
      this.#decoded.delete(oldest);
      this.#kept -= oldest.count;
    }
  }
}

/** Opens a recording at its longest valid prefix; `info` tells what was left out. */
export const openRecording = (path: string, probes: readonly AnyProbe[]): Result<FileRecording> => {
  const source = openSource(path);
  return source.ok ? openBytes(path, source.value, probes) : source;
};

export const openBytes = (
  path: string,
  source: ByteSource,
  probes: readonly AnyProbe[],
): Result<FileRecording> => {
  const scan = scanBlocks(source, path);
  if (!scan.ok) {
    source.close();
    return scan;
  }
  const known = new Map(probes.map((probe) => [probe.id, probe]));
  return ok(new FileRecording(path, source, scan.value, known));
};

/** First index in 0..n-1 for which the condition holds, given that it holds for all after it; n when for none. */
const firstIndex = (n: number, holds: (index: number) => boolean): number => {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};
