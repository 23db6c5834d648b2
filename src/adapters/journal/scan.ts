import zlib from 'node:zlib';
import { failed, failure, ok, type Result } from '../../kernel/failure.ts';
import { type EpochMs, epochMs, noRevision, type Revision } from '../../kernel/units.ts';
import type { ByteSource } from './byte-source.ts';
import {
  type BlockHeader,
  blockHeaderSize,
  blockMagic,
  decodeBlockHeader,
  fileHeaderSize,
  formatVersion,
  lastOf,
  readFileHeader,
} from './format.ts';

export interface Block extends BlockHeader {
  /** Of its header, from the start of the file. */
  readonly offset: number;
}

/** What stands in the file behind the last good block. */
export interface Lost {
  readonly bytes: number;
  readonly why: string;
  /** A block further on whose header is whole says that entries existed at least up to here. */
  readonly upTo: Revision | null;
}

/** The longest valid prefix of a recording, block by block. */
export interface Scan {
  readonly base: Revision;
  readonly baseTime: EpochMs;
  readonly last: Revision;
  readonly events: readonly Block[];
  /** Each the parts of one world, in order. */
  readonly snapshots: readonly (readonly Block[])[];
  readonly meta: readonly Block[];
  /** Where the next block would be written. */
  readonly end: number;
  readonly lost: Lost | null;
  readonly damagedFileHeader: boolean;
}

/**
 * Reads all headers and checks all checksums, without unpacking anything.
 * Total: any bytes give a prefix, if only an empty one, unless nothing says that this is a recording.
 */
export const scanBlocks = (source: ByteSource, path: string): Result<Scan> => {
  const op = 'open recording';
  const start = readFileHeader(source.read(0, fileHeaderSize));
  if (start.kind === 'newer') {
    const message = `written by a newer version (format above ${formatVersion})`;
    return failed(failure('undecodable', op, message, { on: path, hint: 'update midwatch' }));
  }
  const damagedFileHeader = start.kind === 'damaged';
  if (
    damagedFileHeader &&
    decodeBlockHeader(source.read(fileHeaderSize, blockHeaderSize)) === null
  ) {
    return failed(failure('undecodable', op, 'not a recording of midwatch', { on: path }));
  }
  return ok({ ...new Scanner(source).run(), damagedFileHeader });
};

class Scanner {
  readonly #source: ByteSource;
  readonly #events: Block[] = [];
  readonly #snapshots: Block[][] = [];
  readonly #meta: Block[] = [];
  #parts: Block[] = [];
  #base: Revision | null = null;
  #baseTime = epochMs(0);
  #last = noRevision;
  #time = epochMs(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  run(): Omit<Scan, 'damagedFileHeader'> {
    let offset = fileHeaderSize;
    let why: string | null = null;
    while (offset < this.#source.size && why === null) {
      const header = decodeBlockHeader(this.#source.read(offset, blockHeaderSize));
      why = header === null ? this.#noHeader(offset) : this.#accept({ ...header, offset });
      if (header !== null && why === null) offset += blockHeaderSize + header.length;
    }
    const end = Math.min(offset, this.#source.size);
    return {
      base: this.#base ?? noRevision,
      baseTime: this.#baseTime,
      last: this.#last,
      events: this.#events,
      snapshots: this.#snapshots,
      meta: this.#meta,
      end,
      lost: why === null ? null : { bytes: this.#source.size - end, why, upTo: this.#beyond(end) },
    };
  }

  #noHeader(offset: number): string {
    return this.#source.size - offset < blockHeaderSize
      ? 'the file ends within a block'
      : 'a block header is damaged';
  }

  /** Why the block ends the valid prefix, or null when it belongs to it. */
  #accept(block: Block): string | null {
    const payload = this.#source.read(block.offset + blockHeaderSize, block.length);
    if (payload.length < block.length) return 'the file ends within a block';
    if (zlib.crc32(payload) !== block.crc) return 'the content of a block is damaged';
    const whole = this.#parts.length === 0;
    if (block.type === 'snapshot') return this.#acceptSnapshot(block);
    if (!whole) return 'a snapshot is not complete';
    if (block.type === 'events') return this.#acceptEvents(block);
    this.#meta.push(block);
    return null;
  }

  #acceptEvents(block: Block): string | null {
    const first = this.#events.length === 0;
    if (this.#base === null && block.rev !== 1) return 'the beginning is missing';
    // The first block after the world that a recording begins with may reach back behind it.
    const fits = first
      ? block.rev <= this.#last + 1 && lastOf(block) > this.#last
      : block.rev === this.#last + 1;
    if (!fits) return `revisions do not go on from ${this.#last}: the next block has ${block.rev}`;
    if (block.time < this.#time) return 'the time of a block lies before the one before it';
    this.#base ??= noRevision;
    this.#last = lastOf(block);
    this.#time = block.time;
    this.#events.push(block);
    return null;
  }

  #acceptSnapshot(block: Block): string | null {
    const [part] = this.#parts;
    if (part !== undefined && part.rev !== block.rev) return 'a snapshot is not complete';
    if (this.#events.length > 0 && block.rev > this.#last) return 'a snapshot is ahead of its log';
    if (this.#base !== null && block.rev < this.#base)
      return 'a snapshot is older than the beginning';
    this.#parts.push(block);
    if (block.more) return null;
    if (this.#base === null) {
      this.#base = block.rev;
      this.#last = block.rev;
      this.#baseTime = block.time;
      this.#time = block.time;
    }
    this.#snapshots.push(this.#parts);
    this.#parts = [];
    return null;
  }

  /** The highest revision that a whole header behind the damage tells of. */
  #beyond(from: number): Revision | null {
    const window = 1 << 20;
    let found: Revision | null = null;
    for (let at = from; at < this.#source.size; at += window) {
      const bytes = this.#source.read(at, window + blockHeaderSize);
      for (let i = bytes.indexOf(blockMagic); i !== -1; i = bytes.indexOf(blockMagic, i + 1)) {
        const header = decodeBlockHeader(bytes.subarray(i, i + blockHeaderSize));
        if (header?.type !== 'events') continue;
        const last = lastOf(header);
        if (last > this.#last && (found === null || last > found)) found = last;
      }
    }
    return found;
  }
}
