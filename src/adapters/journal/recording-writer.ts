import { type Bytes, bytes, mib, type Revision } from '../../kernel/units.ts';
import type { Disk, DiskFile } from './disk.ts';
import { blockHeaderSize, decodeBlockHeader, fileHeader, fileHeaderSize } from './format.ts';
import { planTruncation, type Written } from './truncation.ts';

/** Appends blocks to one file, and rewrites it when it has grown too large. Rejects with the system's errors. */
export class RecordingWriter {
  readonly #disk: Disk;
  readonly #path: string;
  #file: DiskFile;
  #end = fileHeaderSize;
  #blocks: Written[] = [];
  #base: Revision;
  /** After a failed write the file may be longer than what is known to be good. */
  #ragged = false;

  private constructor(disk: Disk, path: string, file: DiskFile, base: Revision) {
    this.#disk = disk;
    this.#path = path;
    this.#file = file;
    this.#base = base;
  }

  /** Creates the file, with its header and first blocks durable. Leaves nothing behind when it fails. */
  static async create(
    disk: Disk,
    path: string,
    first: readonly Buffer[],
    base: Revision,
  ): Promise<RecordingWriter> {
    const file = await disk.create(path);
    const writer = new RecordingWriter(disk, path, file, base);
    try {
      await file.write(fileHeader(), 0);
      await writer.append(first);
      return writer;
    } catch (cause) {
      await file.close().catch(() => undefined);
      await disk.remove(path).catch(() => undefined);
      throw cause;
    }
  }

  get size(): Bytes {
    return bytes(this.#end);
  }

  /** Writes the blocks with one write, and resolves when they are durable. May be tried again after a failure. */
  async append(blocks: readonly Buffer[]): Promise<void> {
    const all = Buffer.concat(blocks);
    if (this.#ragged) await this.#file.truncate(this.#end);
    this.#ragged = true;
    await this.#file.write(all, this.#end);
    await this.#file.sync();
    this.#ragged = false;
    for (const block of blocks) this.#remember(block);
  }

  /**
   * Drops the oldest entries, up to a snapshot. The new file is complete and durable before it takes the place of
   * the old one, so an interruption leaves one or the other. False when there is nothing worth dropping.
   */
  async shrink(maxSize: Bytes): Promise<boolean> {
    const plan = planTruncation(this.#blocks, this.#base, maxSize);
    if (plan === null) return false;
    const temporary = `${this.#path}.tmp`;
    await this.#disk.remove(temporary);
    const file = await this.#disk.create(temporary);
    const moved: Written[] = [];
    let end = fileHeaderSize;
    try {
      await file.write(fileHeader(), 0);
      for (const block of plan.keep) {
        await copy(this.#file, block.offset, file, end, block.size);
        moved.push({ ...block, offset: end });
        end += block.size;
      }
      await file.sync();
      await this.#disk.replace(temporary, this.#path);
    } catch (cause) {
      // A failed replacement may have taken place all the same. Then the old file has no name any more, and
      // only the new one may be written on.
      if (!(await this.#disk.same(file, this.#path).catch(() => false))) {
        await file.close().catch(() => undefined);
        await this.#disk.remove(temporary).catch(() => undefined);
        throw cause;
      }
    }
    const old = this.#file;
    this.#file = file;
    this.#blocks = moved;
    this.#end = end;
    this.#base = plan.base;
    this.#ragged = false;
    await old.close().catch(() => undefined);
    return true;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #remember(block: Buffer): void {
    const header = decodeBlockHeader(block.subarray(0, blockHeaderSize));
    if (header === null) throw new Error('a block was written that cannot be read');
    const { type, rev, count, more } = header;
    this.#blocks.push({ type, rev, count, more, offset: this.#end, size: block.length });
    this.#end += block.length;
  }
}

const copy = async (
  from: DiskFile,
  start: number,
  to: DiskFile,
  target: number,
  size: number,
): Promise<void> => {
  for (let done = 0; done < size; ) {
    const part = await from.read(Math.min(mib(1), size - done), start + done);
    if (part.length === 0) throw new Error('the recording is shorter than what was written to it');
    await to.write(part, target + done);
    done += part.length;
  }
};
