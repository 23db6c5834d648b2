import fs from 'node:fs';
import { failed, ok, type Result } from '../../kernel/failure.ts';
import { type Bytes, bytes, mib } from '../../kernel/units.ts';
import { diskFailure } from './disk-failure.ts';

/** The bytes of a file as it was when it was opened. */
export interface ByteSource {
  readonly size: Bytes;
  /** May return fewer bytes at the end of the file, or when the file has shrunk since. */
  read(offset: number, length: number): Buffer;
  close(): void;
}

/** Files up to this are read at once; of larger ones only the blocks that are needed. */
const inMemory = mib(64);

export const memorySource = (data: Buffer): ByteSource => ({
  size: bytes(data.length),
  read: (offset, length) => data.subarray(offset, offset + length),
  close: () => undefined,
});

/** Reads synchronously: a block is a few dozen kilobytes, and whoever seeks waits for it anyway. */
export const openSource = (path: string, limit: Bytes = inMemory): Result<ByteSource> => {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'r');
    const stat = fs.fstatSync(fd);
    if (stat.isFile() && stat.size > limit) return ok(fileSource(fd, stat.size));
    const source = memorySource(fs.readFileSync(fd));
    fs.closeSync(fd);
    return ok(source);
  } catch (cause) {
    if (fd !== undefined) fs.closeSync(fd);
    return failed(diskFailure('open recording', path, cause));
  }
};

const fileSource = (fd: number, size: number): ByteSource => ({
  size: bytes(size),
  read: (offset, length) => {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    let read = 0;
    while (read < buffer.length) {
      const n = fs.readSync(fd, buffer, read, buffer.length - read, offset + read);
      if (n === 0) break;
      read += n;
    }
    return buffer.subarray(0, read);
  },
  close: () => fs.closeSync(fd),
});
